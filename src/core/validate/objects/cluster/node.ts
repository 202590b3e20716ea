import { labelValue, qualifiedName } from '../../../kube/names.ts'
import { parseCidr } from '../../../kube/ip.ts'
import type { Field } from '../field.ts'
import { distinct, stringOf } from '../lists.ts'
import { legacyCidr } from '../network/addresses.ts'
import { resourceAmount } from '../numbers.ts'
import { nodeAnnotations } from './node-annotations.ts'

const CODE = 'CLUSTER_FIELD'

/**
 * A Node keeps its status when it is created, unlike most objects. Messages of the API server name the taints below
 * `metadata`.
 * Source: core validation ValidateNode, ValidateNodeResources; registry node strategy PrepareForCreate.
 */
export function node(object: Field): void {
  const spec = object.get('spec')
  nodeAnnotations(object.get('metadata', 'annotations'), taints)
  taints(spec.get('taints'))
  status(object.get('status'))
  for (const list of ['capacity', 'allocatable'])
    for (const [name, amount] of object.get('status', list).entries()) resourceAmount(amount, name, CODE)
  podCidrs(spec)
}

/** Node features are on by default since 1.36; before, the field is dropped (KEP-5328). */
const FEATURES_MINOR = 36
const FEATURE = /^[A-Z][a-zA-Z0-9]*(?:\/[a-zA-Z][a-zA-Z0-9]*)*$/

/** Source: core validation validateNodeSwapStatus, validateNodeDeclaredFeatures. */
function status(field: Field): void {
  const swap = field.get('nodeInfo', 'swap', 'capacity')
  if (swap.number !== undefined && swap.number <= 0) swap.invalid(CODE, 'must be greater than zero')
  if (field.ctx.kubeVersion.minor < FEATURES_MINOR) return
  let before: string | undefined
  for (const feature of field.get('declaredFeatures').items()) {
    const { text } = feature
    if (text === undefined) continue
    if (text.length > 253 || !FEATURE.test(text))
      feature.invalid(CODE, 'must be a name such as MyFeature or MyFeature/part')
    if (before !== undefined && before === text) feature.duplicate(CODE)
    else if (before !== undefined && before > text) feature.invalid(CODE, 'must be sorted alphabetically')
    before = text
  }
}

const EFFECTS = ['NoExecute', 'NoSchedule', 'PreferNoSchedule']

/** Source: core validation validateNodeTaints. */
function taints(list: Field): void {
  for (const taint of list.items()) {
    taint.get('key').requiredFormat(CODE, qualifiedName)
    taint.get('value').format(CODE, labelValue)
    const effect = taint.get('effect')
    effect.requiredOneOf(CODE, EFFECTS)
  }
  distinct(list.items(), CODE, (taint) => JSON.stringify([taint.get('key').value, taint.get('effect').value]))
}

/** At most one CIDR for each IP family; `podCIDR` alone becomes the first of `podCIDRs` (core/v1 conversion). */
function podCidrs(spec: Field): void {
  const list = spec.get('podCIDRs')
  const one = spec.get('podCIDR')
  // On conversion, a podCIDR that differs from the first item replaces the list.
  const differs = !one.empty && stringOf(list.items()[0] ?? list) !== one.text
  const blocks = differs || list.empty ? [one].filter((field) => !field.empty) : list.items()
  for (const block of blocks) legacyCidr(block, CODE)
  if (blocks.length < 2) return
  const families = blocks.map((block) => parseCidr(block.text ?? '')?.address.family)
  if (blocks.length > 2 || (families[0] !== undefined && families[0] === families[1])) {
    list.invalid(CODE, 'may specify no more than one CIDR for each IP family')
  }
}
