import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { isEqual } from '../json/equality.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { EditLayoutError } from '../yaml/edit/edit-error.ts'
import { RETARGET_ANNOTATION } from './service-prefilter.ts'
import {
  aliasIn,
  formatRetargets,
  retargetText,
  type AnnotationsField,
  type RetargetRecord,
} from './retarget-record.ts'
import type { Service } from './service.ts'

const ANNOTATIONS = ['metadata', 'annotations'] as const
const RECORD = [...ANNOTATIONS, RETARGET_ANNOTATION] as const

/**
 * Plans the edit by which a Service's annotation becomes the record; an empty record takes it out, with what was made
 * for it.
 * @returns whether it changes anything; every change of a port changes the record
 * @throws EditError where the text cannot be edited safely, EditLayoutError where there is no place for an annotation
 */
export function planAnnotation(
  service: Service,
  before: RetargetRecord | undefined,
  after: RetargetRecord,
  editor: DocumentEditor,
): boolean {
  const { data, path } = service
  const change =
    after.ports.size > 0
      ? writing(service, before, after, editor)
      : before === undefined
        ? undefined
        : removing(service, before, editor)
  if (change !== undefined) editor.plan(path, data, [change], () => undefined)
  return change !== undefined
}

function writing(
  { data, path, node }: Service,
  before: RetargetRecord | undefined,
  after: RetargetRecord,
  editor: DocumentEditor,
): PatchOp | undefined {
  if (before !== undefined) {
    const value = formatRetargets(after)
    return retargetText(data) === value ? undefined : { type: 'replace', address: RECORD, value }
  }
  const annotations = valueAt(data, ANNOTATIONS) ?? null
  if (annotations !== null && !isObject(annotations))
    throw new EditLayoutError('metadata.annotations is not a map', node.propertiesStart, 'write a map, or remove it')
  const alias = aliasAbove(editor, path, data)
  if (alias !== undefined) after.was.set(alias.field, alias.text)
  if (annotations === null) {
    after.created = true
    const text = alias === undefined ? editor.textAt(path, ANNOTATIONS) : undefined
    if (text !== undefined) after.was.set('metadata.annotations', text)
  }
  return { type: 'insert', address: RECORD, value: formatRetargets(after), place: 'last' }
}

/** The alias that gives way when the annotation is written. */
function aliasAbove(
  editor: DocumentEditor,
  path: JsonPath,
  data: JsonObject,
): { field: AnnotationsField; text: string } | undefined {
  if (!editor.hasAnchors) return undefined
  const known = isObject(valueAt(data, ANNOTATIONS)) ? ANNOTATIONS : ANNOTATIONS.slice(0, 1)
  const alias = editor.aliases.aliasOn(path, known)
  return alias === undefined
    ? undefined
    : { field: alias.steps === 1 ? 'metadata' : 'metadata.annotations', text: alias.text }
}

function removing({ data, path }: Service, { created, was }: RetargetRecord, editor: DocumentEditor): PatchOp {
  const { [RETARGET_ANNOTATION]: _, ...rest } = valueAt(data, ANNOTATIONS) as JsonObject
  const isEmptied = created && Object.keys(rest).length === 0
  const metadata = data['metadata'] as JsonObject
  const { annotations: __, ...others } = metadata
  const without: Record<AnnotationsField, Json> = {
    'metadata.annotations': rest,
    metadata: isEmptied ? others : { ...metadata, annotations: rest },
  }
  const anchored = (text: string, field: AnnotationsField): Json | undefined => {
    const name = aliasIn(text)
    return name === undefined ? undefined : editor.aliases.anchored(name, [...path, ...field.split('.')])
  }
  for (const [field, text] of was) {
    if (!isEqual(without[field], anchored(text, field))) continue
    return { type: 'restore', address: field.split('.'), text }
  }
  if (!isEmptied) return { type: 'remove', address: RECORD }
  const text = was.get('metadata.annotations')
  // An alias is restored only where it means nothing, as it did.
  if (text === undefined || (aliasIn(text) !== undefined && anchored(text, 'metadata.annotations') !== null))
    return { type: 'remove', address: ANNOTATIONS }
  return { type: 'restore', address: ANNOTATIONS, text }
}
