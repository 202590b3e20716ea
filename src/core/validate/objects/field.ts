import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { isObject, type JsonPath, type Json } from '../../json/json.ts'
import { pathOf, type PodPlace } from '../place.ts'
import type { ValidationContext } from '../rule.ts'
import type { Finding } from '../../diagnostics/finding.ts'

/** Validates the format of a text: returns one phrase per fault, none if the text is valid. */
export type Format = (value: string) => readonly string[]

type More = Omit<Finding, 'code' | 'path' | 'message'>

/**
 * One field of the object under validation: its value, its path and the way to report on it. A value of another type
 * than asked for reads as absent, since the schema reports wrong types. `null` and absent are the same, as in Go's
 * types.
 */
export class Field implements PodPlace {
  // Declared only, as V8 would otherwise initialise each field twice, and an object has dozens of these.
  declare readonly ctx: ValidationContext
  declare readonly parent: Field | undefined
  declare readonly step: string | number
  declare readonly value: Json | undefined

  constructor(ctx: ValidationContext, parent: Field | undefined, step: string | number, value: Json | undefined) {
    this.ctx = ctx
    this.parent = parent
    this.step = step
    this.value = value ?? undefined
  }

  /** The object itself. */
  static root(ctx: ValidationContext): Field {
    return new Field(ctx, undefined, '', ctx.data)
  }

  /** The same field, with another context to report to. */
  within(ctx: ValidationContext): Field {
    return new Field(ctx, this.parent, this.step, this.value)
  }

  get path(): JsonPath {
    return pathOf(this)
  }

  /** A field below this one; absent if this one is not a map. */
  get(key: string, second?: string, third?: string): Field {
    const { value } = this
    const found = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
    const below = new Field(this.ctx, this, key, found)
    return second === undefined ? below : below.get(second, third)
  }

  /** True when there is a value, whatever its type: a Go pointer that is not nil. */
  get present(): boolean {
    return this.value !== undefined
  }

  /** True when there is nothing: absent, null, or an empty text, list or map. */
  get empty(): boolean {
    const { value } = this
    if (value === undefined || value === '') return true
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0
  }

  /**
   * The text, or undefined when absent or of another type. `null` as an item of a list is an empty text, as Go
   * decodes it into a `[]string`.
   */
  get text(): string | undefined {
    if (typeof this.value === 'string') return this.value
    return this.value === undefined && typeof this.step === 'number' ? '' : undefined
  }

  /** The number, or undefined when absent or of another type; `null` as an item of a list is 0. */
  get number(): number | undefined {
    if (typeof this.value === 'number') return this.value
    return this.value === undefined && typeof this.step === 'number' ? 0 : undefined
  }

  get isTrue(): boolean {
    return this.value === true
  }

  /** True if a map has a key, whatever its value: null, too, is a value of a Go map. */
  has(key: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, key)
  }

  /** The text of an entry of a Go map of strings, empty for null; undefined without the key or for another type. */
  entryText(key: string): string | undefined {
    if (!this.has(key)) return undefined
    const entry = this.get(key)
    return entry.present ? entry.text : ''
  }

  /** The items of a list; none when absent or no list. */
  items(): Field[] {
    if (!Array.isArray(this.value)) return []
    return this.value.map((item, i) => new Field(this.ctx, this, i, item))
  }

  /** The keys of a map; none when absent or no map. */
  keys(): string[] {
    return isObject(this.value) ? Object.keys(this.value) : []
  }

  /** The entries of a map; none when absent or no map. */
  entries(): [key: string, field: Field][] {
    return this.keys().map((key) => [key, this.get(key)])
  }

  report(code: DiagnosticCode, message: string, more: More = {}): void {
    this.ctx.report({ ...more, code, path: this.path, message })
  }

  required(code: DiagnosticCode, detail = '', hint?: string): void {
    this.report(code, detail === '' ? 'Required value' : `Required value: ${detail}`, { hint })
  }

  /** Reports an absent or empty value as required. */
  nonEmpty(detail = '', hint?: string): void {
    if (this.empty) this.required('FIELD_REQUIRED', detail, hint)
  }

  /** Reports the field's value as invalid; `detail` says what it must be. */
  invalid(code: DiagnosticCode, detail: string, more: More & { shown?: Json } = {}): void {
    const { shown, ...rest } = more
    this.report(code, `Invalid value: ${show(shown === undefined ? this.value : shown)}: ${detail}`, rest)
  }

  /** Reports all faults of the value as one finding; none if there are none. */
  reportFaults(code: DiagnosticCode, faults: readonly string[], more: More & { shown?: Json } = {}): void {
    if (faults.length > 0) this.invalid(code, faults.join('; '), more)
  }

  forbidden(code: DiagnosticCode, detail: string, hint?: string): void {
    this.report(code, `Forbidden: ${detail}`, { on: 'key', hint })
  }

  duplicate(code: DiagnosticCode, shown: Json | undefined = this.value): void {
    this.report(code, `Duplicate value: ${show(shown)}`)
  }

  unsupported(code: DiagnosticCode, allowed: readonly string[], more: More & { shown?: Json } = {}): void {
    const { shown, ...rest } = more
    const list = allowed.map((value) => JSON.stringify(value)).join(', ')
    const bad = shown === undefined ? this.value : shown
    const hint = nearest(bad, allowed)
    this.report(code, `Unsupported value: ${show(bad)}: supported values: ${list}`, {
      hint: hint && `did you mean ${hint}?`,
      ...rest,
    })
  }

  /** Reports a text that is not one of those allowed. Absent and empty are not reported, as they get a default. */
  oneOf(code: DiagnosticCode, allowed: readonly string[]): void {
    if (this.text !== undefined && this.text !== '' && !allowed.includes(this.text)) this.unsupported(code, allowed)
  }

  /** `oneOf` for a pointer to a string, where an explicit empty text gets no default and is reported, too. */
  oneOfStrict(code: DiagnosticCode, allowed: readonly string[]): void {
    if (this.text !== undefined && !allowed.includes(this.text)) this.unsupported(code, allowed)
  }

  /** `oneOf`, where absent and empty are reported as required. */
  requiredOneOf(code: DiagnosticCode, allowed: readonly string[], detail = ''): void {
    if (this.empty) this.required('FIELD_REQUIRED', detail)
    else this.oneOf(code, allowed)
  }

  /** Reports a negative number. Source: apimachinery api/validation ValidateNonnegativeField. */
  nonNegative(code: DiagnosticCode): void {
    if (this.number !== undefined && this.number < 0) this.invalid(code, 'must be greater than or equal to 0')
  }

  /**
   * Reports the faults of a text, unless it is absent or empty.
   * @param hint returns what to do about such a text
   */
  format(code: DiagnosticCode, format: Format, hint?: (text: string) => string | undefined): void {
    const { text } = this
    if (text === undefined || text === '') return
    const faults = format(text)
    if (faults.length > 0) this.invalid(code, faults.join('; '), { hint: hint?.(text) })
  }

  /** `format` for a pointer to a string, where an explicit empty text is validated, too. */
  formatStrict(code: DiagnosticCode, format: Format): void {
    if (this.text !== undefined) this.reportFaults(code, format(this.text))
  }

  /** `format`, where absent and empty are reported as required. */
  requiredFormat(code: DiagnosticCode, format: Format): void {
    if (this.empty) this.required('FIELD_REQUIRED')
    else this.format(code, format)
  }
}

const SHOWN_LENGTH = 80

/** A value as messages show it: JSON on one line, cut where it is long. */
function show(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null)
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}

/** The allowed value that differs only in case or surrounding blanks. */
function nearest(value: Json | undefined, allowed: readonly string[]): string | undefined {
  if (typeof value !== 'string') return undefined
  const wanted = value.trim().toLowerCase()
  return allowed.find((candidate) => candidate !== '' && candidate.toLowerCase() === wanted)
}
