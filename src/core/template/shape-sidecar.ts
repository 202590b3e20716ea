import { isObject, itemsOf, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import type { Report } from './expand.ts'
import type {
  AppAdditions,
  ClassicAdditions,
  PodAdditions,
  SettingGroup,
  SharedFolder,
  Sidecar,
  Template,
} from './template.ts'
import { readVersionRange } from './version-range.ts'

/** One field of the resolved spec under its path. */
interface Field {
  value: Json | undefined
  path: JsonPath
  report: Report
}

/**
 * Makes a sidecar of a resolved `spec`. What the Kubernetes objects in it hold is left to validation of the
 * result; the template's own fields are checked here, since values may have gone into them.
 */
export function shapeSidecar(template: Template, spec: JsonObject, report: Report): Omit<Sidecar, 'parameters'> {
  const root: Field = { value: spec, path: ['spec'], report }
  const container = objectOf(field(root, 'container'))
  const initContainers = named(field(root, 'initContainers'), 'name')
  const requires = field(root, 'requires')
  const order = field(root, 'order')
  return {
    name: template.name,
    version: template.version,
    container: container === undefined ? undefined : withTexts(withName(container, template.name)),
    initContainers: initContainers.map(withTexts),
    volumes: named(field(root, 'volumes'), 'name').map(dropEmptyLists),
    sharedFolders: items(field(root, 'sharedFolders')).map(sharedFolder),
    app: appAdditions(field(root, 'app')),
    pod: podAdditions(field(root, 'pod')),
    objects: objects(field(root, 'objects')),
    together: items(field(root, 'together')).map(settingGroup),
    mode: template.mode,
    classic: classicAdditions(field(root, 'classic')),
    order: {
      position: choice(field(order, 'position'), ['first', 'last']),
      before: texts(field(order, 'before')),
      after: texts(field(order, 'after')),
    },
    requires: {
      kinds: texts(field(requires, 'kinds')),
      ...versions(field(requires, 'kubernetes')),
      hostNetwork: choice(field(requires, 'hostNetwork'), ['allow', 'skip']) ?? 'allow',
    },
    proxies: whole(field(root, 'proxies')),
  }
}

/** The sidecar container is called like its template unless it says otherwise. */
function withName(container: JsonObject, name: string): JsonObject {
  if (container['name'] !== undefined) return container
  return Object.assign(Object.create(null) as JsonObject, { name }, container)
}

/**
 * A container whose commands, arguments and environment values are strings, as Kubernetes requires, even where a
 * placeholder left a number or a boolean.
 */
function withTexts(container: JsonObject): JsonObject {
  dropEmptyLists(container)
  for (const key of ['command', 'args']) {
    const list = container[key]
    if (Array.isArray(list)) container[key] = list.map(asText)
  }
  if (Array.isArray(container['env'])) container['env'] = container['env'].map(withTextValue)
  for (const key of ['startupProbe', 'livenessProbe', 'readinessProbe']) withTextCommand(container[key])
  if (isObject(container['lifecycle'])) withTextHooks(container['lifecycle'])
  return container
}

/**
 * Removes lists whose items were all left out by conditions: the API server does not keep empty lists, so tools that
 * compare with the cluster would always see a difference.
 */
function dropEmptyLists<T extends Json>(value: T): T {
  const items = itemsOf(value)
  for (const item of items) dropEmptyLists(item)
  for (const [key, field] of Object.entries(isObject(value) ? value : {})) {
    if (Array.isArray(field) && field.length === 0) delete (value as JsonObject)[key]
    else dropEmptyLists(field)
  }
  return value
}

function withTextHooks(lifecycle: JsonObject): JsonObject {
  withTextCommand(lifecycle['postStart'])
  withTextCommand(lifecycle['preStop'])
  return lifecycle
}

/** The command of a probe or hook. */
function withTextCommand(handler: Json | undefined): void {
  const exec = isObject(handler) ? handler['exec'] : undefined
  if (isObject(exec) && Array.isArray(exec['command'])) exec['command'] = exec['command'].map(asText)
}

function withTextValue(variable: Json): Json {
  if (isObject(variable) && variable['value'] !== undefined) variable['value'] = asText(variable['value'])
  return variable
}

function asText(value: Json): Json {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
}

function sharedFolder(node: Field): SharedFolder {
  const path = absolute(field(node, 'path')) ?? ''
  const sidecarPath = field(node, 'sidecarPath')
  return {
    volume: requiredText(field(node, 'volume')),
    path,
    sidecarPath: sidecarPath.value === undefined ? path : (absolute(sidecarPath) ?? ''),
    sidecarReadOnly: flag(field(node, 'sidecarReadOnly')) ?? false,
    appReadOnly: flag(field(node, 'appReadOnly')) ?? false,
    readsAgain: flag(field(node, 'readsAgain')) ?? false,
    source: objectOf(field(node, 'source')) ?? emptyDir(),
  }
}

function emptyDir(): JsonObject {
  return Object.assign(Object.create(null) as JsonObject, { emptyDir: Object.create(null) as JsonObject })
}

function appAdditions(node: Field): AppAdditions {
  const which = field(node, 'containers')
  const containers = Array.isArray(which.value) ? texts(which) : choice(which, ['all', 'first'])
  return {
    containers: containers ?? 'all',
    env: named(field(node, 'env'), 'name').map((variable) => withTextValue(variable) as JsonObject),
    volumeMounts: named(field(node, 'volumeMounts'), 'mountPath'),
    ports: named(field(node, 'ports'), 'containerPort'),
    lifecycle: hooks(field(node, 'lifecycle')),
  }
}

function settingGroup(node: Field): SettingGroup {
  return {
    env: texts(field(node, 'env')),
    annotations: texts(field(node, 'annotations')),
    meaning: text(field(node, 'meaning')),
  }
}

function podAdditions(node: Field): PodAdditions {
  return {
    labels: textMap(field(node, 'labels')),
    annotations: textMap(field(node, 'annotations')),
    imagePullSecrets: named(field(node, 'imagePullSecrets'), 'name'),
    shareProcessNamespace: flag(field(node, 'shareProcessNamespace')),
    fsGroup: whole(field(node, 'fsGroup')),
    minTerminationGracePeriodSeconds: whole(field(node, 'minTerminationGracePeriodSeconds')),
    serviceAccountName: text(field(node, 'serviceAccountName')),
  }
}

function hooks(node: Field): JsonObject | undefined {
  const lifecycle = objectOf(node)
  return lifecycle === undefined ? undefined : withTextHooks(lifecycle)
}

function classicAdditions(node: Field): ClassicAdditions {
  return {
    startFirst: flag(field(node, 'startFirst')) ?? false,
    lifecycle: hooks(field(node, 'lifecycle')),
    minTerminationGracePeriodSeconds: whole(field(node, 'minTerminationGracePeriodSeconds')),
  }
}

function versions(node: Field): { minMinor: number | undefined; maxMinor: number | undefined } {
  const range = text(node)
  const read = range === undefined ? { minMinor: undefined, maxMinor: undefined } : readVersionRange(range)
  if (read !== undefined) return read
  node.report(node.path, 'a range of Kubernetes versions must be written like ">=1.29" or ">=1.29 <1.36"')
  return { minMinor: undefined, maxMinor: undefined }
}

function field(parent: Field, key: string): Field {
  const { value, path, report } = parent
  if (value !== undefined && value !== null && !isObject(value)) report(path, 'this must be a map')
  const inner = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return { value: inner === null ? undefined : inner, path: [...path, key], report }
}

/** The value when `is` holds or there is none; anything else is reported. */
function typed<T extends Json>(node: Field, is: (value: Json) => value is T, noun: string): T | undefined {
  if (node.value === undefined) return undefined
  if (is(node.value)) return node.value
  node.report(node.path, `this must be ${noun}`)
  return undefined
}

const isText = (value: Json): value is string => typeof value === 'string'
const objectOf = (node: Field): JsonObject | undefined => typed(node, isObject, 'a map')
const text = (node: Field): string | undefined => typed(node, isText, 'a string')
const flag = (node: Field): boolean | undefined => typed(node, (v) => typeof v === 'boolean', 'true or false')
const whole = (node: Field): number | undefined =>
  typed(node, (v): v is number => Number.isSafeInteger(v) && (v as number) >= 0, 'a whole number')
const absolute = (node: Field): string | undefined =>
  typed({ ...node, value: node.value ?? '' }, (v): v is string => isText(v) && v.startsWith('/'), 'an absolute path')

function requiredText(node: Field): string {
  const value = text(node)
  if (node.value === undefined) node.report(node.path, 'this field is required')
  return value ?? ''
}

function choice<T extends string>(node: Field, choices: readonly T[]): T | undefined {
  return typed(node, (v): v is T => (choices as readonly Json[]).includes(v), `one of ${choices.join(', ')}`)
}

function items(node: Field): Field[] {
  const list = typed(node, Array.isArray, 'a list') ?? []
  return (list as Json[]).map((value, i) => ({ value, path: [...node.path, i], report: node.report }))
}

function objects(node: Field): JsonObject[] {
  const out: JsonObject[] = []
  for (const item of items(node)) {
    const object = objectOf(item)
    if (object !== undefined) out.push(object)
  }
  return out
}

/** Maps that are identified by a field, which each must have. */
function named(node: Field, key: string): JsonObject[] {
  for (const item of items(node)) {
    const id = isObject(item.value) ? item.value[key] : undefined
    if (isObject(item.value) && (id === undefined || id === null || id === ''))
      item.report([...item.path, key], 'this field is required')
  }
  return objects(node)
}

function texts(node: Field): string[] {
  return items(node).flatMap((item) => text(item) ?? [])
}

/** Labels or annotations; their values are strings, even where a placeholder left a number or a boolean. */
function textMap(node: Field): Record<string, string> {
  const out: Record<string, string> = Object.create(null)
  const map = objectOf(node) ?? {}
  for (const key of Object.keys(map)) {
    const value = text({ value: asText(map[key] ?? null), path: [...node.path, key], report: node.report })
    if (value !== undefined) out[key] = value
  }
  return out
}
