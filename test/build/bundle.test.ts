import type { Metafile } from 'esbuild'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { bundleProgram } from '../../src/build/bundle.mjs'
import { folder } from '../cli/fake.ts'

let made: Promise<Metafile[]> | undefined

/** What is in the parts of the program, which are made once for all tests. */
async function bundled(): Promise<Metafile[]> {
  made ??= bundleProgram(folder())
  return await made
}

it('every module of the program is in one of its parts, and what is asked for on demand is in the rest', async () => {
  const [main = [], kinds = [], rest = []] = (await bundled()).map(({ inputs }) => Object.keys(inputs))
  expect(main).toContain('src/cli/main.ts')
  expect(main).toContain('src/core/diagnostics/diagnostic.ts')
  expect(rest).toContain('src/core/selection/read-policy.ts')
  // What the rest needs of the main part, it is handed.
  expect(rest).toContain('main:src/core/diagnostics/diagnostic.ts')
  expect(kinds).toContain('src/core/validate/objects/network/service.ts')
  expect(kinds).toContain('main:src/core/validate/objects/lists.ts')
  const all = [...main, ...kinds, ...rest].filter((name) => name.startsWith('src/') || name.startsWith('node_modules/'))
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([])
  expect(main.filter((name) => /node_modules\/(?:ajv|diff)\//.test(name))).toEqual([])
})

it('nothing needs ajv at run time, and the code made from our schemas is of a size', async () => {
  const [, , rest] = await bundled()
  const importers = Object.entries(rest!.inputs).filter(
    ([name, { imports }]) =>
      !name.includes('node_modules/') &&
      imports.some(({ path }) => /node_modules\/ajv\/dist\/(?!runtime\/)/.test(path)),
  )
  expect(importers.map(([name]) => name)).toEqual([])
  const [{ inputs }] = Object.values(rest!.outputs) as [Metafile['outputs'][string]]
  const sizes = ['template/template', 'selection/policy'].map(
    (format) => inputs[`src/core/${format}-validator.ts`]?.bytesInOutput ?? 0,
  )
  expect(Math.min(...sizes)).toBeGreaterThan(0)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(170_000)
})

it('what is loaded when it is called exports functions alone', async () => {
  const [main] = await bundled()
  const onCall = Object.keys(main!.inputs).flatMap((name) => (name.startsWith('on-call:') ? name.slice(8) : []))
  expect(onCall).toContain('src/core/validate/objects/config/config.ts')
  for (const name of onCall) {
    const exported: Record<string, unknown> = await import(/* @vite-ignore */ `../../${name}`)
    expect(Object.entries(exported).filter(([, value]) => typeof value !== 'function')).toEqual([])
  }
})

it('the program reads each file of its parts into the same 4 MiB', () => {
  expect(readFileSync('bin/sidecarctl.js', 'utf8')).toContain('allocUnsafeSlow(1 << 22)')
  const sizes = readdirSync('dist').flatMap((name) =>
    /\.c(?:js|ache)$/.test(name) ? statSync(`dist/${name}`).size : [],
  )
  expect(sizes.length).toBeGreaterThanOrEqual(6)
  expect(Math.max(...sizes)).toBeLessThan(1 << 22)
})
