import type { ResourceRef } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject, type Json, type JsonObject } from '../json/json.ts'
import { workloadKind } from '../kube/kinds.ts'
import { refOf, valueAt } from '../kube/workload.ts'
import type { Sidecar } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import { OWNER_ANNOTATION, shortHash } from '../ownership/record.ts'

/** Identifies an object within a namespace: `v1/ConfigMap/web-logging`. */
export function extraObjectId({ apiVersion, kind, name }: ResourceRef): string {
  return `${apiVersion}/${kind}/${name}`
}

/** The value of `OWNER_ANNOTATION`: `Deployment/web/logging`. */
export function ownerOf({ kind, name }: ResourceRef, sidecar: string): string {
  return `${kind}/${name}/${sidecar}`
}

/** The owner annotation of an object; undefined without one. */
export function ownerMark(data: JsonObject): Json | undefined {
  return valueAt(data, ['metadata', 'annotations', OWNER_ANNOTATION])
}

/** An extra object without its owner annotation, as earlier versions wrote it. */
export function withoutOwner(object: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject
  const { [OWNER_ANNOTATION]: _, ...annotations } = metadata['annotations'] as JsonObject
  const { annotations: __, ...rest } = metadata
  return { ...object, metadata: Object.keys(annotations).length === 0 ? rest : { ...rest, annotations } }
}

/** Prefix of the pod template annotations that roll the pods when their sidecar's objects change. */
export const CHECKSUM_GROUP = 'config.sidecarctl.dev'

/** The field path of the pod template annotation with the checksum of a sidecar's objects. */
export function checksumAddress(sidecar: string): readonly string[] {
  return ['metadata', 'annotations', `${CHECKSUM_GROUP}/${sidecar}`]
}

/**
 * A sidecar's extra objects, complete: in the workload's namespace, and named after workload and sidecar where the
 * template gives no name. Adds a checksum of them to the pod template, so that a change rolls the pods.
 * @returns the objects, or why they cannot be added
 */
export function extraObjectsOf(
  draft: DesiredPod,
  sidecar: Sidecar,
  workload: ResourceRef,
): { objects: JsonObject[] } | { problem: string } {
  if (sidecar.objects.length === 0) return { objects: [] }
  if (workload.name === '' || workload.name.endsWith('*'))
    return { problem: 'it has no name of its own to name them after' }
  const other = sidecar.objects.map(namespaceIn).find((name) => name !== undefined && name !== workload.namespace)
  if (other !== undefined)
    return {
      problem: `they are placed in its namespace, and the template has one in namespace ${other}; remove metadata.namespace`,
    }
  const objects = sidecar.objects.map((object) => complete(object, sidecar.name, workload))
  for (const object of objects) {
    const { apiVersion, kind, name } = refOf(object)
    if (apiVersion === '' || kind === '') return { problem: 'one of them has no apiVersion or no kind' }
    if (workloadKind(apiVersion, kind) !== undefined) return { problem: `a ${kind} is a workload itself` }
    // Nothing in Kubernetes has a slash in its name (`IsValidPathSegmentName`); in a record it would end the kind.
    if (name.includes('/')) return { problem: `${JSON.stringify(name)} is not a valid name for a ${kind}` }
  }
  const ids = objects.map((object) => extraObjectId(refOf(object)))
  if (new Set(ids).size < ids.length) return { problem: `duplicate object ${ids.find((id, n) => ids.indexOf(id) < n)}` }
  draft.set(sidecar.name, checksumAddress(sidecar.name), shortHash(JSON.stringify(objects)))
  return { objects }
}

/** The namespace that a template gives an object. */
function namespaceIn({ metadata }: JsonObject): string | undefined {
  const namespace = isObject(metadata) ? metadata['namespace'] : undefined
  return typeof namespace === 'string' && namespace !== '' ? namespace : undefined
}

function complete(object: JsonObject, sidecar: string, workload: ResourceRef): JsonObject {
  const { apiVersion, kind, metadata, ...rest } = object
  const own: JsonObject = isObject(metadata) ? metadata : emptyObject()
  const meta: JsonObject = Object.assign(emptyObject(), { name: own['name'] ?? `${workload.name}-${sidecar}` })
  if (workload.namespace !== '') meta['namespace'] = workload.namespace
  for (const [key, value] of Object.entries(own)) if (key !== 'name' && key !== 'namespace') meta[key] = value
  const annotations: JsonObject = isObject(own['annotations']) ? own['annotations'] : emptyObject()
  meta['annotations'] = Object.assign(emptyObject(), annotations, { [OWNER_ANNOTATION]: ownerOf(workload, sidecar) })
  return Object.assign(emptyObject(), { apiVersion: apiVersion as Json, kind: kind as Json, metadata: meta }, rest)
}
