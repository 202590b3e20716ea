import { wordSet } from '../common/words.ts'
import type { Workload } from '../kube/workload.ts'
import { findEntry } from '../yaml/read/construct.ts'
import { deref, type MapNode, type YamlNode } from '../yaml/read/node.ts'

/** Fields of a pod's spec, of its metadata and of its containers that sidecars add to or set. */
const POD_FIELDS = wordSet(`
  containers imagePullSecrets initContainers securityContext serviceAccountName shareProcessNamespace
  terminationGracePeriodSeconds volumes
`)
const CONTAINER_FIELDS = new Set(['command', 'env', 'lifecycle', 'name', 'ports', 'volumeMounts'])
const TEMPLATE_FIELDS = new Set(['metadata', 'spec'])
const METADATA_FIELDS = new Set(['annotations', 'labels'])

/** True for any name. */
const ANY = { has: () => true }

/** A map that an edit may pass through or change, and the keys of it that the edit may use. */
interface Way {
  readonly map: MapNode
  readonly keys: { has(name: string): boolean }
}

/**
 * Finds out whether a duplicate key is on the path of an edit. kubectl uses the last of the two and kustomize accepts
 * neither, so no edit may depend on one. Other duplicate keys do not matter.
 * @returns a predicate for the name of a duplicate key and the 0-based offset of its second occurrence
 */
export function onTheWay({ node, templatePath, workloadKind }: Workload): (name: string, offset: number) => boolean {
  const ways: Way[] = []
  let at: YamlNode | undefined = node
  for (const step of templatePath) {
    at = typeof step === 'number' ? itemOf(at, step) : enter(ways, at, new Set([step]), step)
  }
  const spec = workloadKind.inline === true ? at : enter(ways, at, TEMPLATE_FIELDS, 'spec')
  const metadata = valueOf(at, 'metadata')
  for (const key of METADATA_FIELDS) enter(ways, enter(ways, metadata, METADATA_FIELDS, key), ANY, '')
  for (const list of ['containers', 'initContainers']) {
    const containers = enter(ways, spec, POD_FIELDS, list)
    const items = containers === undefined ? [] : itemsOf(containers)
    for (const item of items) enter(ways, item, CONTAINER_FIELDS, '')
  }
  return (name, offset) =>
    ways.some(
      ({ map, keys }) =>
        keys.has(name) && map.pairs.some(({ key }) => key.start === offset || key.propertiesStart === offset),
    )
}

/** Notes a map with its keys, and returns the value of one of them. */
function enter(ways: Way[], node: YamlNode | undefined, keys: Way['keys'], key: string): YamlNode | undefined {
  const map = node === undefined ? undefined : deref(node)
  if (map?.type !== 'map') return undefined
  ways.push({ map, keys })
  return valueOf(map, key)
}

function valueOf(node: YamlNode | undefined, key: string): YamlNode | undefined {
  const map = node === undefined ? undefined : deref(node)
  return map?.type === 'map' ? findEntry(map, key)?.pair.value : undefined
}

function itemsOf(node: YamlNode): readonly YamlNode[] {
  const list = deref(node)
  return list.type === 'seq' ? list.items : []
}

function itemOf(node: YamlNode | undefined, index: number): YamlNode | undefined {
  return node === undefined ? undefined : itemsOf(node)[index]
}
