import { expect, it } from 'vitest'
import { bundleProgram } from '../../src/build/bundle.mjs'
import { folder } from '../cli/fake.ts'

it('every module of the program is in one of its parts, and what is asked for on demand is in the rest', async () => {
  const [main = [], rest = []] = (await bundleProgram(folder())).map(({ inputs }) => Object.keys(inputs))
  expect(main).toContain('src/cli/main.ts')
  expect(main).toContain('src/core/diagnostic.ts')
  expect(rest).toContain('src/core/policy/read.ts')
  // What the rest needs of the main part, it is handed.
  expect(rest).toContain('main:src/core/diagnostic.ts')
  expect(main.filter((name) => rest.includes(name))).toEqual([])
  expect(main.filter((name) => /node_modules\/(?:ajv|diff)\//.test(name))).toEqual([])
})
