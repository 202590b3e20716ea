import { INJECT_CODES } from './codes/inject.ts'
import { INPUT_CODES } from './codes/input.ts'
import { IO_CODES } from './codes/io.ts'
import { OBJECT_CODES } from './codes/objects.ts'
import { POD_CODES } from './codes/pod.ts'
import { POLICY_CODES } from './codes/policy.ts'
import { SCHEMA_CODES } from './codes/schema.ts'
import { TEMPLATE_CODES } from './codes/template.ts'
import { VALIDATION_CODES } from './codes/validation.ts'

/** What every code has: its default severity and one line of meaning for the documentation. */
export interface CodeInfo {
  severity: 'error' | 'warning' | 'info'
  meaning: string
}

const TABLES = [
  INJECT_CODES, INPUT_CODES, IO_CODES, OBJECT_CODES, POD_CODES, POLICY_CODES, SCHEMA_CODES, TEMPLATE_CODES, VALIDATION_CODES,
] as const satisfies readonly Readonly<Record<string, CodeInfo>>[]

type KeyOf<Table> = Table extends unknown ? keyof Table : never

/** Every diagnostic code of the program. Stable: a code is never renamed or given another meaning. */
export type DiagnosticCode = KeyOf<(typeof TABLES)[number]>

/** What a code has. The tables are not joined to one, which every run would pay for. */
export function codeInfo(code: DiagnosticCode): CodeInfo {
  const table: Readonly<Record<string, CodeInfo>> | undefined = TABLES.find((one) => Object.hasOwn(one, code))
  return table?.[code] as CodeInfo
}
