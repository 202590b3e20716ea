import {
  dns1035Label,
  dns1123Label,
  dns1123Subdomain,
  labelValue,
  maskTrailingDash,
  qualifiedName,
} from '../kube/names.ts'
import { compareQuantities, parseQuantity, type Quantity, quantitySign } from '../kube/quantity.ts'
import { matchesFormat } from '../schema/custom/formats.ts'
import type { CelFunction, FunctionTable } from './function-types.ts'
import { checkedInt } from './operators.ts'
import { CelError, CelList, CelOpaque, CelOptional, type Value } from './values.ts'

const UNIT = 1_000_000_000n

function quantityValue(quantity: Quantity): CelOpaque {
  return new CelOpaque('kubernetes.Quantity', quantity, String(quantity.nanos))
}

function readQuantity(text: string): Quantity | undefined {
  return text.trim() === text ? parseQuantity(text) : undefined
}

function quantityOf(value: Value | undefined): Quantity | undefined {
  return value instanceof CelOpaque && value.type === 'kubernetes.Quantity' ? (value.data as Quantity) : undefined
}

function ofQuantity(work: (quantity: Quantity) => Value): CelFunction {
  return ([value]) => {
    const quantity = quantityOf(value)
    return quantity && work(quantity)
  }
}

function plus(sign: 1n | -1n): CelFunction {
  return ([value, other]) => {
    const [quantity, more] = [
      quantityOf(value),
      typeof other === 'bigint' ? { nanos: other * UNIT } : quantityOf(other),
    ]
    return quantity && more && quantityValue({ nanos: quantity.nanos + sign * more.nanos })
  }
}

function isInteger({ nanos }: Quantity): boolean {
  const value = nanos / UNIT
  return nanos % UNIT === 0n && value < 2n ** 63n && value >= -(2n ** 63n)
}

interface Version {
  readonly parts: readonly bigint[]
  readonly pre: readonly string[]
}

const SEMVER =
  /^(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/

/** Source: blang/semver Parse; apiserver pkg/cel/library/semverlib.go normalizeAndParse. */
function readSemver(text: string, normalize: boolean): Version | undefined {
  const parts = SEMVER.exec(normalize ? normalized(text) : text)
  if (parts === null) return undefined
  const pre = parts[4]?.split('.') ?? []
  return pre.some((part) => /^0\d+$/.test(part))
    ? undefined
    : { parts: parts.slice(1, 4).map((part) => BigInt(part as string)), pre }
}

function normalized(text: string): string {
  const [, numbers = '', rest = ''] = /^v?([0-9.]*)([^]*)$/.exec(text) ?? []
  const parts = numbers.split('.').map((part) => part.replace(/^0+(?=\d)/, ''))
  while (parts.length < 3) parts.push('0')
  return parts.join('.') + rest
}

function compareVersions(a: Version, b: Version): number {
  for (const [i, part] of a.parts.entries()) if (part !== b.parts[i]) return part < (b.parts[i] as bigint) ? -1 : 1
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length)
  for (const [i, part] of a.pre.entries()) {
    const other = b.pre[i]
    if (other === undefined) return 1
    if (part !== other) return comparePre(part, other)
  }
  return Math.sign(a.pre.length - b.pre.length)
}

function comparePre(a: string, b: string): number {
  const [x, y] = [a, b].map((part) => /^\d+$/.test(part)) as [boolean, boolean]
  if (x && y) return BigInt(a) < BigInt(b) ? -1 : 1
  if (x !== y) return x ? -1 : 1
  return a < b ? -1 : 1
}

function semverOf(value: Value | undefined): Version | undefined {
  return value instanceof CelOpaque && value.type === 'kubernetes.Semver' ? (value.data as Version) : undefined
}

const semver: CelFunction = ([text, normalize = false]) => {
  if (typeof text !== 'string' || typeof normalize !== 'boolean') return undefined
  const version = readSemver(text, normalize)
  if (version === undefined) throw new CelError('No Major.Minor.Patch elements found')
  return new CelOpaque('kubernetes.Semver', version, JSON.stringify([version.parts.map(String), version.pre]))
}

function versionPart(index: number): CelFunction {
  return ([value]) => semverOf(value)?.parts[index]
}

/** A comparison of two quantities or two versions, whose functions have the same names. */
function compared(result: (order: number) => Value): CelFunction {
  return ([a, b]) => {
    const [quantity, other] = [quantityOf(a), quantityOf(b)]
    if (quantity !== undefined && other !== undefined) return result(compareQuantities(quantity, other))
    const [version, second] = [semverOf(a), semverOf(b)]
    return version === undefined || second === undefined ? undefined : result(compareVersions(version, second))
  }
}

type NameFormat = (text: string) => readonly string[]

const prefix =
  (format: NameFormat): NameFormat =>
  (text) =>
    format(maskTrailingDash(text))
const named =
  (format: string, fault: string): NameFormat =>
  (text) =>
    matchesFormat(format, text) ? [] : [fault]

/** Source: apiserver pkg/cel/library/format.go ConstantFormats. */
const NAME_FORMATS: Readonly<Record<string, NameFormat>> = {
  dns1123Label,
  dns1123Subdomain,
  dns1035Label,
  qualifiedName,
  labelValue,
  dns1123LabelPrefix: prefix(dns1123Label),
  dns1123SubdomainPrefix: prefix(dns1123Subdomain),
  dns1035LabelPrefix: prefix(dns1035Label),
  uri: named('uri', 'invalid URI'),
  uuid: named('uuid', 'does not match the UUID format'),
  byte: named('byte', 'invalid base64'),
  date: named('date', 'invalid date'),
  datetime: named('datetime', 'invalid datetime'),
}

const formatValue = (name: string): CelOpaque => new CelOpaque('kubernetes.NamedFormat', NAME_FORMATS[name], name)

const validate: CelFunction = ([format, text], { budget }) => {
  if (!(format instanceof CelOpaque) || format.type !== 'kubernetes.NamedFormat' || typeof text !== 'string')
    return undefined
  budget.spend(text.length >> 2)
  const faults = (format.data as NameFormat)(text)
  return new CelOptional(faults.length === 0 ? undefined : new CelList(faults))
}

/** Source: apiserver pkg/cel/library/quantity.go, semverlib.go, format.go. */
export const KUBERNETES_FUNCTIONS: FunctionTable = {
  quantity: ([text]) => {
    if (typeof text !== 'string') return undefined
    const quantity = readQuantity(text)
    if (quantity === undefined) throw new CelError('quantities must match the regular expression')
    return quantityValue(quantity)
  },
  isQuantity: ([text]) => (typeof text === 'string' ? readQuantity(text) !== undefined : undefined),
  sign: ofQuantity((quantity) => BigInt(quantitySign(quantity))),
  '.sign': ofQuantity((quantity) => BigInt(quantitySign(quantity))),
  '.isInteger': ofQuantity(isInteger),
  '.asInteger': ofQuantity((quantity) => {
    if (!isInteger(quantity)) throw new CelError('cannot convert value to integer')
    return checkedInt(quantity.nanos / UNIT)
  }),
  '.asApproximateFloat': ofQuantity(({ nanos }) => Number(nanos) / 1e9),
  '.add': plus(1n),
  '.sub': plus(-1n),
  '.isGreaterThan': compared((order) => order > 0),
  '.isLessThan': compared((order) => order < 0),
  '.compareTo': compared((order) => BigInt(Math.sign(order))),
  semver,
  isSemver: ([text, normalize = false]) =>
    typeof text === 'string' && typeof normalize === 'boolean' ? readSemver(text, normalize) !== undefined : undefined,
  '.major': versionPart(0),
  '.minor': versionPart(1),
  '.patch': versionPart(2),
  ...Object.fromEntries(
    Object.keys(NAME_FORMATS).map((name): [string, CelFunction] => [`format.${name}`, () => formatValue(name)]),
  ),
  'format.named': ([name]) =>
    typeof name === 'string'
      ? new CelOptional(Object.hasOwn(NAME_FORMATS, name) ? formatValue(name) : undefined)
      : undefined,
  '.validate': validate,
}
