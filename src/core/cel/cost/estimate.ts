import { getOrMake } from '../../common/maps.ts'
import {
  type Call,
  type CallCost,
  costOfCall,
  CREATE_LIST,
  CREATE_MAP,
  CREATE_MESSAGE,
  type Operand,
} from './call-costs.ts'
import { type CheckedType, type DeclaredType, paramsOf, unwrapOptional } from '../checker/checked-type.ts'
import { type CallNode, type CelNode, type FoldNode, isBind, RESULT } from '../checker/expand.ts'
import { eitherSize, fixed, larger, plus, type Size, sum, times, UNBOUNDED, UNKNOWN_SIZE } from './sizes.ts'
import { SlicePath } from './slice-path.ts'

/**
 * The most that an expression can cost, in units of CEL, as the API server estimates it. Before Kubernetes 1.33 (cel-go
 * 0.23) the estimate does not know the sizes of items in list and map literals, nor of the names in macros.
 * Source: cel-go checker/cost.go; apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go sizeEstimator.
 *
 * @param node an expression whose types have been checked
 * @param self what is declared of the variable: for a rule, of the value of its schema
 * @param minor the minor version of Kubernetes
 * @param variable the one whose sizes are known; absent for rules, where every path is taken for one of `self`
 */
export function estimateCost(node: CelNode, self: DeclaredType, minor: number, variable?: string): bigint {
  return new CostEstimator(self, minor < KNOWS_LOCALS, variable).cost(node)
}

/** The first minor version of Kubernetes whose estimate knows the names in macros. */
const KNOWS_LOCALS = 33

/** The sizes of the keys or indexes, and of the items, of a list or map. */
interface EntrySize {
  readonly container: 'list' | 'map'
  readonly key: Size
  readonly value: Size
}

/** What is known of a name in a macro. */
interface LocalName {
  readonly path: SlicePath | undefined
  readonly size: Size | undefined
  readonly entry: EntrySize | undefined
  /** The range of the macro; set before 1.33 only. */
  readonly range?: CelNode
}

const NAME = 1n

/** Steps of paths to the items, values, keys and indices of a list or map. */
const ITEMS = '@items'
const VALUES = '@values'
const KEYS = '@keys'
const INDICES = '@indices'

class CostEstimator {
  readonly #root: DeclaredType
  readonly #isEarlier: boolean
  readonly #variable: string | undefined
  readonly #paths = new Map<CelNode, SlicePath | undefined>()
  readonly #sizes = new Map<CelNode, Size>()
  readonly #entries = new Map<CelNode, EntrySize>()
  readonly #names = new Map<string, LocalName[]>()

  constructor(root: DeclaredType, isEarlier: boolean, variable: string | undefined) {
    this.#variable = variable
    this.#root = root
    this.#isEarlier = isEarlier
  }

  cost(node: CelNode): bigint {
    switch (node.op) {
      case 'literal':
        return 0n
      case 'name': {
        const local = this.#names.get(node.name)?.at(-1)
        this.#paths.set(node, local === undefined ? SlicePath.of(node.name) : this.#localPath(local))
        return NAME
      }
      case 'select':
        return this.#select(node)
      case 'call':
        return this.#call(node)
      case 'list':
        return this.#list(node)
      case 'map':
        return this.#map(node)
      case 'fold':
        if (this.#isEarlier) return this.#earlierFold(node)
        return isBind(node) ? this.#bind(node) : this.#fold(node)
      case 'optional': {
        const cost = this.cost(node.of)
        this.#setSize(node, this.#size(node.of))
        return cost
      }
      case 'message':
        return sum([CREATE_MESSAGE, ...node.fields.map(([, value]) => this.cost(value))])
    }
  }

  #select(node: Extract<CelNode, { op: 'select' }>): bigint {
    if (node.isName === true) {
      this.#paths.set(node, SlicePath.of(node.field))
      return NAME
    }
    const cost = this.cost(node.of)
    if (node.isTest) return cost
    this.#paths.set(node, SlicePath.append(this.#path(node.of), node.field))
    const { kind } = node.of.type as CheckedType
    return plus(cost, kind === 'map' || kind === 'object' || kind === 'struct' ? NAME : 0n)
  }

  #list(node: Extract<CelNode, { op: 'list' }>): bigint {
    const costs: bigint[] = [CREATE_LIST]
    let value = NO_SIZE
    for (const item of node.items) {
      costs.push(this.cost(item))
      value = eitherSize(value, this.#sizeOrUnknown(item))
    }
    this.#entries.set(node, { container: 'list', key: fixed(1n), value: node.items.length === 0 ? fixed(0n) : value })
    return sum(costs)
  }

  #map(node: Extract<CelNode, { op: 'map' }>): bigint {
    const costs: bigint[] = [CREATE_MAP]
    let [key, value] = [NO_SIZE, NO_SIZE]
    for (const [name, of] of node.entries) {
      costs.push(this.cost(name), this.cost(of))
      key = eitherSize(key, this.#sizeOrUnknown(name))
      value = eitherSize(value, this.#sizeOrUnknown(of))
    }
    const isEmpty = node.entries.length === 0
    this.#entries.set(node, { container: 'map', key: isEmpty ? fixed(0n) : key, value: isEmpty ? fixed(0n) : value })
    return sum(costs)
  }

  #bind(node: FoldNode): bigint {
    const cost = plus(this.cost(node.range), this.cost(node.init))
    this.#push(node.accumulator, this.#local(node.init))
    const result = this.cost(node.result)
    this.#pop(node.accumulator)
    this.#setSize(node, this.#size(node.result))
    this.#setEntry(node, this.#entry(node.result))
    return plus(cost, result)
  }

  #fold(node: FoldNode): bigint {
    const { range, names, accumulator, init } = node
    const before = plus(this.cost(range), this.cost(init))
    this.#push(accumulator, this.#local(init))
    const [first, second] = names as [string, string?]
    if (second === undefined) this.#push(first, this.#itemName(range))
    else {
      this.#push(first, this.#keyName(range))
      this.#push(second, this.#valueName(range))
    }
    const loop = plus(this.cost(node.condition), this.cost(node.step))
    for (const name of names) this.#pop(name)
    const after = this.cost(node.result)
    this.#pop(accumulator)
    const count = this.#sizeOrUnknown(range)
    if (init.op === 'literal') this.#setSize(node, this.#size(init))
    else if (init.op === 'list' || init.op === 'map') {
      this.#setSize(node, count)
      this.#setEntry(node, this.#entry(node.step))
    }
    return plus(before, after, times(count.max, loop))
  }

  #earlierFold(node: FoldNode): bigint {
    const [name = ''] = node.names
    const before = plus(this.cost(node.range), this.cost(node.init))
    const nothing = { path: undefined, size: undefined, entry: undefined }
    this.#push(RESULT, nothing)
    this.#push(name, { ...nothing, range: node.range })
    const loop = plus(this.cost(node.condition), this.cost(node.step))
    this.#pop(name)
    const after = this.cost(node.result)
    this.#pop(RESULT)
    const count = this.#sizeOrUnknown(node.range)
    this.#setSize(node, count)
    return plus(before, after, times(count.max, loop))
  }

  #localPath({ path, range }: LocalName): SlicePath | undefined {
    if (range === undefined) return path
    const { kind } = range.type as CheckedType
    if (kind !== 'list' && kind !== 'map') return undefined
    return SlicePath.append(this.#paths.get(range), kind === 'list' ? ITEMS : KEYS)
  }

  #local(value: CelNode): LocalName {
    const [path, entry] = [this.#path(value), this.#entry(value)]
    return { path, size: this.#size(value), entry }
  }

  #itemName(range: CelNode): LocalName {
    const entry = this.#entry(range)
    const isList = this.#container(range, entry) === 'list'
    return {
      path: SlicePath.append(this.#path(range), isList ? ITEMS : KEYS),
      size: isList ? entry?.value : entry?.key,
      entry: undefined,
    }
  }

  #keyName(range: CelNode): LocalName {
    const entry = this.#entry(range)
    const step = this.#container(range, entry) === 'list' ? INDICES : KEYS
    return { path: SlicePath.append(this.#path(range), step), size: entry?.key, entry: undefined }
  }

  #valueName(range: CelNode): LocalName {
    const entry = this.#entry(range)
    const step = this.#container(range, entry) === 'list' ? ITEMS : VALUES
    return { path: SlicePath.append(this.#path(range), step), size: entry?.value, entry: undefined }
  }

  #container(range: CelNode, entry: EntrySize | undefined): string {
    return entry?.container ?? (range.type as CheckedType).kind
  }

  #call(node: CallNode & CelNode): bigint {
    const { name, target, args } = node
    if (name === 'dyn' && target === undefined && !this.#isEarlier) {
      const arg = args[0] as CelNode
      const cost = plus(1n, this.cost(arg))
      this.#setSize(node, this.#size(arg))
      this.#setEntry(node, this.#entry(arg))
      return cost
    }
    const costs: bigint[] = []
    const operands: Operand[] = []
    for (const arg of args) {
      costs.push(this.cost(arg))
      operands.push(this.#operand(arg))
    }
    const before = target === undefined ? 0n : this.cost(target)
    const of = target === undefined ? undefined : this.#operand(target)
    let most = 0n
    let size: Size | undefined
    for (const signature of node.signatures ?? []) {
      const found = this.#withArguments(node, { name, signature, target: of, args: operands }, costs)
      most = larger(most, found.cost)
      if (found.size !== undefined) size = size === undefined ? found.size : eitherSize(size, found.size)
      const step = name === '_[_]' ? INDEXED[signature[0]?.kind as string] : undefined
      if (step !== undefined) {
        const container = args[0] as CelNode
        if (!this.#isEarlier) size = this.#entry(container)?.value
        this.#paths.set(node, SlicePath.append(this.#path(container), step))
      }
      if (!this.#isEarlier) size ??= this.#size(node)
    }
    this.#setSize(node, size)
    return plus(before, most)
  }

  #withArguments(node: CallNode & CelNode, call: Call, costs: readonly bigint[]): CallCost {
    const [first = 0n, second = 0n, third = 0n] = costs
    if (call.name === '_&&_' || call.name === '_||_') return { cost: plus(first, second) }
    if (call.name === '_?_:_') {
      const [, yes, no] = node.args as [CelNode, CelNode, CelNode]
      const size = eitherSize(sizeOfOperand(call.args[1]), sizeOfOperand(call.args[2]))
      this.#setEntry(node, eitherEntry(this.#entry(yes), this.#entry(no)))
      return { cost: plus(first, larger(second, third)), size }
    }
    const { cost, ...rest } = costOfCall(call)
    if (call.name === '_+_' && rest.size !== undefined) {
      const [left, right] = node.args as [CelNode, CelNode]
      this.#setEntry(node, eitherEntry(this.#entry(left), this.#entry(right)))
    }
    return { cost: sum([cost, ...costs]), ...rest }
  }

  #operand(node: CelNode): Operand {
    const type = node.type as CheckedType
    const [item] = paramsOf(type)
    const path = this.#path(node)
    return {
      type,
      size: this.#size(node),
      literal: node.op === 'literal' ? node.value : undefined,
      items: item && (() => ({ type: item, size: this.#declaredSize(path?.copyWith(ITEMS)) ?? UNKNOWN_SIZE })),
    }
  }

  #path(node: CelNode): SlicePath | undefined {
    const local = node.op === 'name' && !this.#isEarlier ? this.#names.get(node.name)?.at(-1) : undefined
    return local === undefined ? this.#paths.get(node) : local.path
  }

  #sizeOrUnknown(node: CelNode): Size {
    return this.#size(node) ?? UNKNOWN_SIZE
  }

  #size(node: CelNode): Size | undefined {
    const known = this.#sizes.get(node) ?? writtenSize(node)
    if (known !== undefined) return known
    const declared = this.#declaredSize(this.#path(node))
    if (declared !== undefined) {
      if (!this.#isEarlier) this.#sizes.set(node, declared)
      return declared
    }
    if (isScalar(node.type as CheckedType, !this.#isEarlier)) return fixed(1n)
    return node.op === 'name' ? this.#names.get(node.name)?.at(-1)?.size : undefined
  }

  #declaredSize(path: SlicePath | undefined): Size | undefined {
    if (path === undefined) return undefined
    const [variable, ...steps] = path.steps()
    if (this.#variable !== undefined && variable !== this.#variable) return undefined
    let at: DeclaredType | undefined = this.#root
    for (const step of steps) {
      if (at === undefined) return undefined
      if (step === KEYS) at = at.type.kind === 'map' ? (at.key ?? KEY) : undefined
      else at = step === ITEMS || step === VALUES ? at.element : at.field(step)
    }
    return at && { min: 0n, max: at.maxElements }
  }

  #setSize(node: CelNode, size: Size | undefined): void {
    if (size !== undefined) this.#sizes.set(node, size)
  }

  #entry(node: CelNode): EntrySize | undefined {
    if (this.#isEarlier) return undefined
    const known = this.#entries.get(node)
    if (known !== undefined || node.op !== 'name') return known
    return this.#names.get(node.name)?.at(-1)?.entry
  }

  #setEntry(node: CelNode, entry: EntrySize | undefined): void {
    if (entry !== undefined) this.#entries.set(node, entry)
  }

  #push(name: string, local: LocalName): void {
    const stack = getOrMake(this.#names, name, () => [])
    stack.push(local)
  }

  #pop(name: string): void {
    this.#names.get(name)?.pop()
  }
}

/** The size before any item has been taken into account (`eitherSize`). */
const NO_SIZE: Size = { min: UNBOUNDED, max: 0n }

/** The keys of most maps, which have no limit of their own. */
const KEY: DeclaredType = { type: { kind: 'string' }, maxElements: 0n, minSerializedSize: 2n, field: () => undefined }

const INDEXED: Readonly<Record<string, string | undefined>> = { list: ITEMS, map: VALUES }

function sizeOfOperand(operand: Operand | undefined): Size {
  return operand?.size ?? UNKNOWN_SIZE
}

function eitherEntry(a: EntrySize | undefined, b: EntrySize | undefined): EntrySize | undefined {
  return a && b && { container: a.container, key: eitherSize(a.key, b.key), value: eitherSize(a.value, b.value) }
}

/** The size of a literal; undefined for other expressions. */
function writtenSize(node: CelNode): Size | undefined {
  if (node.op === 'list') return fixed(BigInt(node.items.length))
  if (node.op === 'map') return fixed(BigInt(node.entries.length))
  if (node.op !== 'literal') return undefined
  if (typeof node.value === 'string') return fixed(BigInt([...node.value].length))
  return fixed(node.value instanceof Uint8Array ? BigInt(node.value.length) : 1n)
}

function isScalar(type: CheckedType, inOptional: boolean): boolean {
  const inner = unwrapOptional(type)
  if (inner !== undefined) return inOptional && isScalar(inner, true)
  return ['bool', 'double', 'duration', 'int', 'timestamp', 'uint'].includes(type.kind)
}
