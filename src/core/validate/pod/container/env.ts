import { words } from '../../../common/words.ts'
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
import { at, invalid, type PartRule, type PodRule, type PodScope } from '../scope.ts'
import { format, type Format, requiredFormat } from '../text-rules.ts'
import { isSet, itemsOf, type Part, partOf, textOf, valueOf } from '../values.ts'
import { fieldRef, resourceFieldRef } from './downward.ts'

/**
 * Paths of the pod that an environment variable may be filled from.
 * Source: `validEnvDownwardAPIFieldPathExpressions`.
 */
const ENV_FIELD_PATHS = words(`
  metadata.name metadata.namespace metadata.uid spec.nodeName spec.serviceAccountName status.hostIP status.hostIPs
  status.podIP status.podIPs
`)

/** The rules of each source of `valueFrom`. Source: `validateEnvVarValueFrom`. */
const VALUE_SOURCES: Record<string, PartRule> = {
  fieldRef: (ref, pod) => fieldRef(ref, ENV_FIELD_PATHS, pod),
  resourceFieldRef: (ref, pod) => resourceFieldRef(ref, false, pod),
  configMapKeyRef: keyRef,
  secretKeyRef: keyRef,
  fileKeyRef,
}

/** The format of a variable's name, by the gate of KEP-4369. Source: `IsEnvVarName`, `IsRelaxedEnvVarName`. */
function envNameFormat({ minor }: PodScope): Format {
  return gateOn('RelaxedEnvironmentVariableValidation', minor) ? relaxedEnvVarName : envVarName
}

/** Environment variables. Source: `ValidateEnv`. */
export const containerEnv: PartRule = (container, pod) => {
  const envName = envNameFormat(pod)
  for (const variable of itemsOf(container, 'env')) {
    requiredFormat(variable, 'name', 'ENV_NAME_INVALID', envName, 'an environment variable needs a name', pod)
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
  const missing = 'the name of the object that holds the key is required'
  requiredFormat(ref, 'name', 'KEY_REF_INVALID', dns1123Subdomain, missing, pod)
  requiredFormat(ref, 'key', 'KEY_REF_INVALID', configMapKey, 'the key to read is required', pod)
}

/** A variable in a file of a volume (KEP-3721). Source: `validateFileKeySelector`. */
function fileKeyRef(ref: Part, pod: PodScope): void {
  const fields: [string, Format][] = [
    ['key', relaxedEnvVarName],
    ['volumeName', dns1123Label],
    ['path', noBacksteps],
  ]
  for (const [field, faults] of fields)
    requiredFormat(ref, field, 'KEY_REF_INVALID', faults, `fileKeyRef needs a ${field}`, pod)
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
    format(source, 'prefix', 'ENV_NAME_INVALID', envNameFormat(pod), pod)
    const refs = ['configMapRef', 'secretRef'].filter((key) => isSet(source.data, key))
    for (const key of refs) {
      const ref = partOf(source, key)
      if (ref !== undefined) requiredFormat(ref, 'name', 'KEY_REF_INVALID', namePrefix, `${key} needs a name`, pod)
    }
    if (refs.length === 1) continue
    const fault =
      refs.length === 0
        ? 'must specify one of: configMapRef, secretRef'
        : 'may not have both configMapRef and secretRef'
    pod.report({ code: 'ENV_SOURCE_INVALID', path: at(container.path, 'envFrom'), at: source.path, message: fault })
  }
}

/** The API server validates the name of an `envFrom` as a prefix, which may end in a dash. */
const namePrefix: Format = (name) => dns1123Subdomain(maskTrailingDash(name))

/** True if a variable has `valueFrom`. */
export function hasValueFrom(variable: Part): boolean {
  return valueOf(variable.data, 'valueFrom') !== undefined
}
