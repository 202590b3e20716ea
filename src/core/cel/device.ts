import { ANY_TYPE, type CheckedType, type DeclaredType, DYN_TYPE, mapOf } from './checker/checked-type.ts'

/**
 * The most that a selector of devices may cost, in units of CEL.
 * Source: api resource/v1 CELSelectorExpressionMaxCost.
 */
export const SELECTOR_COST_LIMIT = 1_000_000n

/** The most attributes and capacities of one device together. */
const MAX_ENTRIES = 32n

const TEXT: CheckedType = { kind: 'string' }
const DOMAIN = value(TEXT, 63n)
const ID = value(TEXT, 32n)
const ATTRIBUTE = value(ANY_TYPE, 64n)

/** The first minor version of Kubernetes in which several claims may share a device by default. */
const CONSUMABLE_CAPACITY = 36

/**
 * The variable `device` of selectors of devices. The types of attributes are only known at evaluation.
 * Source: dynamic-resource-allocation cel/compile.go newCompiler; kube_features.go DRAConsumableCapacity.
 *
 * @param minor the minor version of Kubernetes
 */
export function deviceType(minor: number): DeclaredType {
  return minor < CONSUMABLE_CAPACITY ? EARLIER_DEVICE : DEVICE
}

const FIELDS: Readonly<Record<string, DeclaredType>> = {
  driver: value(TEXT, 63n),
  // The size of an attribute is the same under every name.
  attributes: map(DOMAIN, { ...map(ID, ATTRIBUTE), field: () => ATTRIBUTE }),
  capacity: map(DOMAIN, map(ID, value({ kind: 'struct', name: 'kubernetes.Quantity' }, 0n))),
}
const EARLIER_DEVICE = object(FIELDS)
const DEVICE = object({ ...FIELDS, allowMultipleAllocations: value({ kind: 'bool' }, 1n) })

function object(fields: Readonly<Record<string, DeclaredType>>): DeclaredType {
  const device: DeclaredType = {
    type: DYN_TYPE,
    maxElements: 0n,
    minSerializedSize: 2n,
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
  }
  return { ...device, type: { kind: 'object', declared: device } }
}

function value(type: CheckedType, maxElements: bigint): DeclaredType {
  return { type, maxElements, minSerializedSize: 0n, field: () => undefined }
}

function map(key: DeclaredType, element: DeclaredType): DeclaredType {
  return {
    type: mapOf(TEXT, element.type),
    key,
    element,
    maxElements: MAX_ENTRIES,
    minSerializedSize: 2n,
    field: () => undefined,
  }
}
