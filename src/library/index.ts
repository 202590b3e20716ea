import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as core from './core.ts'
import type { Check, Explain, Inject, TextFile, Uninject, Validate } from './types.ts'

export type * from './types.ts'

/** The package's own files, from `dist/library/`. */
const PACKAGE = new URL('../../', import.meta.url)

const parsed = new Map<string, unknown>()

function schemas(path: string): unknown {
  if (!parsed.has(path)) parsed.set(path, JSON.parse(readFileSync(new URL(`dist/schemas/${path}`, PACKAGE), 'utf8')))
  return parsed.get(path)
}

let templates: readonly TextFile[] | undefined

function builtins(): readonly TextFile[] {
  const folder = fileURLToPath(new URL('templates', PACKAGE))
  templates ??= readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }))
  return templates
}

/** Options with the templates and schemas of the package, unless others are given. */
function complete<T extends object | undefined>(options: T): T {
  return isMap(options) ? ({ builtins: builtins(), schemas, ...options } as T) : options
}

function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Adds sidecars to manifests. Bad input gives diagnostics, never an exception. */
export const inject: Inject = async (input, options = {}) => await core.inject(input, complete(options))

/** Removes the named sidecars from manifests, or all; the original text comes back. */
export const uninject: Uninject = async (input, options = {}) => await core.uninject(input, complete(options))

/** Reports workloads that `inject` would change, without changing them. */
export const check: Check = async (input, options = {}) => await core.check(input, complete(options))

/** Explains for every workload which option, annotation or rule decided, and where each field comes from. */
export const explain: Explain = async (input, options = {}) => await core.explain(input, complete(options))

/** Validates manifests as the API server would when they are applied. */
export const validate: Validate = async (input, options = {}) =>
  await core.validate(input, isMap(options) ? { schemas, ...options } : options)
