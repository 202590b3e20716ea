import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, formatJsonPath, type Json, type JsonObject } from '../json/json.ts'
import { filePlace } from '../kube/transit.ts'
import { refOf, valueAt } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { itemAt, type ResourceList } from './resource-list.ts'

/**
 * Diagnostics as `results` of a KRM function, each with the object, its file and the field, as far as they are known.
 * Source: kustomize `cmd/config/docs/api-conventions/functions-spec.md`, `results`.
 */
export function resultsOf(diagnostics: readonly Diagnostic[], list: ResourceList): JsonObject[] {
  return diagnostics.map((found) => resultOf(found, list))
}

function resultOf({ severity, code, message, hint, at, resource, path }: Diagnostic, list: ResourceList): JsonObject {
  const item = at !== undefined && isOf(at.source, list) ? itemAt(list, at.range.start) : undefined
  const ref = resource ?? (item === undefined ? undefined : refOf(item))
  // A policy or template is named by its path.
  const other = at !== undefined && !isOf(at.source, list) ? { path: at.source.label } : undefined
  const place = other ?? filePlace(item)
  const value = item === undefined || path === undefined ? undefined : valueAt(item, path)
  return compact({
    message: hint === undefined ? message : `${message} (${hint})`,
    severity,
    resourceRef:
      ref === undefined
        ? undefined
        : compact({
            apiVersion: ref.apiVersion,
            kind: ref.kind,
            name: ref.name,
            namespace: ref.namespace === '' ? undefined : ref.namespace,
          }),
    field:
      path === undefined || path.length === 0
        ? undefined
        : compact({ path: formatJsonPath(path), currentValue: isScalar(value) ? value : undefined }),
    file: place === undefined ? undefined : compact({ ...place }),
    tags: compact({ code }),
  })
}

function isOf(source: SourceText, { doc }: ResourceList): boolean {
  return source === doc.source || (source.label === doc.source.label && source.text === doc.source.text)
}

function isScalar(value: Json | undefined): value is string | number | boolean {
  return value !== undefined && value !== null && typeof value !== 'object'
}

function compact(fields: Record<string, Json | undefined>): JsonObject {
  return Object.assign(
    emptyObject(),
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  ) as JsonObject
}
