import { isObject, mapOf, mapsOf, type Json, type JsonObject } from '../json/json.ts'
import { fieldAt, parseFieldPath, type FieldPath } from '../field-path/field-path.ts'
import type { WorkloadOutcome } from '../inject/result.ts'
import type { Entry } from './edit.ts'
import { APP } from './service-pod.ts'
import { mounted } from './service-mounts.ts'
import { escapeDollars, type PodFacts, type SidecarService } from './service-parts.ts'
import { sidecarService } from './sidecar-service.ts'

/** A sidecar as it should be in a Compose file. */
export interface WantedSidecar {
  sidecar: string
  version: string
  /** Name of the service that has the record, and the service without it. */
  name: string
  service: JsonObject
  /** What else the file gets, in order. */
  entries: readonly Entry[]
  notes: readonly string[]
  problems: readonly string[]
}

/**
 * What the sidecars of a service become in Compose.
 * @param outcome what `inject` made of the service's pod
 */
export function wantedSidecars(outcome: WorkloadOutcome, facts: Omit<PodFacts, 'sharesNetwork'>): WantedSidecar[] {
  const chosen = outcome.sidecars.filter(({ action }) => action === 'added')
  return chosen.map(({ name, version }) => {
    const fields = (outcome.fields ?? []).filter(({ sidecars }) => sidecars.includes(name))
    const addresses = fields.flatMap(({ field }) => {
      const address = parseFieldPath(field)
      return address === undefined ? [] : [address]
    })
    return wantedSidecar(name, version, addresses, facts)
  })
}

function wantedSidecar(
  sidecar: string,
  version: string,
  addresses: readonly FieldPath[],
  facts: Omit<PodFacts, 'sharesNetwork'>,
): WantedSidecar {
  const { pod, service: app } = facts
  const at = (address: FieldPath): Json | undefined => fieldAt(pod, address)
  const containers = addresses
    .filter((address) => address.length === 3 && (address[1] === 'containers' || address[1] === 'initContainers'))
    .map(at)
    .filter((container) => isObject(container))
  const isInit = (container: JsonObject): boolean =>
    container['restartPolicy'] !== 'Always' && hasName(mapOf(pod['spec'])?.['initContainers'], container['name'])
  const forApp = addresses.filter(
    (address) => address.length === 5 && address[1] === 'containers' && isNamed(address[2], APP),
  )
  const additions = forApp.map((address) => ({ field: address[3], value: at(address) }))
  const variables = additions.flatMap(({ field, value }) => (field === 'env' && isObject(value) ? [value] : []))
  const configs = facts.objects.map((object) => mapOf(object['data']) ?? {})
  const sharesNetwork = needsLocalhost([...containers, ...variables, ...configs])
  const made = containers.map((container) =>
    Object.assign(sidecarService(container, { ...facts, sharesNetwork }, isInit(container)), {
      name: `${app}-${String(container['name'])}`,
      isInit: isInit(container),
    }),
  )
  const main = made.find((one) => !one.isInit) ?? made[0]
  const own: SidecarService = { service: {}, volumes: new Map(), configs: new Map(), notes: [], problems: [] }
  const mounts = additions
    .filter(({ field, value }) => field === 'volumeMounts' && isObject(value))
    .flatMap(({ value }) => mounted(value as JsonObject, { ...facts, sharesNetwork }, own).volumes)
  const all = [...made, own]
  if (main === undefined) own.problems.push('adds no container, and the rest of it works only in a cluster')
  const inits = made.filter((one) => one.isInit && one !== main)
  if (main !== undefined && !main.isInit && inits.length > 0) {
    main.service['depends_on'] = Object.fromEntries(
      inits.map(({ name }) => [name, { condition: 'service_completed_successfully' }]),
    )
  }
  const entries: Entry[] = [
    ...inits.map(({ name, service }): Entry => ({ at: ['services'], key: name, value: service })),
    ...mounts.map((item): Entry => ({ at: ['services', app, 'volumes'], item })),
    ...variableEntries(variables, facts),
    ...startEntries(made, sharesNetwork, facts, own),
    ...all.flatMap(({ volumes }) => [...volumes].map(([key, value]): Entry => ({ at: ['volumes'], key, value }))),
    ...all.flatMap((one) => [...one.configs].map(([key, value]): Entry => ({ at: ['configs'], key, value }))),
  ]
  if (sharesNetwork && made.some((one) => !one.isInit)) {
    own.notes.push(`it shares the network of ${app} and starts after it; its ports are published by ${app}`)
  }
  return {
    sidecar,
    version,
    name: main?.name ?? `${app}-${sidecar}`,
    service: main?.service ?? {},
    entries: entries.filter((entry, n) => entries.findIndex((other) => isSame(entry, other)) === n),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
    problems: [...new Set(all.flatMap(({ problems }) => problems))],
  }
}

function isSame(one: Entry, other: Entry): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function isNamed(element: FieldPath[number] | undefined, id: string): boolean {
  return typeof element === 'object' && element.id === id
}

function hasName(list: Json | undefined, name: Json | undefined): boolean {
  return mapsOf(list).some((item) => item['name'] === name)
}

const LOCALHOST = /(?<![\w.-])(?:127\.0\.0\.1|localhost|\[::1\])(?![\w.-])/

/** Fields of programs that run in the container itself, or that the kubelet reaches. */
const IN_CONTAINER: ReadonlySet<string> = new Set(['readinessProbe', 'livenessProbe', 'startupProbe', 'lifecycle'])

/** Whether anything in it names the network of the pod itself; probes are left out, as they run in the container. */
function needsLocalhost(parts: readonly JsonObject[]): boolean {
  return parts.some((part) =>
    Object.entries(part).some(([key, value]) => !IN_CONTAINER.has(key) && LOCALHOST.test(JSON.stringify(value))),
  )
}

/** Variables for the app, in the form in which it has its own. */
function variableEntries(variables: readonly JsonObject[], { service, app }: Omit<PodFacts, 'sharesNetwork'>): Entry[] {
  const at = ['services', service, 'environment']
  return variables.map(({ name, value }): Entry => {
    const text = escapeDollars(String(value ?? ''))
    return Array.isArray(app['environment'])
      ? { at, item: `${String(name)}=${text}` }
      : { at, key: String(name), value: text }
  })
}

/** What makes the app wait for its sidecar; nothing where the sidecar joins the network of the app, and so waits for it. */
function startEntries(
  made: readonly { name: string; isInit: boolean; service: JsonObject }[],
  sharesNetwork: boolean,
  { service, app }: Omit<PodFacts, 'sharesNetwork'>,
  own: SidecarService,
): Entry[] {
  const at = ['services', service, 'depends_on']
  return made.flatMap(({ name, isInit, service: sidecar }): Entry[] => {
    if (sharesNetwork && !isInit) return []
    const condition = isInit
      ? 'service_completed_successfully'
      : sidecar['healthcheck'] === undefined
        ? 'service_started'
        : 'service_healthy'
    if (!Array.isArray(app['depends_on'])) return [{ at, key: name, value: { condition } }]
    if (isInit)
      own.problems.push(`must end before ${service} starts, which depends_on of ${service} can express only as a map`)
    return [{ at, item: name }]
  })
}
