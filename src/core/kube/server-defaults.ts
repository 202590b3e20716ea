import { emptyObject, isObject, type Json, type JsonObject } from '../json/json.ts'
import { parseQuantity } from './quantity.ts'

/**
 * What the API server adds to the parts of a pod when it stores them, so that a part that comes back from a cluster can
 * be compared with the part that was applied.
 * Source: pkg/apis/core/v1 defaults.go and zz_generated.defaults.go; the fields that Go leaves out of JSON (`omitempty`);
 * the ServiceAccount admission plugin.
 */

/** Fields of one type: the value that the server gives each, or leaves out; and the types of parts below it. */
interface Defaults {
  readonly values?: Readonly<Record<string, Json>>
  readonly parts?: Readonly<Record<string, () => Defaults>>
  /** Maps of quantities, which the server writes in their shortest form. */
  readonly quantities?: readonly string[]
  /** What else depends on other fields of the part; changes the copy that it is given. */
  readonly also?: (part: JsonObject) => void
}

const DEFAULT_MODE = 0o644

const HTTP_GET: Defaults = { values: { scheme: 'HTTP', path: '/', host: '' } }
const PROBE: Defaults = {
  values: { initialDelaySeconds: 0, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  parts: {
    httpGet: () => HTTP_GET,
    grpc: () => ({ values: { service: '' } }),
    tcpSocket: () => ({ values: { host: '' } }),
  },
}
const HANDLER: Defaults = { parts: { httpGet: () => HTTP_GET, tcpSocket: () => ({ values: { host: '' } }) } }
const FIELD_REF: Defaults = { values: { apiVersion: 'v1' } }
const RESOURCE_REF: Defaults = {
  values: { containerName: '' },
  also: (ref) => {
    const divisor = parseQuantity(ref['divisor'])
    if (divisor?.nanos === 0n) delete ref['divisor']
    else if (divisor !== undefined) ref['divisor'] = `${divisor.nanos}n`
  },
}
const ENV: Defaults = {
  values: { value: '' },
  parts: { valueFrom: () => ({ parts: { fieldRef: () => FIELD_REF, resourceFieldRef: () => RESOURCE_REF } }) },
}
const PORT: Defaults = { values: { protocol: 'TCP', name: '', hostPort: 0, hostIP: '' } }
const MOUNT: Defaults = { values: { readOnly: false, subPath: '', subPathExpr: '' } }

const RESOURCES: Defaults = {
  quantities: ['limits', 'requests'],
  also: (resources) => {
    const { limits, requests } = resources
    if (!isObject(limits) || !isObject(requests)) return
    // A request that is not given is the limit (SetDefaults_Pod).
    for (const name of Object.keys(requests)) if (requests[name] === limits[name]) delete requests[name]
    dropEmpty(resources, 'requests')
  },
}

const CONTAINER: Defaults = {
  values: {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    stdin: false,
    stdinOnce: false,
    tty: false,
    workingDir: '',
  },
  parts: {
    env: () => ENV,
    lifecycle: () => ({ parts: { postStart: () => HANDLER, preStop: () => HANDLER } }),
    livenessProbe: () => PROBE,
    ports: () => PORT,
    readinessProbe: () => PROBE,
    resources: () => RESOURCES,
    securityContext: () => ({ values: { procMount: 'Default' } }),
    startupProbe: () => PROBE,
    volumeMounts: () => MOUNT,
  },
  also: (container) => {
    if (container['imagePullPolicy'] === pullPolicy(container['image'])) delete container['imagePullPolicy']
    dropItems(container, 'volumeMounts', isTokenMount)
    dropItems(container, 'resizePolicy', (policy) => isObject(policy) && policy['restartPolicy'] === 'NotRequired')
    // `resources` comes back even where there are none.
    dropEmpty(container, 'resources')
  },
}

const FILES: Defaults = { values: { defaultMode: DEFAULT_MODE } }
const DOWNWARD_FILE: Defaults = { parts: { fieldRef: () => FIELD_REF, resourceFieldRef: () => RESOURCE_REF } }
const DOWNWARD: Defaults = { ...FILES, parts: { items: () => DOWNWARD_FILE } }

const VOLUME: Defaults = {
  parts: {
    configMap: () => FILES,
    downwardAPI: () => DOWNWARD,
    emptyDir: () => ({
      values: { medium: '' },
      also: (dir) => {
        const size = parseQuantity(dir['sizeLimit'])
        if (dir['sizeLimit'] !== undefined && size !== undefined) dir['sizeLimit'] = `${size.nanos}n`
      },
    }),
    ephemeral: () => ({
      parts: {
        volumeClaimTemplate: () => ({
          parts: { spec: () => ({ values: { volumeMode: 'Filesystem' }, parts: { resources: () => RESOURCES } }) },
        }),
      },
    }),
    hostPath: () => ({ values: { type: '' } }),
    iscsi: () => ({ values: { iscsiInterface: 'default', lun: 0, readOnly: false } }),
    nfs: () => ({ values: { readOnly: false } }),
    persistentVolumeClaim: () => ({ values: { readOnly: false } }),
    projected: () => ({
      ...FILES,
      parts: {
        sources: () => ({
          parts: {
            downwardAPI: () => ({ parts: { items: () => DOWNWARD_FILE } }),
            serviceAccountToken: () => ({ values: { expirationSeconds: 3600, audience: '' } }),
          },
        }),
      },
    }),
    secret: () => FILES,
  },
  also: (volume) => {
    // A volume without a source is an empty folder (SetDefaults_Volume).
    const emptyDir = volume['emptyDir']
    if (emptyDir === null || (isObject(emptyDir) && Object.keys(emptyDir).length === 0)) delete volume['emptyDir']
    if (isObject(volume['image']) && volume['image']['pullPolicy'] === pullPolicy(volume['image']['reference']))
      delete volume['image']['pullPolicy']
  },
}

/** Lists of a pod's spec, and of a container, by the type of their items. */
const LISTS: Readonly<Record<string, Defaults>> = {
  containers: CONTAINER,
  env: ENV,
  initContainers: CONTAINER,
  ports: PORT,
  volumeMounts: MOUNT,
  volumes: VOLUME,
}

/**
 * An item of one of a pod's lists without what the API server adds to it: without fields that have their default value
 * or that JSON leaves out, with quantities in one form, and with its keys in order. Two items that come to the same here
 * are the same to the server. Anything else is given back as it is.
 *
 * @param list the list that the item is in: `containers`, `initContainers`, `volumes`, `env`, `ports` or `volumeMounts`
 */
export function withoutServerDefaults(list: string, item: Json): Json {
  const defaults = Object.hasOwn(LISTS, list) ? LISTS[list] : undefined
  return defaults === undefined ? sorted(item) : strip(item, defaults)
}

function strip(value: Json, defaults: Defaults): Json {
  if (Array.isArray(value)) return value.map((item) => strip(item, defaults))
  if (!isObject(value)) return value
  const { values = {}, parts = {}, quantities = [] } = defaults
  const out = emptyObject()
  for (const key of Object.keys(value).toSorted()) {
    const field = value[key] as Json
    if (field === null || (Object.hasOwn(values, key) && values[key] === field)) continue
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined
    out[key] = part !== undefined ? strip(field, part()) : quantities.includes(key) ? amounts(field) : sorted(field)
  }
  defaults.also?.(out)
  return out
}

/** Quantities as counts of billionths, so that `0.5` and `500m` are the same. */
function amounts(map: Json): Json {
  if (!isObject(map)) return map
  const out = emptyObject()
  for (const key of Object.keys(map).toSorted()) {
    const quantity = parseQuantity(map[key])
    out[key] = quantity === undefined ? (map[key] as Json) : `${quantity.nanos}n`
  }
  return out
}

/** The same data with the keys of its maps in order. */
export function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const out = emptyObject()
  for (const key of Object.keys(value).toSorted()) out[key] = sorted(value[key] as Json)
  return out
}

/** Always for the tag `latest`, which is that of an image without one; else IfNotPresent. Source: SetDefaults_Container. */
function pullPolicy(image: Json | undefined): string {
  if (typeof image !== 'string' || image === '') return 'IfNotPresent'
  if (image.includes('@')) return 'IfNotPresent'
  const tag = /:([^:/]*)$/.exec(image)?.[1] ?? 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The mount of a token that the ServiceAccount admission plugin gives every container of a Pod. */
function isTokenMount(mount: Json): boolean {
  if (!isObject(mount) || mount['mountPath'] !== TOKEN_PATH) return false
  return typeof mount['name'] === 'string' && /^kube-api-access-[a-z0-9]{5}$/.test(mount['name'])
}

function dropItems(part: JsonObject, key: string, isAdded: (item: Json) => boolean): void {
  const list = part[key]
  if (!Array.isArray(list)) return
  part[key] = list.filter((item) => !isAdded(item))
  dropEmpty(part, key)
}

function dropEmpty(part: JsonObject, key: string): void {
  const value = part[key]
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) delete part[key]
}
