import { isObject, parseJson } from '../../../json/json.ts'
import { byteLength, configMapKey } from '../../../kube/names.ts'
import { bytesOf, countBytes } from '../bytes.ts'
import type { Field } from '../field.ts'

/** Bytes of all values together. Source: core MaxSecretSize, for ConfigMaps as well. */
const MAX_BYTES = 1024 * 1024

/** Source: core validation ValidateConfigMap. */
export function configMap(object: Field): void {
  const data = object.get('data')
  const binary = object.get('binaryData')
  let bytes = 0
  for (const [key, value] of data.entries()) {
    configKey(data, key)
    if (binary.has(key)) {
      value.invalid('CONFIG_KEY', 'duplicate of key present in binaryData', { shown: key, on: 'key' })
    }
    bytes += byteLength(value.text ?? '')
  }
  for (const [key, value] of binary.entries()) {
    configKey(binary, key)
    bytes += countBytes(value)
  }
  if (bytes > MAX_BYTES) {
    object.report('CONFIG_SIZE', `Too long: ${bytes} bytes; may not be more than ${MAX_BYTES} bytes`, {
      at: data.path,
      on: 'key',
    })
  }
}

function configKey(map: Field, key: string): void {
  map.get(key).reportFaults('CONFIG_KEY', configMapKey(key), { shown: key, on: 'key' })
}

interface RequiredKeys {
  all?: readonly string[]
  any?: readonly string[]
  nonEmpty?: true
  /** The value is a JSON object. */
  json?: true
}

/** What a Secret's type requires of its data. Source: core validation ValidateSecret. */
const REQUIRED_KEYS = new Map<string, RequiredKeys>([
  ['kubernetes.io/dockercfg', { all: ['.dockercfg'], json: true }],
  ['kubernetes.io/dockerconfigjson', { all: ['.dockerconfigjson'], json: true }],
  ['kubernetes.io/basic-auth', { any: ['username', 'password'] }],
  ['kubernetes.io/ssh-auth', { all: ['ssh-privatekey'], nonEmpty: true }],
  ['kubernetes.io/tls', { all: ['tls.crt', 'tls.key'] }],
])

const SERVICE_ACCOUNT = 'kubernetes.io/service-account.name'

/** Source: core validation ValidateSecret; `stringData` is written over `data` before (core/v1 conversion). */
export function secret(object: Field): void {
  const data = object.get('data')
  const plain = object.get('stringData')
  let bytes = 0
  for (const [key, value] of data.entries()) {
    configKey(data, key)
    if (!plain.has(key)) bytes += countBytes(value)
  }
  for (const [key, value] of plain.entries()) {
    configKey(data.has(key) ? data : plain, key)
    bytes += byteLength(value.text ?? '')
  }
  if (bytes > MAX_BYTES) {
    data.report('CONFIG_SIZE', `Too long: ${bytes} bytes; may not be more than ${MAX_BYTES} bytes`, { on: 'key' })
  }
  secretType(object)
}

function secretType(object: Field): void {
  const type = object.get('type').text ?? ''
  const account = object.get('metadata', 'annotations', SERVICE_ACCOUNT)
  if (type === 'kubernetes.io/service-account-token' && account.empty) {
    account.required('SECRET_TYPE', `type ${type} names its ServiceAccount in this annotation`)
  }
  const rule = REQUIRED_KEYS.get(type)
  if (rule === undefined) return
  const any = rule.any ?? []
  if (any.every((key) => !hasKey(object, key))) for (const key of any) requiredKey(object, key, type)
  for (const key of rule.all ?? []) {
    if (!hasKey(object, key) || (rule.nonEmpty === true && valueOf(object, key).empty)) requiredKey(object, key, type)
    else if (rule.json === true) jsonContent(object, key)
  }
}

/** True for a key with the value null, too, which is an empty value. */
function hasKey(object: Field, key: string): boolean {
  return object.get('data').has(key) || object.get('stringData').has(key)
}

function valueOf(object: Field, key: string): Field {
  return object.get(object.get('stringData').has(key) ? 'stringData' : 'data', key)
}

function requiredKey(object: Field, key: string, type: string): void {
  object.get('data', key).required('SECRET_TYPE', `type ${type} requires the key ${key}`)
}

/** Docker's configuration is a JSON object. The message does not show it. */
function jsonContent(object: Field, key: string): void {
  const value = valueOf(object, key)
  const text = value.path[0] === 'data' ? bytesOf(value) : value.present ? value.text : ''
  if (text === undefined || isJsonObject(text)) return
  const printed = object.get('data', key)
  printed.report('SECRET_TYPE', 'Invalid value: "<secret contents redacted>": must be a JSON object', {
    at: value.path,
  })
}

function isJsonObject(text: string): boolean {
  const value = parseJson(text)
  return value === null || isObject(value)
}
