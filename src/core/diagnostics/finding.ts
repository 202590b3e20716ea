import type { JsonPath } from '../json/json.ts'
import type { DiagnosticCode } from './codes.ts'
import type { Severity } from './diagnostic.ts'

/** What a rule found, as plain data. Positions are looked up later from `path`. */
export interface Finding {
  code: DiagnosticCode
  /** Absent: the code's default. */
  severity?: Severity | undefined
  /** The field as the API server would name it, from the object's root; for a missing field, the field itself. */
  path: JsonPath
  /** Where to point if the API server's path is less precise or does not exist in the data. Default: `path`. */
  at?: JsonPath | undefined
  /** Whether the caret belongs under the key (a misspelt or forbidden field) or its value. Default: value. */
  on?: 'key' | 'value'
  /** One sentence in the user's terms, without the path (it is printed beside it). */
  message: string
  hint?: string | undefined
  /** The same for a hint with a command: of the file as an argument of it. */
  hintFor?: (file: string) => string
  /** A number or boolean where a text belongs: the hint says how to quote it, as written. */
  unquoted?: number | boolean
  /** An integer that its field cannot hold, as data has it: rounded beyond 2^53. The message gets it as written. */
  unfit?: { value: number; bits: '32' | '64' }
  related?: { path: JsonPath; message: string }[] | undefined
}
