import { byteLength, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { stringOf } from '../lists.ts'

const CODE = 'CLUSTER_FIELD'
/** Bytes. Source: core validation ReportingInstanceLengthLimit and so on. */
const MAX_TEXT = 128
const MAX_NOTE = 1024

/** An Event of the core group. Source: core validation ValidateEventCreate. */
export function coreEvent(object: Field): void {
  legacy(object, { object: 'involvedObject', controller: 'reportingComponent', note: 'message' })
}

/**
 * An Event of events.k8s.io/v1, which has other names for its fields, and more rules.
 * Source: core validation ValidateEventCreate.
 */
export function newEvent(object: Field): void {
  legacy(object, { object: 'regarding', controller: 'reportingController', note: 'note' })
  if (!hasTime(object)) object.get('eventTime').required('FIELD_REQUIRED')
  const type = object.get('type')
  const text = stringOf(type)
  if (text !== undefined && text !== 'Normal' && text !== 'Warning')
    type.invalid(CODE, `has invalid value: ${text}`, { shown: text })
  for (const key of ['deprecatedFirstTimestamp', 'deprecatedLastTimestamp', 'deprecatedCount']) {
    if (!object.get(key).empty && object.get(key).value !== 0) object.get(key).invalid(CODE, 'needs to be unset')
  }
  const source = object.get('deprecatedSource')
  if (!source.get('component').empty || !source.get('host').empty) source.invalid(CODE, 'needs to be unset')
  series(object.get('series'))
}

function series(field: Field): void {
  if (!field.present) return
  if ((field.get('count').number ?? 0) < 2)
    field.get('count').invalid(CODE, 'should be at least 2', { shown: field.get('count').value ?? 0 })
  field.get('lastObservedTime').nonEmpty()
}

function hasTime(object: Field): boolean {
  return !object.get('eventTime').empty
}

interface Names {
  readonly object: string
  readonly controller: string
  readonly note: string
}

/**
 * Source: core validation legacyValidateEvent. An object without a namespace counts as one in `default`, where kubectl
 * creates it.
 */
function legacy(object: Field, names: Names): void {
  const own = object.get('metadata', 'namespace').text || 'default'
  const field = object.get(names.object, 'namespace')
  const other = stringOf(field)
  const mismatch = (): void => field.invalid(CODE, 'does not match event.namespace', { shown: other ?? '' })
  if (!hasTime(object)) {
    if (other !== undefined && (other === '' ? own !== 'default' : other !== own)) mismatch()
  } else {
    if (other === '' && own !== 'default' && own !== 'kube-system') mismatch()
    timed(object, names)
  }
  for (const fault of dns1123Subdomain(own)) object.get('metadata', 'namespace').invalid(CODE, fault)
}

/** Further rules of an Event that has an eventTime. */
function timed(object: Field, names: Names): void {
  object.get(names.controller).requiredFormat(CODE, qualifiedName)
  for (const key of ['reportingInstance', 'action', 'reason']) {
    const field = object.get(key)
    if (field.empty) field.required('FIELD_REQUIRED')
    else if (byteLength(field.text ?? '') > MAX_TEXT)
      field.invalid(CODE, `can have at most ${MAX_TEXT} characters`, { shown: '' })
  }
  const note = object.get(names.note)
  if (byteLength(note.text ?? '') > MAX_NOTE)
    note.invalid(CODE, `can have at most ${MAX_NOTE} characters`, { shown: '' })
}
