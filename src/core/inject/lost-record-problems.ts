import type { JsonObject } from '../json/json.ts'
import { INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import { fieldAt } from '../field-path/field-path.ts'
import { missingItems, unrecordedSidecars } from '../desired/lost-record.ts'
import { nameOf, type PlanProblem } from '../desired/pod-paths.ts'
import { annotationAddress, OLD_RECORD, recordKey, type OwnershipRecord } from '../ownership/record.ts'
import type { Sidecar } from '../template/template.ts'
import type { TemplateFinder } from './workload-result.ts'

/** The problem of a sidecar that was in the manifest without a record, and is recorded again. */
export function adoptedProblem(template: JsonObject, { name, container, objects }: Sidecar): PlanProblem {
  const id = container === undefined ? '' : nameOf(container)
  const list = fieldAt(template, [...CONTAINERS, { id }]) === undefined ? INIT_CONTAINERS : CONTAINERS
  // Only the lost record says which objects came with the sidecar, and what their digests were.
  if (objects.length > 0) {
    return {
      code: 'RECORD_LOST',
      message: `sidecar "${name}" is in the manifest without a record, and its objects cannot be recorded again`,
      hint: 'restore the record from version control, or remove the container and its objects and inject again',
      address: [...list, { id }, 'name'],
    }
  }
  return {
    code: 'RECORD_ADOPTED',
    message: `sidecar "${name}" was in the manifest without a record, exactly as it would be injected; it is recorded again`,
    address: [...list, { id }, 'name'],
  }
}

/**
 * The problems of containers that look like a sidecar to be removed or compared, and are in no record.
 * @param isMeant whether a sidecar is one of those to be removed or compared
 * @param file the file as an argument of a command
 */
export function unrecordedProblems(
  template: JsonObject,
  record: OwnershipRecord,
  { find }: TemplateFinder,
  purpose: 'compared' | 'removed',
  isMeant: (sidecar: string) => boolean,
  file: string,
): PlanProblem[] {
  return unrecordedSidecars(template, record, find)
    .filter(({ sidecar }) => isMeant(sidecar))
    .map(({ sidecar, address }): PlanProblem => ({
      code: 'RECORD_MISSING',
      message: `this looks like sidecar "${sidecar}", but no record says that it was injected, so it is not ${purpose}`,
      hint: `restore the annotation ${recordKey(sidecar)} from version control, or ${againHint(sidecar, file)}`,
      address: [...address, 'name'],
    }))
}

/** How to record an unchanged sidecar again. */
function againHint(sidecar: string, file: string): string {
  return file === '-'
    ? `have it recorded again if it is unchanged: sidecarctl inject -s ${sidecar} -`
    : `have it recorded again if it is unchanged: sidecarctl inject -w -s ${sidecar} ${file}`
}

/** The problems of records with fields that are no longer in the manifest; empty where all of them are. */
export function incompleteProblems(
  template: JsonObject,
  record: OwnershipRecord,
  names: Iterable<string>,
): PlanProblem[] {
  return [...names].flatMap((name): PlanProblem[] => {
    const missing = missingItems(template, record, name)
    if (missing.length === 0) return []
    const isAll = missing.length === record.sidecars.get(name)?.own.length
    const own = annotationAddress(recordKey(name))
    return [
      {
        code: 'RECORD_INCOMPLETE',
        message: isAll
          ? `nothing of sidecar "${name}" is left in the manifest; only its record is removed`
          : `the record of sidecar "${name}" names items that are no longer in the manifest: ${missing.join(', ')}`,
        address: fieldAt(template, own) === undefined ? annotationAddress(OLD_RECORD) : own,
      },
    ]
  })
}
