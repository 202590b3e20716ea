import { formatFieldPath } from '../field-path/field-path.ts'
import type { JsonObject } from '../json/json.ts'
import { fieldDigest } from '../ownership/record.ts'
import { celList, celString, concatenated, indented } from './cel-literal.ts'
import { POD } from './names.ts'
import {
  annotationIsAdded,
  fieldIsMissing,
  fixedMounts,
  graceIsRaised,
  isRecorded,
  keyIsMissing,
  namesContainer,
  secretIsMissing,
  volumeIsAdded,
  type AppPart,
  type Names,
} from './conditions.ts'
import { DEFAULT_CONTAINER, type Part, type SidecarParts } from './sidecar-parts.ts'

/** A piece of a record: an address and the digest of what is there. */
function entry(part: Part): string {
  return `${JSON.stringify(formatFieldPath(part.address))}:${JSON.stringify(part.digest)}`
}

function when(condition: string, texts: readonly string[]): string {
  return `${condition.includes('&&') ? `(${condition})` : condition} ? ${celList(texts)} : []`
}

/** What the sidecar adds, as entries of the record's `own`: a list of texts. */
export function ownedExpression(parts: SidecarParts, names: Names, app: readonly AppPart[]): string {
  const simple = (list: readonly Part[], condition: (part: Part) => string): string[] =>
    list.map((part) => when(condition(part), [celString(entry(part))]))
  return concatenated([
    ...simple(parts.annotations, (part) => annotationIsAdded(parts, part)),
    ...(parts.namesDefaultContainer ? [when(namesContainer(), [defaultContainerEntry()])] : []),
    ...simple(parts.labels, (part) => keyIsMissing(part, POD.labels)),
    ...app.map((part) => `${names.targets}.map(target, ${part.isMissing},\n${indented(appEntry(part))})`),
    ...(parts.containers.length === 0
      ? []
      : [celList(parts.containers.map((part) => containerEntry(parts, names, part)))]),
    ...simple(parts.pullSecrets, secretIsMissing),
    ...simple(parts.fields, fieldIsMissing),
    ...graceEntry(parts),
    ...parts.volumes.map((part) => when(volumeIsAdded(parts, names, part), [celString(entry(part))])),
  ])
}

/** The grace period in clear, as it is the greatest that any of the sidecars asks for. */
function graceEntry({ grace }: SidecarParts): string[] {
  if (grace === undefined) return []
  const address = '"spec.terminationGracePeriodSeconds"'
  const raised = `'${address}:{"value":' + string(variables.pod_grace) + '}'`
  return [
    `${graceIsRaised(grace)} ? [${raised}] :\n${isRecorded(celString(`${address}:`))} ? ['${address}:{"value":' + string(object.spec.terminationGracePeriodSeconds) + '}'] : []`,
  ]
}

function defaultContainerEntry(): string {
  const address = JSON.stringify(formatFieldPath(['metadata', 'annotations', DEFAULT_CONTAINER]))
  return `'${address}:{"value":"' + ${POD.apps}[0].name + '"}'`
}

/** The name of an app container is a DNS label, which is the same in JSON. */
function appEntry(part: AppPart): string {
  const text = entry({ ...part, address: ['spec', 'containers', { id: NAME }, ...part.address] })
  const [before = '', after = ''] = text.split(NAME)
  return `${celString(before)} + target.name + ${celString(after)}`
}

/** Stands for the name of a container until it is known. */
const NAME = 'sidecarctl-name'

/**
 * A container of the sidecar: its digest where it mounts nothing of the app's; else the digest of the rest, and those mounts
 * in clear, as CEL makes no digests.
 */
function containerEntry(parts: SidecarParts, { folder, mounts }: Names, part: Part): string {
  if (parts.folders.length === 0) return celString(entry(part))
  const container = part.value as JsonObject
  const { volumeMounts: _, ...rest } = container
  const fixed = fixedMounts(parts, container)
  const bare: JsonObject = fixed.length === 0 ? rest : { ...rest, volumeMounts: fixed }
  const head = `${JSON.stringify(formatFieldPath(part.address))}:{"digest":${JSON.stringify(fieldDigest(part.address, bare))},"mounts":[`
  const isOwn = parts.folders.map((_folder, n) => `size(${folder(n)}) == 0`).join(' && ')
  return `${isOwn} ? ${celString(entry(part))} :\n  ${celString(head)} + ${mountTexts(mounts)}.join(',') + ']}'`
}

function mountTexts(mounts: string): string {
  return [
    `${mounts}.map(m,`,
    `    '{"mountPath":"' + ${jsonText('mountPath')} + '","name":"' + m.name + '"' +`,
    `    ${optionalText('subPath')} +`,
    `    ${optionalText('subPathExpr')} +`,
    `    (has(m.readOnly) ? ',"readOnly":true' : '') + '}')`,
  ].join('\n')
}

/** A field of a mount as it is between the quotes of JSON; control characters have been ruled out. */
function jsonText(field: string): string {
  return `m.${field}.replace('\\\\', '\\\\\\\\').replace('"', '\\\\"')`
}

function optionalText(field: string): string {
  return `(has(m.${field}) ? ',"${field}":"' + ${jsonText(field)} + '"' : '')`
}

/** An entry of the record's `new`, for a list or map that the Pod lacks, or that was made for another sidecar. */
function madeEntry(address: string, isAbsent: string, isNeeded?: string): string {
  const text = celString(JSON.stringify(address))
  const fresh = `${isAbsent} || ${isRecorded(text)}`
  return `${isNeeded === undefined ? fresh : `(${isNeeded}) && (${fresh})`} ? [${text}] : []`
}

function anyIn(conditions: readonly string[]): string {
  return conditions.map((one) => `(${one})`).join(' || ')
}

/** Lists and maps that the Pod lacks and the sidecar needs, as texts of the record's `new`. */
export function createdExpression(parts: SidecarParts, names: Names, app: readonly AppPart[]): string {
  const lists = [...new Set(app.filter(({ address }) => address.length === 2).map(({ address }) => String(address[0])))]
  return concatenated([
    madeEntry('metadata.annotations', '!has(object.metadata.annotations)'),
    ...(parts.labels.length === 0
      ? []
      : [
          madeEntry(
            'metadata.labels',
            '!has(object.metadata.labels)',
            anyIn(parts.labels.map((p) => keyIsMissing(p, POD.labels))),
          ),
        ]),
    ...lists.map((list) => appCreated(names, list, app)),
    ...(parts.containers.some(({ address }) => address[1] === 'initContainers')
      ? [madeEntry('spec.initContainers', '!has(object.spec.initContainers)')]
      : []),
    ...(parts.pullSecrets.length === 0
      ? []
      : [
          madeEntry(
            'spec.imagePullSecrets',
            '!has(object.spec.imagePullSecrets)',
            anyIn(parts.pullSecrets.map(secretIsMissing)),
          ),
        ]),
    ...parts.fields
      .filter(({ address }) => address.length > 2)
      .map((part) => madeEntry('spec.securityContext', '!has(object.spec.securityContext)', fieldIsMissing(part))),
    ...(parts.volumes.length === 0
      ? []
      : [
          madeEntry(
            'spec.volumes',
            '!has(object.spec.volumes)',
            anyIn(parts.volumes.map((p) => volumeIsAdded(parts, names, p))),
          ),
        ]),
  ])
}

function appCreated({ targets }: Names, list: string, app: readonly AppPart[]): string {
  const missing = app.filter(({ address }) => address[0] === list).map(({ isMissing }) => `(${isMissing})`)
  const text = `'"spec.containers[' + target.name + '].${list}"'`
  return `${targets}.map(target,\n  (${missing.join(' || ')}) && (!has(target.container.${list}) || ${isRecorded(text)}),\n  ${text})`
}

/** The text of the record. */
export function recordExpression(parts: SidecarParts, { owned, created }: Names): string {
  const { sidecar, grace } = parts
  const head = `{"version":${JSON.stringify(sidecar.version)},"own":{`
  return [
    `${celString(head)} + ${owned}.join(',') + '}' +`,
    `(size(${created}) > 0 ? ',"new":[' + ${created}.join(',') + ']' : '') +`,
    ...(grace === undefined
      ? []
      : [
          `(has(object.spec.terminationGracePeriodSeconds) && ${graceIsRaised(grace)} ?`,
          `  ',"was":{"spec.terminationGracePeriodSeconds":" ' + string(object.spec.terminationGracePeriodSeconds) + '"}' : '') +`,
        ]),
    "'}'",
  ].join('\n')
}
