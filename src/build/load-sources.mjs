// Runs parts of the program at build time, from their TypeScript sources.
import { build } from 'esbuild'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * What a small module exports, bundled into a folder of its own so that Node can run it.
 * @param {string} root the project's folder
 * @param {string} contents source text of the module
 */
export async function loadSources(root, contents) {
  const folder = mkdtempSync(join(tmpdir(), 'sidecarctl-build-'))
  try {
    const outfile = join(folder, 'sources.mjs')
    await build({
      stdin: { contents, resolveDir: root },
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['ajv'],
      logLevel: 'warning',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
