import {
  diagnostic,
  type Diagnostic,
  type ResourceRef,
  type SourceLocation,
} from '../../core/diagnostics/diagnostic.ts'
import { objectChanges, type ObjectChange } from '../../core/inject/object-changes.ts'
import type { FileResult, RunResult } from '../../core/inject/result.ts'
import { isObject, type JsonObject } from '../../core/json/json.ts'
import { splitApiVersion } from '../../core/kube/kinds.ts'
import { diffObjects } from '../../core/patch/json-patch.ts'
import { namePattern, type ObjectPatch, type PatchTarget, type TargetSelector } from '../../report/patches.ts'

/** What is exported. */
export interface MadePatches {
  patches: readonly ObjectPatch[]
  /** Objects that sidecars bring along. */
  objects: readonly JsonObject[]
  /** The selectors of all objects of the inputs. */
  targets: readonly TargetSelector[]
}

/** The patches that turn the inputs of a run into its result, and the objects that come with them. */
export function makePatches(
  result: RunResult,
  target: PatchTarget,
): MadePatches & { diagnostics: readonly Diagnostic[] } {
  const all = result.files.map((file) => ({ file, changes: objectChanges(file) }))
  const resources = all.flatMap(({ changes }) => changes.resources)
  const selectorOf = selectors(resources)
  const changed = all.flatMap(({ file, changes }) => changes.changed.map((change) => ({ file, change })))
  return {
    patches: changed.map(({ change: { resource, before, after } }) => ({
      target: selectorOf(resource),
      ops: after === undefined ? 'delete' : diffObjects(asSeen(before, target), asSeen(after, target)),
    })),
    objects: all.flatMap(({ changes }) => changes.added),
    targets: resources.map(selectorOf),
    diagnostics: [
      ...changed.flatMap(({ file, change }) => (isNamed(change.before) ? [] : [unnamed(file, change)])),
      ...(target === 'json-patch' ? [] : ambiguous(changed, selectorOf)),
    ],
  }
}

/** Errors for objects that are selected as an earlier one is, so that the patches of both would apply to each. */
function ambiguous(
  changed: readonly { file: FileResult; change: ObjectChange }[],
  selectorOf: (resource: ResourceRef) => TargetSelector,
): Diagnostic[] {
  const first = new Map<string, SourceLocation>()
  return changed.flatMap(({ file: { source }, change: { before, resource, offset } }) => {
    const key = JSON.stringify(selectorOf(resource))
    const at = { source, range: { start: offset, end: offset } }
    const other = first.get(key)
    if (!isNamed(before) || other === undefined) {
      first.set(key, at)
      return []
    }
    return diagnostic('EXPORT_IMPOSSIBLE', 'a patch for this object would also apply to another one', {
      at,
      resource,
      related: [{ message: 'an object of the same kind, name and namespace', at: other }],
      hint: 'export them one at a time, each to a folder of its own',
    })
  })
}

/**
 * An object as the program that applies the patch sees it. kustomize keeps notes of its own in the annotations, so that
 * the map is never absent, and cannot be tested as a whole.
 */
function asSeen(object: JsonObject, target: PatchTarget): JsonObject {
  const metadata = object['metadata']
  if (target === 'json-patch' || !isObject(metadata) || isObject(metadata['annotations'])) return object
  return { ...object, metadata: { ...metadata, annotations: {} } }
}

/**
 * How kustomize selects each object. One without a namespace is selected without, unless another of its kind and name has
 * one: kustomize then takes it for the namespace default.
 */
function selectors(resources: readonly ResourceRef[]): (resource: ResourceRef) => TargetSelector {
  const counts = new Map<string, number>()
  for (const one of resources) counts.set(nameKey(one), (counts.get(nameKey(one)) ?? 0) + 1)
  return (resource) => {
    const { group, version } = splitApiVersion(resource.apiVersion)
    const namespace =
      resource.namespace === '' && (counts.get(nameKey(resource)) ?? 0) > 1 ? 'default' : resource.namespace
    return {
      ...(group !== '' && { group }),
      version,
      kind: resource.kind,
      name: namePattern(resource.name),
      ...(namespace !== '' && { namespace }),
    }
  }
}

function nameKey({ kind, apiVersion, name }: ResourceRef): string {
  return JSON.stringify([apiVersion, kind, name])
}

function isNamed({ metadata }: JsonObject): boolean {
  const name = (metadata as JsonObject | undefined)?.['name']
  return typeof name === 'string' && name !== ''
}

function unnamed({ source }: FileResult, { resource, offset }: ObjectChange): Diagnostic {
  return diagnostic('EXPORT_NO_NAME', 'no patch can select this object, because it has no metadata.name', {
    at: { source, range: { start: offset, end: offset } },
    resource,
    hint: 'give it a name instead of generateName, or use sidecarctl inject',
  })
}
