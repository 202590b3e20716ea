import { dns1123Label } from '../../../kube/names.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { claimSpec } from '../storage/claim.ts'
import { counts } from './rollout.ts'
import { requiredSelector } from './selected.ts'
import { podTemplate, runsForever } from './template.ts'

const CODE = 'STATEFULSET_FIELD'
/** serviceName is checked since 1.33 (kubernetes/kubernetes#130233). */
const SERVICE_NAME_MINOR = 33
/**
 * The pod's spec (by the pod rules) and the claim templates are checked since 1.34 (kubernetes/kubernetes#131790,
 * #132212).
 */
const TEMPLATES_MINOR = 34
/** Source: apps validation ValidateStatefulSetSpec. */
export function statefulSet(object: Field, podRules: PodRules): void {
  const { minor } = object.ctx.kubeVersion
  const spec = object.get('spec')
  const policy = spec.get('podManagementPolicy')
  policy.oneOf(CODE, ['OrderedReady', 'Parallel'])
  updateStrategy(spec.get('updateStrategy'))
  for (const when of ['whenDeleted', 'whenScaled']) {
    spec.get('persistentVolumeClaimRetentionPolicy', when).oneOf(CODE, ['Retain', 'Delete'])
  }
  counts(spec, 'replicas', 'minReadySeconds')
  spec.get('ordinals', 'start').nonNegative('NUMBER_NEGATIVE')
  if (minor >= SERVICE_NAME_MINOR) spec.get('serviceName').format(CODE, dns1123Label)
  requiredSelector(spec)
  const claims = spec.get('volumeClaimTemplates')
  if (minor >= TEMPLATES_MINOR) claimTemplates(claims)
  const volumes = claims.items().map((claim) => claim.get('metadata', 'name').text ?? '')
  podTemplate(spec.get('template'), podRules, volumes)
  runsForever(spec.get('template'), minor >= TEMPLATES_MINOR)
  const history = spec.get('revisionHistoryLimit')
  if ((history.number ?? 0) < 0) {
    history.report('IGNORED_FIELD', 'a negative value keeps all old revisions; 0 or more is recommended')
  }
}

/** The type defaults to RollingUpdate. */
function updateStrategy(field: Field): void {
  const type = field.get('type')
  const rolling = field.get('rollingUpdate')
  if (type.empty || type.text === 'RollingUpdate') {
    rolling.get('partition').nonNegative('NUMBER_NEGATIVE')
    droppedMaxUnavailable(rolling.get('maxUnavailable'))
  } else if (type.text === 'OnDelete') {
    if (rolling.present) rolling.invalid('WORKLOAD_STRATEGY', "only allowed for updateStrategy 'RollingUpdate'")
  } else if (type.text !== undefined) {
    field.invalid('WORKLOAD_STRATEGY', "must be 'RollingUpdate' or 'OnDelete'", { shown: type.text, at: type.path })
  }
}

/**
 * The API server drops the field while the gate MaxUnavailableStatefulSet is off (KEP-961). It is off by default,
 * except in 1.35.0 to 1.35.3.
 */
function droppedMaxUnavailable(field: Field): void {
  if (!field.present) return
  field.report('IGNORED_FIELD', 'is ignored unless the cluster enables the feature gate MaxUnavailableStatefulSet', {
    on: 'key',
  })
}

/** Each claim has a valid spec, and a name that is valid for a volume, as each becomes a volume of the pod. */
function claimTemplates(claims: Field): void {
  for (const claim of claims.items()) {
    claimSpec(claim.get('spec'))
    claim.get('metadata', 'name').requiredFormat('CLAIM_FIELD', dns1123Label)
  }
}
