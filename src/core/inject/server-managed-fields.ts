import { isObject, type JsonPath } from '../json/json.ts'
import { objectsOf } from '../kube/objects.ts'
import { valueAt, type KubeObject } from '../kube/workload.ts'
import type { FileResult } from './result.ts'
import { applyEdits } from '../text/edit.ts'
import { SourceText } from '../text/source.ts'
import { findEntry } from '../yaml/read/construct.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../yaml/read/split.ts'
import type { MapNode, YamlNode } from '../yaml/read/node.ts'
import { YamlEditor } from '../yaml/edit/editor.ts'
import { learnBlockStyle } from '../yaml/edit/style.ts'

/** Fields that a cluster adds to an object, by their map: `kubectl apply` must not send them back. */
const LIVE: readonly { map: JsonPath; keys: readonly string[] }[] = [
  { map: [], keys: ['status'] },
  {
    map: ['metadata'],
    keys: ['managedFields', 'uid', 'resourceVersion', 'creationTimestamp', 'generation', 'selfLink'],
  },
  { map: ['metadata', 'annotations'], keys: ['kubectl.kubernetes.io/last-applied-configuration'] },
]

/**
 * Removes the fields that a cluster added to objects and lists from the output of a result; everything else, comments
 * included, stays as it is. Fields that are an alias, or come from one, stay, too.
 */
export function stripLive(file: FileResult): FileResult {
  const source = new SourceText(file.source.label, file.output)
  const edits = splitDocuments(source)
    .flatMap(readRawDocument)
    .flatMap((doc) => ('root' in doc ? docEdits(doc) : []))
  return edits.length === 0 ? file : { ...file, output: applyEdits(file.output, edits) }
}

function docEdits(doc: YamlDocument) {
  const { root, data } = doc
  if (root?.type !== 'map' || !isObject(data)) return []
  const objects: readonly Pick<KubeObject, 'path' | 'node' | 'data'>[] = objectsOf(doc)
  const isList = objects.some((object) => object.path.length > 0)
  const all = isList ? [{ path: [], node: root, data }, ...objects] : objects
  const plans = all.flatMap((object) => plansFor(doc, object))
  if (plans.length === 0) return []
  const editor = new YamlEditor(doc.source, doc.format, () => learnBlockStyle(doc.source.text, root))
  for (const { node, keys, depth } of plans) {
    if (keys.size === node.pairs.length) editor.clear(node, depth)
    else editor.removePairs(node, keys, depth)
  }
  return editor.edits()
}

interface Plan {
  node: MapNode
  keys: Set<string>
  depth: number
}

/** The keys to remove from an object's maps; a map that would be empty is removed as well. */
function plansFor(doc: YamlDocument, { path, node, data }: Pick<KubeObject, 'path' | 'node' | 'data'>): Plan[] {
  const plans: Plan[] = []
  let emptied: string | undefined
  for (const { map, keys } of LIVE.toReversed()) {
    const holder = ownMap(node, map)
    const present = valueAt(data, map)
    if (holder === undefined || !isObject(present)) {
      emptied = undefined
      continue
    }
    const gone = new Set(
      [...keys, ...(emptied === undefined ? [] : [emptied])].filter((key) =>
        doc.anchors ? isFree(holder, key, doc.source.text) : findEntry(holder, key) !== undefined,
      ),
    )
    const isEmptied = gone.size > 0 && gone.size === holder.pairs.length && map.length > 0
    emptied = isEmptied ? (map.at(-1) as string) : undefined
    if (gone.size > 0 && !isEmptied) plans.push({ node: holder, keys: gone, depth: path.length + map.length })
  }
  return plans
}

/** The map at a path; undefined where it is shared through an anchor, alias or merge key. */
function ownMap(root: YamlNode, path: JsonPath): MapNode | undefined {
  let node: YamlNode | undefined = root
  for (const step of path) {
    if (node?.type !== 'map' || node.anchor !== undefined) return undefined
    const entry = findEntry(node, step as string)
    node = entry?.merged === true ? undefined : entry?.pair.value
  }
  return node?.type === 'map' && node.anchor === undefined ? node : undefined
}

/** True for a key that is written in the map itself, and whose value has no anchor that an alias may need. */
function isFree(map: MapNode, key: string, text: string): boolean {
  const entry = findEntry(map, key)
  if (entry === undefined || entry.merged) return false
  return !text.slice(entry.pair.start, entry.pair.value.end).includes('&')
}
