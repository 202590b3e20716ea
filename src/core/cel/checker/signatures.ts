import { getOrMake } from '../../common/maps.ts'
import { type CheckedType, listOf, mapOf, optionalOf, PLAIN_KINDS, type PlainKind } from './checked-type.ts'

/** A signature of a function; the target of a member function is the first of its arguments. */
export interface Signature {
  readonly isMember: boolean
  readonly args: readonly CheckedType[]
  readonly result: CheckedType
}

const NUMERIC = 'int uint double'
const ORDERED = 'int uint double bool duration timestamp string bytes'

/** A signature for each of some types, which replaces T. */
function each(types: string, signature: string): string {
  return types
    .split(' ')
    .map((type) => signature.replaceAll('T', type))
    .join('; ')
}

const COMPARED = [
  '(bool, bool) bool',
  ...['int', 'uint', 'double'].map((type) => each(NUMERIC, `(${type}, T) bool`)),
  each('string bytes timestamp duration', '(T, T) bool'),
].join('; ')

const TIME_PART = 'timestamp.() int; timestamp.(string) int'
const TIME_OR_DURATION_PART = `${TIME_PART}; duration.() int`
const QUANTITY = 'kubernetes.Quantity'
const SEMVER = 'kubernetes.Semver'
const AUTHORIZATION = 'kubernetes.authorization'
const RESOURCE = `${AUTHORIZATION}.ResourceCheck`
const RESOURCE_PART = `${RESOURCE}.(string) ${RESOURCE}`
const QUANTITY_PLUS = `${QUANTITY}.(${QUANTITY}) ${QUANTITY}; ${QUANTITY}.(int) ${QUANTITY}`

/**
 * The functions of CEL in Kubernetes, as `(arguments) result` and `target.(arguments) result`; capital letters are type
 * parameters. The order of signatures counts where a type is not known.
 * Source: cel-go common/stdlib/standard.go, cel/library.go and ext, apiserver pkg/cel/library.
 */
const SIGNATURES: Readonly<Record<string, string>> = {
  '!_': '(bool) bool',
  '-_': '(double) double; (int) int',
  '@in': '(A, list(A)) bool; (A, map(A, B)) bool',
  '@not_strictly_false': '(bool) bool',
  '@sortByAssociatedKeys': each(ORDERED, 'list(A).(list(T)) list(A)'),
  '_!=_': '(A, A) bool',
  '_%_': '(int, int) int; (uint, uint) uint',
  '_*_': each('double int uint', '(T, T) T'),
  '_+_': [
    each('bytes double duration', '(T, T) T'),
    '(duration, timestamp) timestamp; (timestamp, duration) timestamp; (int, int) int; (list(A), list(A)) list(A)',
    each('string uint', '(T, T) T'),
  ].join('; '),
  '_-_': [
    each('double duration int', '(T, T) T'),
    '(timestamp, duration) timestamp; (timestamp, timestamp) duration; (uint, uint) uint',
  ].join('; '),
  '_/_': each('double int uint', '(T, T) T'),
  '_<=_': COMPARED,
  '_<_': COMPARED,
  '_==_': '(A, A) bool',
  '_>=_': COMPARED,
  '_>_': COMPARED,
  '_?_:_': '(bool, A, A) A',
  '_[?_]':
    '(list(V), int) optional(V); (optional(list(V)), int) optional(V); (map(K, V), K) optional(V); (optional(map(K, V)), K) optional(V)',
  '_[_]':
    '(list(A), int) A; (map(A, B), A) B; (optional(list(V)), int) optional(V); (optional(map(K, V)), K) optional(V)',
  add: QUANTITY_PLUS,
  allowed: `${AUTHORIZATION}.Decision.() bool`,
  asApproximateFloat: `${QUANTITY}.() double`,
  asInteger: `${QUANTITY}.() int`,
  bool: '(bool) bool; (string) bool',
  bytes: '(bytes) bytes; (string) bytes',
  'cel.@mapInsert': '(map(K, V), K, V) map(K, V); (map(K, V), map(K, V)) map(K, V)',
  charAt: 'string.(int) string',
  check: each(`${AUTHORIZATION}.PathCheck ${RESOURCE}`, `T.(string) ${AUTHORIZATION}.Decision`),
  cidr: '(string) net.CIDR',
  compareTo: each(`${QUANTITY} ${SEMVER}`, 'T.(T) int'),
  contains: 'string.(string) bool',
  containsCIDR: 'net.CIDR.(string) bool; net.CIDR.(net.CIDR) bool',
  containsIP: 'net.CIDR.(string) bool; net.CIDR.(net.IP) bool',
  distinct: 'list(A).() list(A)',
  double: each('double int string uint', '(T) double'),
  duration: each('duration int string', '(T) duration'),
  dyn: '(A) dyn',
  endsWith: 'string.(string) bool',
  error: `${AUTHORIZATION}.Decision.() string`,
  errored: `${AUTHORIZATION}.Decision.() bool`,
  family: 'net.IP.() int',
  fieldSelector: RESOURCE_PART,
  find: 'string.(string) string',
  findAll: 'string.(string) list(string); string.(string, int) list(string)',
  first: 'list(V).() optional(V)',
  flatten: 'list(list(A)).() list(A); list(dyn).(int) list(dyn)',
  format: 'string.(list(dyn)) string',
  'format.byte': '() kubernetes.NamedFormat',
  'format.date': '() kubernetes.NamedFormat',
  'format.datetime': '() kubernetes.NamedFormat',
  'format.dns1035Label': '() kubernetes.NamedFormat',
  'format.dns1035LabelPrefix': '() kubernetes.NamedFormat',
  'format.dns1123Label': '() kubernetes.NamedFormat',
  'format.dns1123LabelPrefix': '() kubernetes.NamedFormat',
  'format.dns1123Subdomain': '() kubernetes.NamedFormat',
  'format.dns1123SubdomainPrefix': '() kubernetes.NamedFormat',
  'format.labelValue': '() kubernetes.NamedFormat',
  'format.named': '(string) optional(kubernetes.NamedFormat)',
  'format.qualifiedName': '() kubernetes.NamedFormat',
  'format.uri': '() kubernetes.NamedFormat',
  'format.uuid': '() kubernetes.NamedFormat',
  getDate: TIME_PART,
  getDayOfMonth: TIME_PART,
  getDayOfWeek: TIME_PART,
  getDayOfYear: TIME_PART,
  getEscapedPath: 'kubernetes.URL.() string',
  getFullYear: TIME_PART,
  getHost: 'kubernetes.URL.() string',
  getHostname: 'kubernetes.URL.() string',
  getHours: TIME_OR_DURATION_PART,
  getMilliseconds: TIME_OR_DURATION_PART,
  getMinutes: TIME_OR_DURATION_PART,
  getMonth: TIME_PART,
  getPort: 'kubernetes.URL.() string',
  getQuery: 'kubernetes.URL.() map(string, list(string))',
  getScheme: 'kubernetes.URL.() string',
  getSeconds: TIME_OR_DURATION_PART,
  group: `${AUTHORIZATION}.Authorizer.(string) ${AUTHORIZATION}.GroupCheck`,
  hasValue: 'optional(V).() bool',
  indexOf: 'list(A).(A) int; string.(string) int; string.(string, int) int',
  int: each('int double duration string timestamp uint', '(T) int'),
  ip: '(string) net.IP; net.CIDR.() net.IP',
  'ip.isCanonical': '(string) bool',
  isCIDR: '(string) bool',
  isGlobalUnicast: 'net.IP.() bool',
  isGreaterThan: each(`${QUANTITY} ${SEMVER}`, 'T.(T) bool'),
  isIP: '(string) bool',
  isInteger: `${QUANTITY}.() bool`,
  isLessThan: each(`${QUANTITY} ${SEMVER}`, 'T.(T) bool'),
  isLinkLocalMulticast: 'net.IP.() bool',
  isLinkLocalUnicast: 'net.IP.() bool',
  isLoopback: 'net.IP.() bool',
  isQuantity: '(string) bool',
  isSemver: '(string) bool; (string, bool) bool',
  isSorted: each(ORDERED, 'list(T).() bool'),
  isURL: '(string) bool',
  isUnspecified: 'net.IP.() bool',
  join: 'list(string).() string; list(string).(string) string',
  'jsonpatch.escapeKey': '(string) string',
  labelSelector: RESOURCE_PART,
  last: 'list(V).() optional(V)',
  lastIndexOf: 'list(A).(A) int; string.(string) int; string.(string, int) int',
  'lists.range': '(int) list(int)',
  lowerAscii: 'string.() string',
  major: `${SEMVER}.() int`,
  masked: 'net.CIDR.() net.CIDR',
  matches: '(string, string) bool; string.(string) bool',
  max: each(ORDERED, 'list(T).() T'),
  min: each(ORDERED, 'list(T).() T'),
  minor: `${SEMVER}.() int`,
  name: RESOURCE_PART,
  namespace: RESOURCE_PART,
  'optional.none': '() optional(V)',
  'optional.of': '(V) optional(V)',
  'optional.ofNonZeroValue': '(V) optional(V)',
  'optional.unwrap': '(list(optional(V))) list(V)',
  or: 'optional(V).(optional(V)) optional(V)',
  orValue: 'optional(V).(V) V',
  patch: `${SEMVER}.() int`,
  path: `${AUTHORIZATION}.Authorizer.(string) ${AUTHORIZATION}.PathCheck`,
  prefixLength: 'net.CIDR.() int',
  quantity: `(string) ${QUANTITY}`,
  reason: `${AUTHORIZATION}.Decision.() string`,
  replace: 'string.(string, string) string; string.(string, string, int) string',
  resource: `${AUTHORIZATION}.GroupCheck.(string) ${RESOURCE}`,
  reverse: 'list(A).() list(A)',
  semver: `(string) ${SEMVER}; (string, bool) ${SEMVER}`,
  serviceAccount: `${AUTHORIZATION}.Authorizer.(string, string) ${AUTHORIZATION}.Authorizer`,
  'sets.contains': '(list(A), list(A)) bool',
  'sets.equivalent': '(list(A), list(A)) bool',
  'sets.intersects': '(list(A), list(A)) bool',
  sign: `(${QUANTITY}) int`,
  size: each('bytes list(A) map(A,B) string', '(T) int; T.() int'),
  slice: 'list(A).(int, int) list(A)',
  sort: each(ORDERED, 'list(T).() list(T)'),
  split: 'string.(string) list(string); string.(string, int) list(string)',
  startsWith: 'string.(string) bool',
  string: each('string bool bytes double duration int timestamp uint net.IP net.CIDR', '(T) string'),
  'strings.quote': '(string) string',
  sub: QUANTITY_PLUS,
  subresource: RESOURCE_PART,
  substring: 'string.(int) string; string.(int, int) string',
  sum: each(`${NUMERIC} duration`, 'list(T).() T'),
  timestamp: each('timestamp int string', '(T) timestamp'),
  trim: 'string.() string',
  type: '(A) type',
  uint: each('uint double int string', '(T) uint'),
  unwrapOpt: 'list(optional(V)).() list(V)',
  upperAscii: 'string.() string',
  url: '(string) kubernetes.URL',
  validate: 'kubernetes.NamedFormat.(string) optional(list(string))',
  value: 'optional(V).() V',
}

const parsed = new Map<string, readonly Signature[]>()

/** Functions of versions. Selectors of devices have them in every version, at first without a second argument. */
const SEMVER_FUNCTIONS = /^(?:semver|isSemver|major|minor|patch)$/
const SEMVER_SINCE = 34

/**
 * The first minor versions of Kubernetes in which new expressions may use a function: one after the version that
 * introduced it, so that the version before can still evaluate them.
 * Source: apiserver pkg/cel/environment/base.go.
 */
const SINCE: readonly (readonly [names: RegExp, minor: number])[] = [
  [/^(?:format\.|(?:validate|fieldSelector|labelSelector)$)/, 32],
  [/^(?:first|last|unwrapOpt|optional\.unwrap|cel\.@mapInsert)$/, 33],
  [SEMVER_FUNCTIONS, SEMVER_SINCE],
  [/^(?:slice|flatten|distinct|reverse|sort|@sortByAssociatedKeys|lists\.range)$/, 35],
]

/**
 * The signatures of a function by its name; undefined if a minor version of Kubernetes does not have it.
 * Source for selectors: dynamic-resource-allocation cel/compile.go newCompiler.
 *
 * @param isSelector whether the expression selects devices
 */
export function signaturesOf(name: string, minor: number, isSelector = false): readonly Signature[] | undefined {
  if (!Object.hasOwn(SIGNATURES, name)) return undefined
  const isFirst = isSelector && minor < SEMVER_SINCE && SEMVER_FUNCTIONS.test(name)
  if (!isFirst && SINCE.some(([names, since]) => minor < since && names.test(name))) return undefined
  const known = getOrMake(parsed, name, () => (SIGNATURES[name] as string).split('; ').map(parseSignature))
  return isFirst ? known.filter(({ args }) => args.length === 1) : known
}

function parseSignature(text: string): Signature {
  const reader = new TypeReader(text)
  const target = text.startsWith('(') ? undefined : reader.type()
  const args = reader.list()
  return {
    isMember: target !== undefined,
    args: target === undefined ? args : [target, ...args],
    result: reader.type(),
  }
}

/** Reads `map(string, list(A))`; a type ends before a dot that a parenthesis follows. */
class TypeReader {
  readonly #tokens: string[]

  constructor(text: string) {
    this.#tokens = text.match(/[A-Za-z]+(?:\.[A-Za-z]+)*|[()]/g) ?? []
  }

  type(): CheckedType {
    const name = this.#tokens.shift() as string
    if (/^[A-Z]$/.test(name)) return { kind: 'param', id: name }
    if (isPlain(name)) return { kind: name }
    const [first, second] = ['list', 'map', 'optional'].includes(name) ? this.list() : []
    if (name === 'list') return listOf(first as CheckedType)
    if (name === 'map') return mapOf(first as CheckedType, second as CheckedType)
    if (name === 'optional') return optionalOf(first as CheckedType)
    return name.startsWith('net.') ? { kind: 'opaque', name, params: [] } : { kind: 'struct', name }
  }

  list(): CheckedType[] {
    const types: CheckedType[] = []
    this.#tokens.shift()
    while (this.#tokens[0] !== ')') types.push(this.type())
    this.#tokens.shift()
    return types
  }
}

function isPlain(name: string): name is PlainKind {
  return (PLAIN_KINDS as readonly string[]).includes(name)
}
