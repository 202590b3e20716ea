import type { SchemaNode } from './schema-node.ts'

const NUMBER_FORMATS: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
}

/**
 * The format if it applies to the type, else an empty text.
 * Source: apiextensions-apiserver StripUnsupportedFormatsPostProcess.
 */
export function formatFault(type: string, format: string): string {
  return Object.hasOwn(NUMBER_FORMATS, type) && NUMBER_FORMATS[type]?.includes(format) ? format : ''
}

const INT32 = [-(2 ** 31), 2 ** 31 - 1] as const
/** The largest int64 is 2^63 in JavaScript, as a double cannot hold 2^63 - 1. */
const INT64 = [-(2 ** 63), 2 ** 63] as const
const MAX_FLOAT32 = 3.4028235677973366e38

/**
 * Faults of a number by `multipleOf`, `minimum`, `maximum` and, since 1.36, its format. A whole number is compared with
 * the whole part of a bound, and from 1.36 on no integer is valid by a bound with a fraction.
 * Source: kube-openapi pkg/validation/validate numberValidator, MaximumNativeType, MinimumNativeType,
 * MultipleOfNativeType, IsValueValidAgainstRange.
 */
export function numberFaults(schema: SchemaNode, format: string, value: number, minor: number): string[] {
  const type = schema.types.length === 1 && minor >= 36 ? (schema.types[0] as string) : ''
  const faults: string[] = []
  // A number that is not an int64 is not an integer, which the validation of types reports.
  if ((type !== 'integer' || fits(value, type, '')) && !fits(value, type, format))
    faults.push(`must fit into ${format === '' ? type : format}`)
  const isWhole = Number.isInteger(value)
  for (const [keyword, test] of BOUNDS) {
    const bound = schema.number(keyword)
    if (bound === undefined) continue
    // A bound of 2^63 exceeds int64, whereas a value of 2^63 stands for 2^63 - 1.
    const usable = fits(bound, type, format) && !(type === 'integer' && bound === INT64[1])
    const compared = usable && isWhole ? Math.trunc(bound) : bound
    const exclusive = schema.is(`exclusive${keyword[0]?.toUpperCase()}${keyword.slice(1)}`)
    const fault = test(value, compared, exclusive)
    if (fault !== undefined) faults.push(fault)
    else if (!usable)
      faults.push(`${keyword} ${bound} does not fit into ${format === '' ? type : format}, so no value can pass`)
  }
  return faults
}

/** Whether a value or bound is in the range of a type and format. */
function fits(value: number, type: string, format: string): boolean {
  if (type === 'integer') {
    const [least, most] = format === 'int32' ? INT32 : INT64
    return Number.isInteger(value) && value >= least && value <= most
  }
  return format !== 'float' || Math.abs(value) < MAX_FLOAT32
}

type Test = (value: number, bound: number, exclusive: boolean) => string | undefined

const BOUNDS: readonly (readonly [string, Test])[] = [
  ['multipleOf', (value, factor) => (isMultiple(value, factor) ? undefined : `must be a multiple of ${factor}`)],
  [
    'minimum',
    (value, bound, exclusive) => {
      if (exclusive) return value > bound ? undefined : `must be greater than ${bound}`
      return value >= bound ? undefined : `must be greater than or equal to ${bound}`
    },
  ],
  [
    'maximum',
    (value, bound, exclusive) => {
      if (exclusive) return value < bound ? undefined : `must be less than ${bound}`
      return value <= bound ? undefined : `must be less than or equal to ${bound}`
    },
  ],
]

/** False for every number if the factor is not positive. */
function isMultiple(value: number, factor: number): boolean {
  if (factor <= 0) return false
  return isAlmostWhole(factor < 1 ? (1 / factor) * value : value / factor)
}

/**
 * Whether a number is whole, or so little more than a positive whole number that the difference may come from rounding.
 * Source: go-openapi swag IsFloat64AJSONInteger.
 */
function isAlmostWhole(value: number): boolean {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return false
  const whole = Math.trunc(value)
  return value === whole || (whole > 0 && (value - whole) / (value + whole) < 1e-9)
}
