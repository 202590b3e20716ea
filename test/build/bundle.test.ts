import type { Metafile } from 'esbuild'
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
  const [main = [], rest = []] = (await bundled()).map(({ inputs }) => Object.keys(inputs))
  expect(main).toContain('src/cli/main.ts')
  expect(main).toContain('src/core/diagnostics/diagnostic.ts')
  expect(rest).toContain('src/core/selection/read-policy.ts')
  // What the rest needs of the main part, it is handed.
  expect(rest).toContain('main:src/core/diagnostics/diagnostic.ts')
  expect(main.filter((name) => rest.includes(name))).toEqual([])
  expect(main.filter((name) => /node_modules\/(?:ajv|diff)\//.test(name))).toEqual([])
})

it('nothing needs ajv at run time, and the code made from our schemas is of a size', async () => {
  const [, rest] = await bundled()
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
