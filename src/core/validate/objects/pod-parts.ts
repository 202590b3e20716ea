import { emptyObject, isObject } from '../../json/json.ts'
import type { PodPlace } from '../place.ts'
import { checkRequirements } from '../pod/resources/requirements.ts'
import { containerResourceName } from '../pod/resources/names.ts'
import { nodeSelectorTerms } from '../pod/scheduling/affinity.ts'
import { checkToleration } from '../pod/scheduling/placement.ts'
import { type PodScope, withPaths } from '../pod/scope.ts'
import type { Part } from '../pod/values.ts'
import { LEGACY_SOURCES } from '../pod/volumes/legacy.ts'
import { flexVolume, hostPath } from '../pod/volumes/common.ts'
import type { Field } from './field.ts'

/**
 * Rules of pods for other kinds that have the same parts: node selectors, tolerations, resources and volume sources.
 */

/** A selector of nodes. Source: core validation ValidateNodeSelector. */
export function nodeSelector(field: Field): void {
  if (field.present) nodeSelectorTerms(partOf(field), scopeOf(field))
}

/** Source: core validation ValidateTolerations. */
export function tolerations(list: Field): void {
  for (const item of list.items()) checkToleration(partOf(item), scopeOf(item))
}

/** Amounts as a container's limits. Source: core validation ValidateResourceRequirements. */
export function resourceLimits(map: Field): void {
  const data = Object.assign(emptyObject(), { limits: partOf(map).data })
  const place: PodPlace = { parent: map.parent, step: map.step }
  checkRequirements({ data, path: place }, containerResourceName, renamed(map))
}

/** A volume source that is validated the same way in pods and in PersistentVolumes, by its name. */
export type SharedSource = keyof typeof LEGACY_SOURCES | 'hostPath' | 'flexVolume'

/** Validates a volume source by its rules in pods. */
export function volumeSource(name: SharedSource, field: Field): void {
  const rule = name === 'hostPath' ? hostPath : name === 'flexVolume' ? flexVolume : LEGACY_SOURCES[name]
  rule(partOf(field), scopeOf(field))
}

function partOf(field: Field): Part {
  return { data: isObject(field.value) ? field.value : emptyObject(), path: field }
}

const NONE: Part = { data: emptyObject(), path: { parent: undefined, step: '' } }

/** A scope without a pod, for rules that look at their own part only. */
function scopeOf({ ctx }: Field): PodScope {
  return {
    spec: NONE,
    minor: ctx.kubeVersion.minor,
    isPod: true,
    metadata: NONE,
    containers: [],
    initContainers: [],
    allContainers: [],
    volumes: new Map(),
    claims: new Set(),
    report: (finding) => ctx.report(withPaths(finding)),
  }
}

/** A scope that reports at `map` what the rule reports at `limits` below it. */
function renamed(map: Field): PodScope {
  const scope = scopeOf(map)
  const shifted = (place: PodPlace): PodPlace => {
    if (place.parent === undefined) return place
    if (place.step === 'limits' && place.parent.step === map.step) return map
    return { parent: shifted(place.parent), step: place.step }
  }
  return {
    ...scope,
    report: ({ path, at, ...rest }) => scope.report({ ...rest, path: shifted(path), at: at && shifted(at) }),
  }
}
