import { byteLength, csiDriverName, dns1123Label, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import { gateOn } from '../../pod/gates.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { atMost, distinct, textsOf } from '../lists.ts'
import { nodeSelector } from '../pod-parts.ts'
import { deviceCapacity } from './capacity.ts'
import { poolName, qualifiedAttribute } from './names.ts'
import { deviceTaint } from './taints.ts'

const CODE = 'DEVICE_FIELD'
/** Entries. Source: resource ResourceSliceMaxDevices and so on. */
const MAX = {
  devices: 128,
  costlyDevices: 64,
  attributes: 32,
  counterSets: 8,
  counters: 32,
  taints: 16,
  consumptions: 2,
  conditions: 4,
}
/** Fields of a device with which a slice may have fewer devices, and their gates. */
const COSTLY = [
  ['taints', 'DRADeviceTaints'],
  ['consumesCounters', 'DRAPartitionableDevices'],
] as const
/** Bytes of an attribute's text. */
const MAX_VALUE = 64

/** Source: resource validation ValidateResourceSlice; registry resourceslice strategy dropDisabledFields. */
export function resourceSlice(object: Field): void {
  const spec = object.get('spec')
  spec.get('driver').requiredFormat(CODE, csiDriverName)
  pool(spec.get('pool'))
  const perDevice = gatedField(spec.get('perDeviceNodeSelection'), 'DRAPartitionableDevices', 33)
  nodes(spec, perDevice)
  const devices = spec.get('devices')
  const counters = gatedField(spec.get('sharedCounters'), 'DRAPartitionableDevices', 33)
  if (devices.present && counters.present)
    spec.invalid(CODE, 'only one of `sharedCounters` or `devices` is allowed', { shown: '' })
  // In v1beta1 all but the name is below `basic`.
  const contents = devices.items().map((device) => (object.ctx.version === 'v1beta1' ? device.get('basic') : device))
  const { minor } = object.ctx.kubeVersion
  const costing = COSTLY.filter(([, gate]) => gateOn(gate, minor))
  const costly = contents.some((device) => costing.some(([key]) => !device.get(key).empty))
  if (atMost(devices, costly ? MAX.costlyDevices : MAX.devices, CODE)) {
    for (const [i, device] of devices.items().entries()) {
      device.get('name').requiredFormat(CODE, dns1123Label)
      oneDevice(contents[i] ?? device, perDevice.isTrue)
    }
    distinct(devices.items(), CODE, (device) => device.get('name').text)
  }
  if (!atMost(counters, MAX.counterSets, CODE)) return
  for (const set of counters.items()) counterSet(set, 'name')
  distinct(counters.items(), CODE, (set) => set.get('name').text)
}

/** Source: resource validation validateResourcePool. */
function pool(field: Field): void {
  field.get('name').requiredFormat(CODE, poolName)
  const count = field.get('resourceSliceCount')
  if ((count.number ?? 0) <= 0) count.invalid(CODE, 'must be greater than zero', { shown: count.value ?? 0 })
  field.get('generation').nonNegative('NUMBER_NEGATIVE')
}

/**
 * Exactly one way to select the nodes of a slice or of a device.
 * @param perDevice the field by which a slice leaves the selection to its devices; absent for a device
 */
function nodes(owner: Field, perDevice?: Field): void {
  const name = owner.get('nodeName')
  const selector = owner.get('nodeSelector')
  const given = ['nodeName', 'nodeSelector'].filter((key) => owner.get(key).present)
  if (name.text === '') name.invalid(CODE, 'must be either unset or set to a non-empty string')
  else name.format(CODE, dns1123Subdomain)
  nodeSelector(selector)
  const terms = selector.get('nodeSelectorTerms')
  if (perDevice !== undefined && selector.present && terms.items().length !== 1)
    terms.invalid(CODE, 'must have exactly one node selector term')
  const flags = [owner.get('allNodes'), ...(perDevice === undefined ? [] : [perDevice])]
  const keys = ['nodeName', 'nodeSelector', ...flags.map(({ step }) => String(step))]
  for (const flag of flags) {
    if (flag.value === false) flag.invalid(CODE, 'must be either unset or set to true')
    if (flag.isTrue) given.push(String(flag.step))
  }
  const one = `exactly one of ${keys.map((key) => `\`${key}\``).join(', ')} is required`
  if (given.length === 0 || (given.length === 1 && name.text === '')) owner.required('FIELD_REQUIRED', one)
  else if (given.length > 1) owner.invalid(CODE, `${one}, but multiple fields are set`, { shown: given.join(', ') })
}

/** By which a device selects its nodes. */
const NODE_FIELDS = ['nodeName', 'nodeSelector', 'allNodes']

/** Source: resource validation validateDevice. */
function oneDevice(device: Field, perDevice: boolean): void {
  const [attributes, capacity] = [device.get('attributes'), device.get('capacity')]
  const total = attributes.keys().length + capacity.keys().length
  if (total > MAX.attributes)
    device.invalid(CODE, `the total number of attributes and capacities must not exceed ${MAX.attributes}`, {
      shown: total,
    })
  for (const [key, value] of attributes.entries()) {
    attributeName(attributes, key)
    attribute(value)
  }
  const shared = gatedField(device.get('allowMultipleAllocations'), 'DRAConsumableCapacity', 34)
  for (const [key, value] of capacity.entries()) {
    attributeName(capacity, key)
    deviceCapacity(value, shared.isTrue)
  }
  const taints = gatedField(device.get('taints'), 'DRADeviceTaints', 33)
  if (atMost(taints, MAX.taints, CODE)) for (const taint of taints.items()) deviceTaint(taint)
  const consumed = gatedField(device.get('consumesCounters'), 'DRAPartitionableDevices', 33)
  if (atMost(consumed, MAX.consumptions, CODE)) {
    for (const one of consumed.items()) counterSet(one, 'counterSet')
    distinct(consumed.items(), CODE, (one) => one.get('counterSet').text)
  }
  const own = NODE_FIELDS.map((key) => gatedField(device.get(key), 'DRAPartitionableDevices', 33))
  if (perDevice) nodes(device)
  else if (own.some(({ present }) => present)) {
    const detail =
      '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
    device.invalid(CODE, detail, { shown: null })
  }
  const [conditions, failures] = ['bindingConditions', 'bindingFailureConditions'].map((key) =>
    gatedField(device.get(key), 'DRADeviceBindingConditions', 34),
  ) as [Field, Field]
  binding(conditions, failures)
}

function attributeName(map: Field, key: string): void {
  map.get(key).reportFaults(CODE, qualifiedAttribute(key), { shown: key, on: 'key' })
}

const KINDS = ['bool', 'int', 'string', 'version']
const SEMVER =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/

/**
 * One value of one type. Lists of values are dropped while the gate DRAListTypeAttributes is off, as it is by default
 * (KEP-5491). Source: resource validation validateDeviceAttribute; registry resourceslice strategy dropDisabledFields.
 */
function attribute(field: Field): void {
  const given = KINDS.filter((kind) => field.get(kind).present)
  if (given.length !== 1) field.invalid(CODE, 'exactly one value must be specified')
  const [text, version] = [field.get('string'), field.get('version')]
  if (version.text !== undefined && (version.text.length > MAX_VALUE || !SEMVER.test(version.text))) {
    version.invalid(CODE, 'must be a string compatible with semver.org spec 2.0.0')
  }
  for (const one of [text, version]) {
    if (byteLength(one.text ?? '') > MAX_VALUE) one.report(CODE, `Too long: may not be more than ${MAX_VALUE} bytes`)
  }
}

/** Source: resource validation validateCounterSet, validateDeviceCounterConsumption. */
function counterSet(set: Field, nameKey: string): void {
  set.get(nameKey).requiredFormat(CODE, dns1123Label)
  const counters = set.get('counters')
  if (counters.empty) return counters.required('FIELD_REQUIRED')
  if (!atMost(counters, MAX.counters, CODE)) return
  for (const key of counters.keys()) {
    counters.get(key).reportFaults(CODE, dns1123Label(key), { shown: key, on: 'key' })
  }
}

/** Conditions to wait for, and those that fail. Source: resource validation validateDeviceBindingParameters. */
function binding(conditions: Field, failures: Field): void {
  for (const list of [conditions, failures]) {
    if (!atMost(list, MAX.conditions, CODE)) continue
    for (const item of list.items()) item.formatStrict(CODE, qualifiedName)
    distinct(list.items(), CODE)
  }
  const waited = new Set(textsOf(conditions))
  for (const failure of failures.items()) {
    if (failure.text !== undefined && waited.has(failure.text))
      failure.invalid(CODE, 'bindingFailureConditions must not overlap with bindingConditions')
  }
  if (conditions.empty && !failures.empty)
    conditions.invalid(CODE, 'bindingConditions are required to use bindingFailureConditions', { shown: [] })
  if (failures.empty && !conditions.empty)
    failures.invalid(CODE, 'bindingFailureConditions are required to use bindingConditions', { shown: [] })
}
