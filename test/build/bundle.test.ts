import type { Metafile } from 'esbuild'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { expect, it } from 'vitest'
import { bundleProgram } from '../../src/build/bundle.mjs'
import { folder } from '../cli/fake.ts'

let made: Promise<Record<string, Metafile>> | undefined

/** What is in the parts of the program, which are made once for all tests. */
async function bundled(): Promise<Record<string, Metafile>> {
  made ??= bundleProgram(folder())
  return await made
}

it('every module of the program is in one of its parts, and what others need of it they take from there', async () => {
  const parts = Object.entries(await bundled()).map(([part, { inputs }]) => [part, Object.keys(inputs)] as const)
  const { main, edit, kinds, custom, yaml, template, rest } = Object.fromEntries(parts)
  expect(main).toContain('src/cli/main.ts')
  expect(main).toContain('src/core/diagnostics/diagnostic.ts')
  expect(main).toContain('on-call:src/cli/edit-manifests.ts')
  expect(edit).toContain('src/core/patch/document-editor.ts')
  expect(edit).toContain('taken:src/core/diagnostics/diagnostic.ts')
  expect(kinds).toContain('src/core/validate/objects/network/service.ts')
  expect(kinds).toContain('taken:src/core/validate/objects/lists.ts')
  expect(custom).toContain('src/core/cel/compile.ts')
  expect(yaml).toContain('src/core/yaml/read/scanner.ts')
  expect(template).toContain('src/core/template/template-validator.ts')
  expect(rest).toContain('src/core/selection/read-policy.ts')
  expect(rest).toContain('src/core/inject/limit-ranges.ts')
  // Of a part that is there before it, or of the main part.
  expect(rest).toContain('taken:src/core/diagnostics/diagnostic.ts')
  expect(rest).toContain('taken:src/core/yaml/edit/editor.ts')
  const all = parts
    .flatMap(([, names]) => names)
    .filter((name) => name.startsWith('src/') || name.startsWith('node_modules/'))
  // A function without state, which the validators of two formats have.
  const twice = 'node_modules/ajv/dist/runtime/ucs2length.js'
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([twice])
  expect(main!.filter((name) => /node_modules\/(?:ajv|diff)\//.test(name))).toEqual([])
})

it('nothing needs ajv at run time, and the code made from our schemas is of a size', async () => {
  const parts = Object.values(await bundled())
  const importers = parts.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(
      ([name, { imports }]) =>
        !name.includes('node_modules/') &&
        imports.some(({ path }) => /node_modules\/ajv\/dist\/(?!runtime\/)/.test(path)),
    ),
  )
  expect(importers.map(([name]) => name)).toEqual([])
  const outputs = parts.flatMap((part) => Object.values(part.outputs))
  const sizes = ['template/template', 'selection/policy'].map((format) =>
    outputs.reduce((sum, { inputs }) => sum + (inputs[`src/core/${format}-validator.ts`]?.bytesInOutput ?? 0), 0),
  )
  expect(Math.min(...sizes)).toBeGreaterThan(0)
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(170_000)
})

it('what is loaded when it is called exports functions alone', async () => {
  const onCall = Object.values(await bundled()).flatMap(({ inputs }) =>
    Object.keys(inputs).flatMap((name) => (name.startsWith('on-call:') ? name.slice(8) : [])),
  )
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
