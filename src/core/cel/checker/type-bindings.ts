import { getOrMake } from '../../common/maps.ts'
import { type CheckedType, DYN_TYPE, isSameType, paramsOf } from './checked-type.ts'

/**
 * Thrown if it cannot be decided whether an expression compiles: it takes too many steps, or uses what is not supported
 * here.
 */
export class NotCompiled extends Error {}

type Param = Extract<CheckedType, { kind: 'param' }>

/** The most steps for the types of one expression. */
const MAX_STEPS = 200_000

/**
 * The types to which type parameters are bound so far.
 * Source: cel-go checker/types.go internalIsAssignable, isValidTypeSubstitution, isEqualOrLessSpecific and substitute.
 */
export class TypeBindings {
  readonly #bound = new Map<number | string, CheckedType>()
  /** Earlier bindings, the latest last, so that a failed attempt can be undone. */
  readonly #trail: (readonly [number | string, CheckedType | undefined])[] = []
  #left = MAX_STEPS
  #fresh = 0

  newParam(): CheckedType {
    return { kind: 'param', id: this.#fresh++ }
  }

  /** The types of a signature with fresh type parameters. */
  instantiate(types: readonly CheckedType[]): CheckedType[] {
    const fresh = new Map<number | string, CheckedType>()
    const renew = (type: CheckedType): CheckedType => {
      if (type.kind === 'param') {
        return getOrMake(fresh, type.id, () => this.newParam())
      }
      return 'params' in type ? { ...type, params: type.params.map(renew) } : type
    }
    return types.map(renew)
  }

  /**
   * Whether each type is assignable to the one at the same index. If so, type parameters are bound; else nothing
   * changes.
   */
  areAssignable(types: readonly CheckedType[], to: readonly CheckedType[]): boolean {
    const before = this.#trail.length
    if (types.length === to.length && types.every((type, i) => this.#isAssignable(type, to[i] as CheckedType)))
      return true
    while (this.#trail.length > before) {
      const [id, type] = this.#trail.pop() as [number | string, CheckedType | undefined]
      if (type === undefined) this.#bound.delete(id)
      else this.#bound.set(id, type)
    }
    return false
  }

  isAssignable(type: CheckedType, to: CheckedType): boolean {
    return this.areAssignable([type], [to])
  }

  /** A type with its bound parameters replaced; unbound ones stay, or become `dyn` at the end. */
  resolve(type: CheckedType, isEnd = false): CheckedType {
    this.#step()
    if (type.kind === 'param') {
      const bound = this.#bound.get(type.id)
      if (bound !== undefined) return this.resolve(bound, isEnd)
      return isEnd ? DYN_TYPE : type
    }
    return 'params' in type ? { ...type, params: type.params.map((one) => this.resolve(one, isEnd)) } : type
  }

  #step(): void {
    if (--this.#left < 0) throw new NotCompiled('its types take too long')
  }

  #isAssignable(a: CheckedType, b: CheckedType): boolean {
    this.#step()
    if (b.kind === 'param') {
      const { isValid, isBound } = this.#bind(a, b)
      if (isValid) return true
      if (isBound) return false
    }
    if (a.kind === 'param') return this.#bind(b, a).isValid
    if (a.kind === 'dyn' || b.kind === 'dyn') return true
    if (a.kind === 'null') return isNullable(b)
    if (b.kind === 'null') return isNullable(a)
    if (!('params' in a)) return a.kind === 'type' ? b.kind === 'type' : isSameType(a, b)
    const [mine, other] = [a.params, paramsOf(b)]
    return (
      'params' in b &&
      a.kind === b.kind &&
      a.name === b.name &&
      mine.length === other.length &&
      mine.every((one, i) => this.#isAssignable(one, other[i] as CheckedType))
    )
  }

  #bind(type: CheckedType, param: Param): { isValid: boolean; isBound: boolean } {
    if (isSameType(type, param)) return { isValid: true, isBound: true }
    const bound = this.#bound.get(param.id)
    if (bound === undefined) {
      const isValid = this.#isFreeOf(param, type)
      if (isValid) this.#set(param, type)
      return { isValid, isBound: false }
    }
    if (isSameType(type, bound)) return { isValid: true, isBound: true }
    if (!this.#isAssignable(type, bound)) return { isValid: false, isBound: true }
    const general = isAsGeneral(type, bound) ? type : bound
    if (this.#isFreeOf(param, general)) this.#set(param, general)
    return { isValid: true, isBound: true }
  }

  #set(param: Param, type: CheckedType): void {
    this.#trail.push([param.id, this.#bound.get(param.id)])
    this.#bound.set(param.id, type)
  }

  /** Whether a parameter does not occur in a type. */
  #isFreeOf(param: Param, type: CheckedType): boolean {
    this.#step()
    if (isSameType(param, type)) return false
    if (type.kind === 'param') {
      const bound = this.#bound.get(type.id)
      return bound === undefined || this.#isFreeOf(param, bound)
    }
    return paramsOf(type).every((one) => this.#isFreeOf(param, one))
  }
}

function isNullable({ kind }: CheckedType): boolean {
  return ['opaque', 'struct', 'object', 'duration', 'timestamp', 'null', 'dyn'].includes(kind)
}

/** Whether a type, to which another one is assignable, is as general as that or more so. */
export function isAsGeneral(a: CheckedType, b: CheckedType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true
  if (b.kind === 'dyn' || b.kind === 'param' || a.kind !== b.kind) return false
  if (!('params' in a) || !('params' in b)) return isSameType(a, b)
  return (
    a.name === b.name &&
    a.params.length === b.params.length &&
    a.params.every((one, i) => isAsGeneral(one, b.params[i] as CheckedType))
  )
}
