import { followRenames } from '../desired/renamed-containers.ts'
import { fieldTypeProblems } from '../desired/field-types.ts'
import { nameHint } from '../desired/knative.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { isObject, type JsonObject, type JsonPath } from '../json/json.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import { valueAt } from '../kube/workload.ts'
import { annotationAddress, emptyRecord, recordAnnotations, type OwnershipRecord } from '../ownership/record.ts'
import { hasConflictMarkers, readRecord } from '../ownership/record-text.ts'
import { validateRecord } from '../ownership/validate-record.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { templateText } from './plan-edits.ts'
import type { WorkloadContext } from './workload-context.ts'

/** The pod template of a workload. Where sidecars cannot be added to it, reports errors and returns undefined. */
export function editableTemplate({ workload, report }: WorkloadContext): JsonObject | undefined {
  const { ref, workloadKind } = workload
  const template = templateOf(workload)
  const spec = isObject(template) ? template['spec'] : undefined
  const containers = isObject(spec) ? spec['containers'] : undefined
  if (isObject(template) && Array.isArray(containers) && containers.length > 0) {
    for (const { message, path, unquoted } of fieldTypeProblems(template)) {
      const place = pathInObject(workload, path)
      const ofName = path.at(-1) === 'name' ? nameHint(workloadKind) : undefined
      const hint = unquoted === undefined ? ofName : quoteHint(report.locationOf(place), unquoted)
      report.at(place, 'WORKLOAD_MALFORMED', message, { hint })
    }
    return report.hasErrors ? undefined : template
  }
  if (containers !== undefined && containers !== null && !Array.isArray(containers)) {
    const hint = 'begin each container with a dash'
    report.at(pathInObject(workload, CONTAINERS), 'WORKLOAD_MALFORMED', 'this must be a list', { hint })
    return undefined
  }
  report.at(pathInObject(workload, CONTAINERS), 'WORKLOAD_NO_CONTAINERS', `this ${ref.kind} has no containers`, {
    hint:
      ref.kind === 'Pod'
        ? "add the app's container under spec.containers"
        : "add the app's container to the pod template",
  })
  return undefined
}

/**
 * The record in a pod template with the present names of containers, an empty one where there is none. Where it is
 * invalid, reports an error and returns undefined.
 */
export function soundRecord(
  { workload, report }: WorkloadContext,
  template: JsonObject,
  editor: DocumentEditor,
): OwnershipRecord | undefined {
  const read = readRecord(template)
  if (read === undefined) return emptyRecord()
  const renamed = 'record' in read ? followRenames(template, read.record) : undefined
  const fault =
    'record' in read
      ? validateRecord(template, read.record, templateText(editor, workload, template).anchored, renamed)
      : 'cannot be read'
  if (renamed !== undefined && fault === undefined) return renamed
  const key = 'broken' in read ? read.broken : (recordAnnotations(template)[0]?.[0] ?? '')
  const address = annotationAddress(key)
  const isConflicted = hasConflictMarkers(valueAt(template, address as JsonPath))
  report.problem({
    code: 'RECORD_INVALID',
    message: isConflicted
      ? 'this annotation records what sidecarctl added, but it has git conflict markers in it'
      : `this annotation records what sidecarctl added, but it was edited and ${fault}`,
    hint: isConflicted
      ? 'resolve the conflict: keep the annotations of both branches, one for each sidecar'
      : 'restore it from version control, or remove it together with the sidecars',
    address,
  })
  return undefined
}
