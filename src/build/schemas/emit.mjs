import { referenced } from './read.mjs'

/**
 * Kinds that hold pods, with the plain v1 kinds that stand beside them most often. Their definitions make up the part
 * of a schema that nearly every run needs; it is kept apart so that the rest need not be read.
 */
const COMMON_KINDS = new Set([
  'v1 Pod',
  'v1 PodTemplate',
  'v1 ReplicationController',
  'apps/v1 Deployment',
  'apps/v1 DaemonSet',
  'apps/v1 StatefulSet',
  'apps/v1 ReplicaSet',
  'batch/v1 Job',
  'batch/v1 CronJob',
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 Secret',
  'v1 Service',
  'v1 ServiceAccount',
])

function isCommon(key) {
  return COMMON_KINDS.has(key.replace(/List$/, ''))
}

/** Names of the definitions that are reached from some of them. */
function reachable(definitions, roots) {
  const names = new Set(roots)
  for (const name of names) {
    for (const type of Object.values(definitions[name].fields)) {
      const next = referenced(type)
      if (next !== undefined) names.add(next)
    }
  }
  return names
}

function definitionText({ fields, required }) {
  const words = Object.entries(fields).map(([name, type]) => `${name}${required.includes(name) ? '!' : ':'}${type}`)
  const text = words.join(' ')
  if (!/^(?:[\w$-]+[:!][\w[\]{}]+(?: |$))*$/.test(text)) throw new Error(`not a definition: ${text}`)
  return text
}

function pick(map, wanted) {
  return Object.fromEntries(Object.entries(map).filter(([key]) => wanted(key)))
}

/**
 * Splits a minor's schema into `common` and `other`, each `{ kinds, definitions }`:
 * a kind is `[definition, plural, scope]` with scope `n` (namespaced) or `c` (cluster), a definition is one text such as
 * `image:string name!string`: fields with their types as models.mjs writes them, `!` for required ones. Text that is
 * taken apart when it is needed loads six times as fast as objects.
 */
export function emitMinor({ definitions, kinds }) {
  const rootsOf = (wanted) =>
    Object.keys(kinds)
      .filter(wanted)
      .map((key) => kinds[key].definition)
  const common = reachable(definitions, rootsOf(isCommon))
  const all = reachable(
    definitions,
    rootsOf(() => true),
  )
  const shortKinds = Object.fromEntries(
    Object.entries(kinds).map(([key, { definition, plural, namespaced }]) => [
      key,
      [definition, plural, namespaced ? 'n' : 'c'],
    ]),
  )
  const short = Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, definitionText(each)]))
  return {
    common: { kinds: pick(shortKinds, isCommon), definitions: pick(short, (name) => common.has(name)) },
    other: {
      kinds: pick(shortKinds, (key) => !isCommon(key)),
      definitions: pick(short, (name) => all.has(name) && !common.has(name)),
    },
  }
}

/** First and last minor in which each key of `keysOf(minor)` is present; a gap between them is an error. */
function spans(minors, keysOf) {
  const found = new Map()
  for (const [index, minor] of minors.entries()) {
    for (const key of keysOf(minor)) {
      const span = found.get(key) ?? [minor.minor, minor.minor]
      const previous = minors[index - 1]?.minor
      if (span[1] !== minor.minor && span[1] !== previous) throw new Error(`${key} goes and comes back`)
      span[1] = minor.minor
      found.set(key, span)
    }
  }
  return found
}

/**
 * When kinds and fields came and went: `kinds` maps every kind of any minor to its `[first, last]` minor; `fields` maps
 * a definition to those of its fields that are younger than it or gone before it. A first minor that is the oldest of
 * all means "then or earlier".
 */
export function emitHistory(minors) {
  const kinds = spans(minors, ({ kinds: all }) => Object.keys(all).filter((key) => !key.endsWith('List')))
  const whole = spans(minors, ({ definitions }) => Object.keys(definitions))
  const single = spans(minors, ({ definitions }) =>
    Object.entries(definitions).flatMap(([name, { fields }]) => Object.keys(fields).map((field) => `${name} ${field}`)),
  )
  const fields = {}
  for (const [key, [first, last]] of single) {
    const [name, field] = key.split(' ')
    const [from, to] = whole.get(name)
    if (first === from && last === to) continue
    fields[name] ??= {}
    fields[name][field] = [first, last]
  }
  return { kinds: Object.fromEntries(kinds), fields }
}
