/** Makes the patch that gives kustomize the same work: it adds exactly what sidecarctl added. */
import { stringify } from 'yaml'

type Data = null | boolean | number | string | Data[] | { [key: string]: Data }
type Fields = { [key: string]: Data }

/** What tells the items of a list apart, as kustomize's strategic merge has it. */
const KEYS: Readonly<Record<string, string>> = { volumeMounts: 'mountPath' }

function isFields(data: Data | undefined): data is Fields {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

function addedItems(name: string, before: readonly Data[], after: readonly Data[]): Data[] {
  const key = KEYS[name] ?? 'name'
  return after.flatMap((item) => {
    if (!isFields(item)) throw new Error(`a list of other things than maps changed: ${name}`)
    const old = before.find((one) => isFields(one) && one[key] === item[key])
    if (old === undefined) return [item]
    const added = additions(old, item)
    return added === undefined ? [] : [{ [key]: item[key] as Data, ...(added as Fields) }]
  })
}

/** A strategic merge patch that makes `before` into `after`, or undefined when they are equal. */
export function additions(before: Data, after: Data): Data | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined
  if (!isFields(before) || !isFields(after)) throw new Error('a value changed, which no addition is')
  const out: Fields = {}
  for (const [name, value] of Object.entries(after)) {
    const old = before[name]
    if (JSON.stringify(old) === JSON.stringify(value)) continue
    const added =
      old === undefined
        ? value
        : Array.isArray(value) && Array.isArray(old)
          ? addedItems(name, old, value)
          : additions(old, value)
    if (added !== undefined && !(Array.isArray(added) && added.length === 0)) out[name] = added
  }
  return out
}

/** What is added to the Deployments with a label. */
export interface Patch {
  labelSelector: string
  added: Data
}

/** The files of a kustomization that adds this to the Deployments of the resources. */
export function kustomization(patches: readonly Patch[], resources: readonly string[]): Record<string, string> {
  const files = patches.map(({ labelSelector, added }, n) => {
    const patch = merge(
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'any' }, ...(added as Fields) },
      { metadata: { name: 'any' } },
    )
    return {
      path: `patch-${n}.yaml`,
      text: `${JSON.stringify(patch, undefined, 2)}\n`,
      target: { kind: 'Deployment', labelSelector },
    }
  })
  const root = { resources, patches: files.map(({ path, target }) => ({ path, target })) }
  return {
    ...Object.fromEntries(files.map(({ path, text }) => [path, text])),
    // In YAML as people write it, since sidecarctl reads it, too.
    'kustomization.yaml': stringify(root),
  }
}

function merge(a: Fields, b: Fields): Fields {
  const out: Fields = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const old = out[key]
    out[key] = isFields(old) && isFields(value) ? merge(old, value) : value
  }
  return out
}

/** Objects in an order and with lists of named things in an order of their own, so that equal sets compare as equal. */
export function inOrder(data: Data): Data {
  if (Array.isArray(data)) {
    const items = data.map(inOrder)
    return items.every(isFields) ? items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : items
  }
  if (!isFields(data)) return data
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, inOrder(value)]),
  )
}
