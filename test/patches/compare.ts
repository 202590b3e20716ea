import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePatches } from '../../src/cli/export/make-patches.ts'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import type { RunResult } from '../../src/core/inject/result.ts'
import { encodeText } from '../../src/core/text/decode.ts'
import type { SourceText } from '../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../src/core/yaml/read/split.ts'
import { patchFiles } from '../../src/report/patches.ts'
import { captureHost, folder } from '../cli/fake.ts'

/**
 * `unreadable` for what kustomize itself does not take, with or without sidecars; `read-otherwise` for what it reads as
 * other data than kubectl does (go-yaml 3 and 2 differ at the end of a text, and in a few line breaks).
 */
export type Verdict = 'same' | 'different' | 'unreadable' | 'read-otherwise' | 'failed' | 'unnamed'

const KUSTOMIZATION = 'kustomization.yaml'

function build(path: string): string | undefined {
  try {
    return execFileSync('kubectl', ['kustomize', path], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 1 << 28,
    })
  } catch {
    return undefined
  }
}

function dataOf(source: SourceText): string {
  const documents = splitDocuments(source).flatMap(readRawDocument)
  return documents
    .flatMap((doc) => ('root' in doc && doc.root !== undefined ? [JSON.stringify(doc.data)] : []))
    .join('\n---\n')
}

function isSame(one: string, other: string): boolean {
  return JSON.stringify(objects(one)) === JSON.stringify(objects(other))
}

/** The objects of a build, whatever their order. */
function objects(text: string): string[] {
  return text.split(/^---\n/m).sort()
}

/**
 * Builds the inputs of a run with its patches by kustomize, and its outputs without, and compares what comes of them.
 * @param scratch an empty folder
 */
export function comparePatches(result: RunResult, scratch: string): Verdict {
  const { patches, objects: added, diagnostics } = makePatches(result, 'kustomize')
  if (diagnostics.length > 0) return 'unnamed'
  const write = (where: string, name: string, data: string | Uint8Array): void => {
    mkdirSync(join(scratch, where), { recursive: true })
    writeFileSync(join(scratch, where, name), data)
  }
  const names = result.files.map((_, n) => `${n}.yaml`)
  for (const [n, { source, output }] of result.files.entries()) {
    write('base', names[n] as string, encodeText(source.text, source.encoding, source.bom))
    write('injected', names[n] as string, encodeText(output, source.encoding, source.bom))
  }
  for (const where of ['base', 'injected']) write(where, KUSTOMIZATION, JSON.stringify({ resources: names }))
  for (const { name, text } of patchFiles('kustomize', patches, added)) write('sidecars', name, text)
  write('patched', KUSTOMIZATION, JSON.stringify({ resources: ['../base'], components: ['../sidecars'] }))
  const patched = build(join(scratch, 'patched'))
  const injected = build(join(scratch, 'injected'))
  if (injected === undefined && build(join(scratch, 'base')) === undefined) return 'unreadable'
  if (patched !== undefined && injected !== undefined && isSame(patched, injected)) return 'same'
  // The same data as JSON, which all read alike.
  for (const [n, { source, output }] of result.files.entries()) {
    write('base-data', `${n}.yaml`, dataOf(source))
    write('injected-data', `${n}.yaml`, dataOf(source.become(output)))
  }
  for (const where of ['base', 'injected']) {
    write(`${where}-data`, KUSTOMIZATION, JSON.stringify({ resources: names }))
    const [text, data] = [where, `${where}-data`].map((one) => build(join(scratch, one)))
    if (text !== undefined && data !== undefined && !isSame(text, data)) return 'read-otherwise'
  }
  return patched === undefined || injected === undefined ? 'failed' : 'different'
}

/** Injects into a file; undefined where nothing changes or there are errors. */
export async function injectFile(name: string, bytes: Buffer, args: readonly string[]): Promise<RunResult | undefined> {
  const { host } = captureHost({ cwd: folder({ [name]: bytes }) })
  let result: RunResult | undefined
  const code = await main(['inject', name, ...args], host, async () => {
    const engine = await loadEngine()
    return { ...engine, inject: async (inputs, options) => (result = await engine.inject(inputs, options)) }
  })
  return code === 0 && result?.files.some(({ source, output }) => source.text !== output) ? result : undefined
}

/** Compares in a folder of its own, which is removed unless the results differ. */
export function compareIn(scratch: string, result: RunResult): Verdict {
  const verdict = comparePatches(result, scratch)
  if (verdict !== 'different' && verdict !== 'failed') rmSync(scratch, { recursive: true, force: true })
  return verdict
}
