import { addTo } from '../common/maps.ts'
import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import { isEqual } from '../json/equality.ts'
import type { JsonObject } from '../json/json.ts'
import { objectsOf } from '../kube/objects.ts'
import type { KubeObject } from '../kube/workload.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import type { FileResult } from './result.ts'

/** An object that a run changed. */
export interface ObjectChange {
  readonly resource: ResourceRef
  /** 0-based offset of the object in the input's text. */
  readonly offset: number
  readonly before: JsonObject
  /** Undefined for an object that is removed. */
  readonly after: JsonObject | undefined
}

/** The changes of a run to the objects of an input. */
export interface ObjectChanges {
  readonly changed: readonly ObjectChange[]
  /** Objects that were added with sidecars, in order. */
  readonly added: readonly JsonObject[]
  /** References to all objects of the input. */
  readonly resources: readonly ResourceRef[]
}

/** Compares the objects of an input, including items of lists, with those of its output. */
export function objectChanges({ source, output }: FileResult): ObjectChanges {
  const before = readAll(source)
  const after = output === source.text ? before : readAll(new SourceText(source.label, output))
  const left = new Map<string, KubeObject[]>()
  for (const object of after) {
    const key = keyOf(object)
    addTo(left, key, object)
  }
  const changed = before.flatMap((object): ObjectChange[] => {
    const now = left.get(keyOf(object))?.shift()
    if (now !== undefined && isEqual(object.data, now.data)) return []
    const { ref, node, data } = object
    return [{ resource: ref, offset: node.propertiesStart, before: data, after: now?.data }]
  })
  const added = new Set([...left.values()].flat())
  return {
    changed,
    added: after.filter((object) => added.has(object)).map(({ data }) => data),
    resources: before.map(({ ref }) => ref),
  }
}

function keyOf({ ref: { apiVersion, kind, namespace, name } }: KubeObject): string {
  return JSON.stringify([apiVersion, kind, namespace, name])
}

function readAll(source: SourceText): KubeObject[] {
  return splitDocuments(source)
    .flatMap(readRawDocument)
    .flatMap((doc) => ('root' in doc ? objectsOf(doc) : []))
}
