// Lets Node import TypeScript, which Node 20 cannot by itself: `node --import ./test/tools/ts-loader.mjs FILE.ts`.
import { transform } from 'esbuild'
import { readFile } from 'node:fs/promises'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'

// Node runs the hook below in a thread of its own, into which it imports this file once more.
if (isMainThread) register(import.meta.url)

/** The hook of Node that gives the text of a module. */
export async function load(url, context, nextLoad) {
  // vitest imports files with a query.
  if (!/^file:[^?]*\.ts(?:\?|$)/.test(url)) return await nextLoad(url, context)
  const sourcefile = fileURLToPath(url)
  const text = await readFile(sourcefile, 'utf8')
  const { code } = await transform(text, { loader: 'ts', format: 'esm', sourcemap: 'inline', sourcefile })
  return { format: 'module', source: code, shortCircuit: true }
}
