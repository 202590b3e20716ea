import {
  configMapKey,
  dns1123Label,
  dns1123Subdomain,
  envVarName,
  maskTrailingDash,
  relaxedEnvVarName,
} from '../../../kube/names.ts'
import { gateOn } from '../gates.ts'
import { noBacksteps } from '../paths.ts'
import { at, invalid, type PartRule, type PodRule, type PodScope, required } from '../scope.ts'
import { isSet, itemsOf, type Part, partOf, textOf, valueOf } from '../values.ts'
import { fieldRef, resourceFieldRef } from './downward.ts'

/**
 * Paths of the pod that an environment variable may be filled from.
 * Source: `validEnvDownwardAPIFieldPathExpressions`.
 */
const ENV_FIELD_PATHS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
]

/** The rules of each source of `valueFrom`. Source: `validateEnvVarValueFrom`. */
const VALUE_SOURCES: Record<string, PartRule> = {
  fieldRef: (ref, pod) => fieldRef(ref, ENV_FIELD_PATHS, pod),
  resourceFieldRef: (ref, pod) => resourceFieldRef(ref, false, pod),
  configMapKeyRef: keyRef,
  secretKeyRef: keyRef,
  fileKeyRef,
}

/** The faults of a variable's name, by the gate of KEP-4369. Source: `IsEnvVarName`, `IsRelaxedEnvVarName`. */
function envNameFaults(name: string, pod: PodScope): string[] {
  return gateOn('RelaxedEnvironmentVariableValidation', pod.minor) ? relaxedEnvVarName(name) : envVarName(name)
}

/** Environment variables. Source: `ValidateEnv`. */
export const containerEnv: PartRule = (container, pod) => {
  for (const variable of itemsOf(container, 'env')) {
    const name = textOf(variable.data, 'name')
    const path = at(variable.path, 'name')
    if (name === '') required(pod, path, 'an environment variable needs a name')
    else if (name !== undefined) invalid(pod, 'ENV_NAME_INVALID', path, name, envNameFaults(name, pod))
    const from = partOf(variable, 'valueFrom')
    if (from !== undefined) valueFrom(from, variable, pod)
  }
}

function valueFrom(from: Part, variable: Part, pod: PodScope): void {
  const sources = Object.keys(VALUE_SOURCES).filter((source) => isSet(from.data, source))
  for (const source of sources) {
    const ref = partOf(from, source)
    if (ref !== undefined) (VALUE_SOURCES[source] as PartRule)(ref, pod)
  }
  if (sources.length === 0) {
    const choices = Object.keys(VALUE_SOURCES).filter((s) => s !== 'fileKeyRef' || gateOn('EnvFiles', pod.minor))
    invalid(pod, 'ENV_SOURCE_INVALID', from.path, null, [`must specify one of: ${choices.join(', ')}`])
  } else if (textOf(variable.data, 'value') !== '') {
    const name = textOf(variable.data, 'name') ?? ''
    pod.report({
      code: 'ENV_SOURCE_INVALID',
      path: from.path,
      on: 'key',
      message: `variable "${name}" has both value and valueFrom: valueFrom may not be specified when \`value\` is not empty`,
      hint: 'keep one of value and valueFrom',
    })
  } else if (sources.length > 1) {
    const fault = `may not have more than one source, but has ${sources.join(' and ')}`
    pod.report({ code: 'ENV_SOURCE_INVALID', path: from.path, on: 'key', message: fault, hint: 'keep one of them' })
  }
}

/** A key of a ConfigMap or Secret. Source: `validateConfigMapKeySelector`, `validateSecretKeySelector`. */
function keyRef(ref: Part, pod: PodScope): void {
  const name = textOf(ref.data, 'name')
  if (name === '') required(pod, at(ref.path, 'name'), 'the name of the object that holds the key is required')
  else if (name !== undefined) invalid(pod, 'KEY_REF_INVALID', at(ref.path, 'name'), name, dns1123Subdomain(name))
  const key = textOf(ref.data, 'key')
  if (key === '') required(pod, at(ref.path, 'key'), 'the key to read is required')
  else if (key !== undefined) invalid(pod, 'KEY_REF_INVALID', at(ref.path, 'key'), key, configMapKey(key))
}

/** A variable in a file of a volume (KEP-3721). Source: `validateFileKeySelector`. */
function fileKeyRef(ref: Part, pod: PodScope): void {
  const fields: [string, (value: string) => string[]][] = [
    ['key', relaxedEnvVarName],
    ['volumeName', dns1123Label],
    ['path', noBacksteps],
  ]
  for (const [field, check] of fields) {
    const value = textOf(ref.data, field)
    if (value === '') required(pod, at(ref.path, field), `fileKeyRef needs a ${field}`)
    else if (value !== undefined) invalid(pod, 'KEY_REF_INVALID', at(ref.path, field), value, check(value))
  }
}

/** The volume of a `fileKeyRef` exists and is an emptyDir. Source: `validateFileKeyRefVolumes`. */
export const fileKeyVolumes: PodRule = (pod) => {
  for (const container of pod.allContainers) {
    for (const variable of itemsOf(container, 'env')) {
      const from = partOf(variable, 'valueFrom')
      const ref = from && partOf(from, 'fileKeyRef')
      const name = ref && textOf(ref.data, 'volumeName')
      if (ref === undefined || name === undefined || name === '') continue
      const volume = pod.volumes.get(name)
      const path = at(ref.path, 'volumeName')
      if (volume === undefined) {
        pod.report({
          code: 'MOUNT_VOLUME_UNKNOWN',
          path,
          message: `volume "${name}" not found among the pod's volumes`,
        })
      } else if (volume === 'added' || !isSet(volume.data, 'emptyDir')) {
        invalid(pod, 'KEY_REF_INVALID', path, name, ['must be a volume of type emptyDir'])
      }
    }
  }
}

/** Whole ConfigMaps and Secrets as variables. Source: `ValidateEnvFrom`. */
export const containerEnvFrom: PartRule = (container, pod) => {
  for (const source of itemsOf(container, 'envFrom')) {
    const prefix = textOf(source.data, 'prefix')
    if (prefix) invalid(pod, 'ENV_NAME_INVALID', at(source.path, 'prefix'), prefix, envNameFaults(prefix, pod))
    const refs = ['configMapRef', 'secretRef'].filter((key) => isSet(source.data, key))
    for (const key of refs) checkEnvFromRef(source, key, pod)
    if (refs.length === 1) continue
    const fault =
      refs.length === 0
        ? 'must specify one of: configMapRef, secretRef'
        : 'may not have both configMapRef and secretRef'
    pod.report({ code: 'ENV_SOURCE_INVALID', path: at(container.path, 'envFrom'), at: source.path, message: fault })
  }
}

function checkEnvFromRef(source: Part, key: string, pod: PodScope): void {
  const ref = partOf(source, key)
  const name = ref && textOf(ref.data, 'name')
  if (ref === undefined || name === undefined) return
  if (name === '') required(pod, at(ref.path, 'name'), `${key} needs a name`)
  // The API server validates this name as a prefix, which may end in a dash.
  else invalid(pod, 'KEY_REF_INVALID', at(ref.path, 'name'), name, dns1123Subdomain(maskTrailingDash(name)))
}

/** True if a variable has `valueFrom`. */
export function hasValueFrom(variable: Part): boolean {
  return valueOf(variable.data, 'valueFrom') !== undefined
}
