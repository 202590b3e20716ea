import { append } from '../common/append.ts'
import { isObject, itemsOf, type Json, type JsonObject } from '../json/json.ts'
import { splitApiVersion } from '../kube/kinds.ts'
import { matchesSelector, type LabelSelector } from '../kube/selector.ts'
import { filePlace, isResourceList } from '../kube/transit.ts'
import { knownName, valueAt, type Workload } from '../kube/workload.ts'
import type { Origin, SetMode, SetStart, SetValue, Statement } from './selection.ts'
import { matchesGlob, matchesPath } from './glob.ts'
import type { Addition, Policy } from './policy.ts'

/** The namespace of a workload: `default` where its manifest names none. */
export function namespaceOf(workload: Workload): string {
  return workload.ref.namespace || 'default'
}

/** The path of a workload's file as the policy's patterns see it; in a ResourceList each object says its own. */
function pathIn(policy: Policy, { doc, path, data }: Workload): string | undefined {
  if (path.length === 0 || !isResourceList(doc.data)) return policy.pathOf(doc.source.label)
  const place = filePlace(data)
  return place === undefined ? undefined : policy.pathOf(place.path)
}

/** Why the policy excludes a workload; undefined if it does not. */
export function exclusion(policy: Policy, workload: Workload): 'excluded-namespace' | 'excluded-path' | undefined {
  if (policy.excludesNamespace(namespaceOf(workload))) return 'excluded-namespace'
  const path = pathIn(policy, workload)
  return path !== undefined && policy.excludesPath(path) ? 'excluded-path' : undefined
}

/** Records the rules that match a skipped workload, so that they do not count as unused. */
export function noteRules(policy: Policy, workload: Workload): void {
  const path = pathIn(policy, workload)
  for (const rule of policy.rules ?? []) if (rule.matches(workload, path)) policy.used.add(rule)
}

/** What the rules and defaults of a policy say of a workload. */
export function policyStatement(policy: Policy, workload: Workload): Statement {
  const path = pathIn(policy, workload)
  const additions = new Map<string, Addition>()
  const values: SetValue[] = [...policy.values]
  const modes: SetMode[] = [...policy.modes]
  const starts: SetStart[] = []
  let origin: Origin = {
    level: 'policy',
    text: `${policy.source.label}, where no rule matches`,
    at: { source: policy.source, range: { start: 0, end: 0 } },
  }
  let containers: Statement['containers']
  for (const rule of policy.rules ?? []) {
    if (!rule.matches(workload, path)) continue
    policy.used.add(rule)
    origin = rule.origin
    containers = rule.containers ?? containers
    if (rule.excludes === 'all') additions.clear()
    else for (const { name } of rule.excludes) additions.delete(name)
    for (const addition of rule.adds) {
      if (!additions.has(addition.name)) additions.set(addition.name, addition)
      append(values, addition.values)
      if (addition.mode !== undefined) modes.push(addition.mode)
      if (addition.start !== undefined) starts.push(addition.start)
    }
  }
  const said: Statement = { values, modes, starts, containers, settings: policy.sidecarSettings, diagnostics: [] }
  if (policy.rules === undefined) return said
  const picks = [...additions.values()].map(({ name, origin: from }) => ({ name, origin: from }))
  return { ...said, sidecars: { picks, origin: picks[0]?.origin ?? origin } }
}

/** One condition of a rule. */
type Condition = (workload: Workload, path: string | undefined) => boolean

const metadataMap = (workload: Workload, map: 'labels' | 'annotations'): JsonObject => {
  const value = valueAt(workload.data, ['metadata', map])
  return isObject(value) ? value : {}
}

const texts = (value: Json): string[] => itemsOf(value).map(String)

/** As long as what the API server adds to a generateName. */
const RANDOM = 'xxxxx'

/** What each condition of a rule's `match` means. */
export const CONDITIONS: Readonly<Record<string, (value: Json) => Condition>> = {
  kinds:
    (value) =>
    ({ ref: { kind, apiVersion } }) => {
      const full = `${kind}.${splitApiVersion(apiVersion).group}`
      return texts(value).some((wanted) => wanted === kind || wanted === full)
    },
  namespaces: (value) => (workload) => texts(value).some((glob) => matchesGlob(glob, namespaceOf(workload))),
  names:
    (value) =>
    ({ data }) => {
      const { name, isGenerated } = knownName(data)
      const whole = isGenerated ? name + RANDOM : name
      return texts(value).some((glob) => matchesGlob(glob, whole))
    },
  annotations: (value) => (workload) => {
    const present = metadataMap(workload, 'annotations')
    return Object.entries(value as JsonObject).every(([key, glob]) => {
      const text = Object.hasOwn(present, key) ? present[key] : undefined
      return typeof text === 'string' && matchesGlob(String(glob), text)
    })
  },
  paths: (value) => (_, path) => path !== undefined && texts(value).some((glob) => matchesPath(glob, path)),
}

/** The condition of `match.labels`, once its selector is read. */
export function labelCondition(selector: LabelSelector): Condition {
  return (workload) => matchesSelector(selector, stringsOf(metadataMap(workload, 'labels')))
}

function stringsOf(map: JsonObject): Record<string, string> {
  const out = Object.create(null) as Record<string, string>
  for (const [key, value] of Object.entries(map)) if (typeof value === 'string') out[key] = value
  return out
}
