import type { JsonPath, JsonObject } from '../../json/json.ts'
import { type PodPlace, placeOf } from '../place.ts'
import type { PodContext } from '../pod-context.ts'
import type { ValidationScope } from '../rule.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import { alwaysOnAdmission } from './admission.ts'
import { podAnnotations, profilesMatchAnnotations } from './annotations.ts'
import { containerNames, containers, initContainers } from './containers.ts'
import { fileKeyVolumes } from './container/env.ts'
import { hostNetworkPorts, hostPortConflicts } from './container/ports.ts'
import { dnsConfig, hostAliases } from './dns.ts'
import { effectivePodSpec } from './effective.ts'
import { droppedFinding } from './gates.ts'
import { activeDeadline, choices, hostnameOverride, names, noEphemeralContainers, schedulingGroup } from './fields.ts'
import { overhead, resourceClaims } from './resources/claims.ts'
import { podLevelResources } from './resources/pod-level.ts'
import { affinity, nodeSelector } from './scheduling/affinity.ts'
import { readinessGates, schedulingGates, tolerations, topologySpread } from './scheduling/placement.ts'
import { mirrorPod } from './mirror.ts'
import { type PodFinding, type PodRule, type PodScope, withPaths } from './scope.ts'
import { operatingSystem } from './security/os.ts'
import { hostNamespaces, podSecurity } from './security/pod.ts'
import { hostProcessPod } from './security/windows.ts'
import { itemsOf, type Part, textOf } from './values.ts'
import { volumes } from './volumes/index.ts'
import { repeatedEnv, repeatedPorts } from './warnings/containers.ts'
import { deadAnnotations, fractionalBytes, negativeGrace, oldVolumes, repeatedItems } from './warnings/fields.ts'
import { missingSelectors, oldNodeLabels } from './warnings/scheduling.ts'
import { overlappingFiles } from './warnings/volumes.ts'

/** All rules of a pod spec, except those of annotations, in the order of `ValidatePodSpec`. */
const POD_RULES: readonly PodRule[] = [
  volumes,
  resourceClaims,
  containers,
  hostPortConflicts,
  initContainers,
  containerNames,
  noEphemeralContainers,
  podLevelResources,
  hostNetworkPorts,
  choices,
  nodeSelector,
  podSecurity,
  hostNamespaces,
  affinity,
  dnsConfig,
  readinessGates,
  schedulingGates,
  topologySpread,
  hostProcessPod,
  hostnameOverride,
  names,
  activeDeadline,
  tolerations,
  hostAliases,
  overhead,
  operatingSystem,
  schedulingGroup,
  fileKeyVolumes,
  profilesMatchAnnotations,
  alwaysOnAdmission,
  mirrorPod,
]

/** Rules that only warn. */
const POD_WARNINGS: readonly PodRule[] = [
  oldNodeLabels,
  missingSelectors,
  deadAnnotations,
  oldVolumes,
  overlappingFiles,
  repeatedItems,
  fractionalBytes,
  repeatedEnv,
  repeatedPorts,
  negativeGrace,
]

/**
 * The first minor version that validates more than the annotations in the pod template of a StatefulSet.
 * Source: `ValidatePodTemplateSpecForStatefulSet`.
 */
const STATEFUL_SET_CHECKED_SINCE = 34

/**
 * Validates a pod spec as the API server does when it creates a Pod, or an object with a pod template
 * (`ValidatePodCreate`, `ValidatePodTemplateSpec`). What the API server rejects is an error; what it accepts is at most
 * a warning. Values of a wrong type and unknown fields are left to the schema.
 *
 * @param path the spec's, from the object's root
 * @param scope `errors` skips the rules that only warn; others may still warn
 */
export function validatePodSpec(
  spec: JsonObject,
  path: JsonPath,
  ctx: PodContext,
  report: (finding: Finding) => void,
  scope: ValidationScope = 'all',
): void {
  const { minor } = ctx.kubeVersion
  const tell = (finding: PodFinding): void => report(withPaths(finding))
  const lenient = ctx.kind === 'StatefulSet' && minor < STATEFUL_SET_CHECKED_SINCE
  const pod = podScope(spec, placeOf(path), ctx, lenient ? (finding) => tell(asWarning(finding)) : tell)
  podAnnotations(lenient ? { ...pod, report: tell } : pod)
  // Without an iterator, which V8 makes an object for at each step while code has not run often.
  for (let n = 0; n < POD_RULES.length; n++) POD_RULES[n]!(pod)
  if (scope === 'all') for (let n = 0; n < POD_WARNINGS.length; n++) POD_WARNINGS[n]!(pod)
}

function podScope(given: JsonObject, path: PodPlace, ctx: PodContext, report: PodScope['report']): PodScope {
  const { minor } = ctx.kubeVersion
  const data = effectivePodSpec(given, path, ctx, (where, gate) => {
    report({ ...droppedFinding(String(where.step), gate, minor), path: where })
  })
  const spec = { data, path }
  const [containers, initContainers] = [itemsOf(spec, 'containers'), itemsOf(spec, 'initContainers')]
  return {
    spec,
    minor,
    isPod: ctx.kind === 'Pod',
    metadata: { data: ctx.metadata ?? {}, path: placeOf(ctx.metadataPath) },
    containers,
    initContainers,
    allContainers: [...initContainers, ...containers, ...itemsOf(spec, 'ephemeralContainers')],
    volumes: volumesByName(spec, ctx),
    claims: new Set(itemsOf(spec, 'resourceClaims').map((claim) => textOf(claim.data, 'name') ?? '')),
    report,
  }
}

function volumesByName(spec: Part, ctx: PodContext): Map<string, Part | 'added'> {
  const byName = new Map<string, Part | 'added'>()
  for (const name of ctx.extraVolumes) byName.set(name, 'added')
  for (const volume of itemsOf(spec, 'volumes')) {
    const name = textOf(volume.data, 'name')
    if (name && !byName.has(name)) byName.set(name, volume)
  }
  return byName
}

/** A finding as a warning, because the object is accepted, and only its pods are rejected. */
function asWarning(finding: PodFinding): PodFinding {
  return { ...finding, severity: 'warning' }
}
