import { formatFieldPath } from '../field-path/field-path.ts'
import type { JsonObject } from '../json/json.ts'
import type { SharedFolder } from '../template/template.ts'
import { fieldDigest } from '../ownership/record.ts'
import { celList, celString, concatenated, indented } from './cel-literal.ts'
import { above } from './folder-expressions.ts'
import { POD, quotedPattern } from './names.ts'
import {
  annotationIsAdded,
  fieldIsMissing,
  fixedMounts,
  graceIsRaised,
  isAmong,
  isRecorded,
  keyIsMissing,
  namesContainer,
  secretIsMissing,
  volumeIsAdded,
  type AppPart,
  type Names,
} from './conditions.ts'
import { DEFAULT_CONTAINER, type Part, type SidecarParts } from './sidecar-parts.ts'

/** An entry of a record: a field path and the digest of its value. */
function entry(part: Part): string {
  return `${JSON.stringify(formatFieldPath(part.address))}:${JSON.stringify(part.digest)}`
}

function when(condition: string, texts: readonly string[]): string {
  return `${/&&|\|\|/.test(condition) ? `(${condition})` : condition} ? ${celList(texts)} : []`
}

/**
 * CEL expression: whether the sidecar owns something, because it adds it, or because another sidecar added the same, so
 * that its record has the same entry.
 */
function isOwned(isMissing: string, text: string): string {
  return `${isMissing.includes('&&') ? `(${isMissing})` : isMissing} || ${isRecorded(text)}`
}

/** `isOwned` for what every app container gets. A mount of a shared folder is owned only if it is added. */
function isOwnedInApp(part: AppPart): string {
  if (part.isOfFolder) return part.isMissing
  return `${part.isMissing.includes('&&') ? `(${part.isMissing})` : part.isMissing} || ${isAmong(POD.appItems, `(${appEntry(part)})`)}`
}

/** CEL expression: what the sidecar owns, as entries of the record's `own`: a list of texts. */
export function ownedExpression(parts: SidecarParts, names: Names, app: readonly AppPart[]): string {
  const simple = (list: readonly Part[], condition: (part: Part) => string): string[] =>
    list.map((part) => when(isOwned(condition(part), celString(entry(part))), [celString(entry(part))]))
  return concatenated([
    ...simple(parts.annotations, (part) => annotationIsAdded(parts, part)),
    ...(parts.namesDefaultContainer ? [when(ownsDefaultContainer(), [defaultContainerEntry()])] : []),
    ...simple(parts.labels, (part) => keyIsMissing(part, POD.labels)),
    ...app.map((part) => `${names.targets}.map(target, ${isOwnedInApp(part)},\n${indented(appEntry(part))})`),
    ...(parts.containers.length === 0
      ? []
      : [celList(parts.containers.map((part) => containerEntry(parts, names, part)))]),
    ...simple(parts.pullSecrets, secretIsMissing),
    ...simple(parts.fields, fieldIsMissing),
    ...graceEntry(parts),
    ...parts.volumes.map((part) => volumeEntry(parts, names, part)),
    ...parts.folders.map((_folder, n) => `size(${names.shared(n)}) > 0 ? ${names.shared(n)}[0] : []`),
  ])
}

function volumeEntry(parts: SidecarParts, names: Names, part: Part): string {
  const isAdded = volumeIsAdded(parts, names, part)
  const text = celString(entry(part))
  return when(isOfFolder(parts, part) ? isAdded : isOwned(isAdded, text), [text])
}

/** Whether a volume is the one that the sidecar adds for a shared folder. */
function isOfFolder({ folders }: SidecarParts, { address }: Part): boolean {
  const [, , item] = address
  return typeof item === 'object' && folders.some(({ volume }) => volume === item.id)
}

/**
 * CEL expression: the entries of records for the volume that shows a folder, if another sidecar has added it: of the
 * volume, and of its mounts in app containers. The volume stays as long as one of them needs it. A list with one list
 * of texts, or an empty list.
 */
export function sharedExpression({ path }: SharedFolder, found: string): string {
  const volume = `${found}[0].name`
  const text = '[0-9a-f]{8}'
  const levels = above(path).map((one) => quotedPattern(JSON.stringify(one.path).slice(1, -1)))
  return [
    `size(${found}) == 0 ? [] :`,
    `${POD.records}.filter(r, r.contains('"spec.volumes[' + ${volume} + ']":')).map(r,`,
    `  r.findAll('"spec\\\\.volumes\\\\[' + ${volume} + '\\\\]":"${text}"') +`,
    `  r.findAll(${celString(`"spec\\.containers\\[[^\\]]+\\]\\.volumeMounts\\[(?:${levels.join('|')})/*\\]":"${text}"`)}))`,
  ].join('\n')
}

/** CEL expression: the lists in app containers that were created for those mounts. */
function sharedLists(shared: string): string {
  const name = "e.substring(0, e.indexOf('].volumeMounts[')) + '].volumeMounts\"'"
  return `size(${shared}) > 0 ? ${shared}[0].filter(e, e.contains('].volumeMounts[')).map(e, ${isAmong(POD.appLists, `(${name})`)}, ${name}) : []`
}

function ownsDefaultContainer(): string {
  const address = celString(`${JSON.stringify(formatFieldPath(['metadata', 'annotations', DEFAULT_CONTAINER]))}:`)
  const isSame = `size(${POD.apps}) > 0 && ${POD.annotations}[?${celString(DEFAULT_CONTAINER)}].orValue('') == ${POD.apps}[0].name`
  return `(${namesContainer()}) || (${isRecorded(address)} && ${isSame})`
}

/**
 * The entry of the grace period, with its value instead of a digest: it is the longest that any of the sidecars needs.
 */
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

/** CEL expression: the entry of an item in an app container, whose name is a DNS label and needs no escapes in JSON. */
function appEntry(part: AppPart): string {
  const text = entry({ ...part, address: ['spec', 'containers', { id: NAME }, ...part.address] })
  const [before = '', after = ''] = text.split(NAME)
  return `${celString(before)} + target.name + ${celString(after)}`
}

/** A placeholder for the name of a container, which is known only at evaluation. */
const NAME = 'sidecarctl-name'

/**
 * CEL expression: the entry of a container of the sidecar. It has the container's digest, or, if it mounts volumes of
 * the app, the digest of the rest and the values of those mounts, as CEL cannot compute digests.
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

/** CEL expression: a field of a mount as it is between the quotes of JSON; it has no control characters. */
function jsonText(field: string): string {
  return `m.${field}.replace('\\\\', '\\\\\\\\').replace('"', '\\\\"')`
}

function optionalText(field: string): string {
  return `(has(m.${field}) ? ',"${field}":"' + ${jsonText(field)} + '"' : '')`
}

/**
 * CEL expression: an entry of the record's `new`, for a list or map that the Pod lacks, or that was created for another
 * sidecar.
 */
function madeEntry(address: string, isAbsent: string, isNeeded?: string): string {
  const text = celString(JSON.stringify(address))
  const fresh = `${isAbsent} || ${isRecorded(text)}`
  return `${isNeeded === undefined ? fresh : `(${isNeeded}) && (${fresh})`} ? [${text}] : []`
}

function anyIn(conditions: readonly string[]): string {
  return conditions.map((one) => `(${one})`).join(' || ')
}

/** CEL expression: lists and maps that the Pod lacks and the sidecar needs, as texts of the record's `new`. */
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
            anyIn(parts.labels.map((p) => isOwned(keyIsMissing(p, POD.labels), celString(entry(p))))),
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
            anyIn(parts.pullSecrets.map((p) => isOwned(secretIsMissing(p), celString(entry(p))))),
          ),
        ]),
    ...parts.fields
      .filter(({ address }) => address.length > 2)
      .map((part) =>
        madeEntry(
          'spec.securityContext',
          '!has(object.spec.securityContext)',
          isOwned(fieldIsMissing(part), celString(entry(part))),
        ),
      ),
    ...(parts.volumes.length === 0
      ? []
      : [
          madeEntry(
            'spec.volumes',
            '!has(object.spec.volumes)',
            anyIn([
              ...parts.volumes.map((part) =>
                isOfFolder(parts, part)
                  ? volumeIsAdded(parts, names, part)
                  : isOwned(volumeIsAdded(parts, names, part), celString(entry(part))),
              ),
              ...parts.folders.map((_folder, n) => `size(${names.shared(n)}) > 0`),
            ]),
          ),
        ]),
    ...parts.folders.map((_folder, n) => sharedLists(names.shared(n))),
  ])
}

function appCreated({ targets }: Names, list: string, app: readonly AppPart[]): string {
  const missing = app.filter(({ address }) => address[0] === list).map((part) => `(${isOwnedInApp(part)})`)
  const text = `'"spec.containers[' + target.name + '].${list}"'`
  return `${targets}.map(target,\n  (${missing.join(' || ')}) && (!has(target.container.${list}) || ${isAmong(POD.appLists, `(${text})`)}),\n  ${text})`
}

/** CEL expression: the record, as a text. */
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
          `  ',"was":{"spec.terminationGracePeriodSeconds":" ' + string(object.spec.terminationGracePeriodSeconds) + '"}' :`,
          // The value before, from the record of another sidecar.
          `  ${POD.records}.map(r, r.find(${celString(',"was":\\{"spec\\.terminationGracePeriodSeconds":"[^"]*"\\}')})).filter(text, text != '').map(text, text + '|').join('').split('|')[0]) +`,
        ]),
    "'}'",
  ].join('\n')
}
