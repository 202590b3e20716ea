import type { CallContext, CelFunction, FunctionTable } from './function-types.ts'
import { codePoints } from './functions-convert.ts'
import { format } from './functions-format.ts'
import { CelError, CelList, CelNotChecked, type Value } from './values.ts'

/** A function of texts and ints, which costs steps in proportion to the length of the texts. */
function ofText(work: (texts: readonly string[], numbers: readonly number[]) => Value | undefined): CelFunction {
  return (args, { budget }) => {
    const texts: string[] = []
    const numbers: number[] = []
    for (const arg of args) {
      if (typeof arg === 'string') texts.push(arg)
      else if (typeof arg === 'bigint') numbers.push(Number(arg))
      else return undefined
    }
    budget.spend(texts.reduce((sum, text) => sum + (text.length >> 2), 0))
    return work(texts, numbers)
  }
}

function outOfRange(index: number): CelError {
  return new CelError(`index out of range: ${index}`)
}

function indexOf(text: string, part: string, from: number | undefined): bigint {
  const [all, sought] = [codePoints(text), codePoints(part)]
  if (from !== undefined && sought.length === 0) return BigInt(from)
  if (from !== undefined && (from < 0 || from >= all.length)) throw outOfRange(from)
  if (all.length === text.length) return BigInt(text.indexOf(part, from ?? 0))
  const start = all.slice(0, from ?? 0).join('').length
  const at = text.indexOf(part, start)
  return at < 0 ? -1n : BigInt(codePoints(text.slice(0, at)).length)
}

function lastIndexOf(text: string, part: string, from: number | undefined): bigint {
  const all = codePoints(text)
  if (from !== undefined && part === '') return BigInt(from)
  if (from !== undefined && (from < 0 || from >= all.length)) throw outOfRange(from)
  const start = from === undefined ? Infinity : all.slice(0, from).join('').length
  const at = text.lastIndexOf(part, start)
  return at < 0 ? -1n : BigInt(codePoints(text.slice(0, at)).length)
}

function substring(text: string, start: number, end: number | undefined): string {
  const all = codePoints(text)
  const stop = end ?? all.length
  if (start < 0 || start > all.length) throw outOfRange(start)
  if (stop < start || stop > all.length) throw outOfRange(stop)
  return all.slice(start, stop).join('')
}

function replace(text: string, from: string, to: string, count: number | undefined): Value {
  const limit = count === undefined || count < 0 ? Infinity : count
  if (limit === 0) return text
  const parts = from === '' ? ['', ...codePoints(text)] : text.split(from)
  if (from === '') parts.push('')
  const kept = limit + 1 < parts.length ? [...parts.slice(0, limit), parts.slice(limit).join(from)] : parts
  if (kept.length * to.length > 1_000_000) throw new CelNotChecked('it makes a very long text')
  return kept.join(to)
}

function split(text: string, separator: string, count: number | undefined): CelList {
  const parts = separator === '' ? codePoints(text) : text.split(separator)
  if (count === undefined || count < 0 || parts.length <= count) return new CelList(parts)
  if (count === 0) return new CelList([])
  return new CelList([...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)])
}

const join: CelFunction = ([list, separator = ''], { budget }) => {
  if (!(list instanceof CelList) || typeof separator !== 'string') return undefined
  const texts = list.items.filter((item) => typeof item === 'string')
  if (texts.length < list.items.length) return undefined
  budget.spend(texts.reduce((sum, text) => sum + text.length + separator.length, 0) >> 2)
  return texts.join(separator)
}

const ASCII_UPPER = (text: string): string => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())
const ASCII_LOWER = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

/** Compiles a pattern of RE2 and charges the steps of running it on a text. */
function withPattern(text: string, source: string, { budget, compilePattern }: CallContext) {
  const pattern = compilePattern(source)
  if ('problem' in pattern) {
    if (pattern.isLimit === true) throw new CelNotChecked(`a pattern cannot be used: ${pattern.problem}`)
    throw new CelError(`error parsing regexp: ${pattern.problem}`)
  }
  if (text.length > pattern.maxLength) throw new CelNotChecked('a text is too long for its pattern')
  budget.spend(Math.ceil((STEPS_OF_LONGEST * (text.length + 1)) / (pattern.maxLength + 1)))
  return pattern
}

/**
 * The steps charged for the longest text that a pattern accepts, which takes about a second; a step is about a tenth of
 * a microsecond.
 */
const STEPS_OF_LONGEST = 5_000_000

const matches: CelFunction = ([text, source], context) => {
  if (typeof text !== 'string' || typeof source !== 'string') return undefined
  return withPattern(text, source, context).test(text)
}

const ESCAPES = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
])

/** Source: cel-go ext/strings.go quote. */
function quote(text: string): string {
  return `"${Array.from(text, (char) => ESCAPES.get(char) ?? char).join('')}"`
}

/** Functions of texts. Source: cel-spec; cel-go ext/strings.go (version 2); apiserver pkg/cel/library/regex.go. */
export const TEXT_FUNCTIONS: FunctionTable = {
  '.contains': ofText(([text, part]) => (part === undefined ? undefined : text?.includes(part))),
  '.startsWith': ofText(([text, part]) => (part === undefined ? undefined : text?.startsWith(part))),
  '.endsWith': ofText(([text, part]) => (part === undefined ? undefined : text?.endsWith(part))),
  matches,
  '.matches': matches,
  '.find': ([text, source], context) => {
    if (typeof text !== 'string' || typeof source !== 'string') return undefined
    return withPattern(text, source, context).find(text, 1)[0] ?? ''
  },
  '.findAll': ([text, source, count = -1n], context) => {
    if (typeof text !== 'string' || typeof source !== 'string' || typeof count !== 'bigint') return undefined
    return new CelList(withPattern(text, source, context).find(text, count < 0n ? Infinity : Number(count)))
  },
  '.charAt': ofText(([text = ''], [at]) => {
    const all = codePoints(text)
    if (at === undefined) return undefined
    if (at < 0 || at > all.length) throw outOfRange(at)
    return all[at] ?? ''
  }),
  '.substring': ofText(([text = ''], [start, end]) => (start === undefined ? undefined : substring(text, start, end))),
  '.lowerAscii': ofText(([text]) => text && ASCII_LOWER(text)),
  '.upperAscii': ofText(([text]) => text && ASCII_UPPER(text)),
  // Go does not count U+FEFF as white space, but U+0085.
  '.trim': ofText(([text]) => text?.replaceAll(/^(?:(?!\ufeff)[\s\u0085])+|(?:(?!\ufeff)[\s\u0085])+$/g, '')),
  // Source: apiserver pkg/cel/library/jsonpatch.go.
  'jsonpatch.escapeKey': ([key]) =>
    typeof key === 'string' ? key.replaceAll('~', '~0').replaceAll('/', '~1') : undefined,
  '.replace': ofText(([text, from, to], [count]) =>
    text === undefined || from === undefined || to === undefined ? undefined : replace(text, from, to, count),
  ),
  '.split': ofText(([text, separator], [count]) =>
    text === undefined || separator === undefined ? undefined : split(text, separator, count),
  ),
  '.join': join,
  '.format': format,
  'strings.quote': ofText(([text]) => (text === undefined ? undefined : quote(text))),
}

/** `indexOf` and `lastIndexOf` of a text; lists have functions of the same names. */
export const TEXT_INDEX: FunctionTable = {
  '.indexOf': ofText(([text, part], [from]) =>
    text === undefined || part === undefined ? undefined : indexOf(text, part, from),
  ),
  '.lastIndexOf': ofText(([text, part], [from]) =>
    text === undefined || part === undefined ? undefined : lastIndexOf(text, part, from),
  ),
}
