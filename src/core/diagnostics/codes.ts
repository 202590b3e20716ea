import type { CodeInfo } from './codes/code.ts'
import { injectCodes } from './codes/inject.ts'
import { inputCodes } from './codes/input.ts'
import { ioCodes } from './codes/io.ts'
import { objectCodes } from './codes/objects.ts'
import { podCodes } from './codes/pod.ts'
import { policyCodes } from './codes/policy.ts'
import { schemaCodes } from './codes/schema.ts'
import { templateCodes } from './codes/template.ts'
import { validationCodes } from './codes/validation.ts'

type Table = Readonly<Record<string, CodeInfo>>

/** Created on first use: a run without diagnostics needs none of them. */
const TABLES = [
  injectCodes,
  inputCodes,
  ioCodes,
  objectCodes,
  podCodes,
  policyCodes,
  schemaCodes,
  templateCodes,
  validationCodes,
] as const satisfies readonly (() => Table)[]

type KeyOf<Make> = Make extends () => infer Made ? keyof Made : never

/** Every diagnostic code of the program. Stable: a code is never renamed or given another meaning. */
export type DiagnosticCode = KeyOf<(typeof TABLES)[number]>

let tables: readonly Table[] | undefined

/** Severity and meaning of a code. */
export function codeInfo(code: DiagnosticCode): CodeInfo {
  tables ??= TABLES.map((make) => make())
  return tables.find((table) => Object.hasOwn(table, code))?.[code] as CodeInfo
}
