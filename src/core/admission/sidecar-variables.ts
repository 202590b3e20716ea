import { isObject, textOf, type Json, type JsonObject } from '../json/json.ts'
import { fieldDigest, recordKey } from '../ownership/record.ts'
import { hasMountsBelow } from '../desired/shared-folder.ts'
import type { SharedFolder } from '../template/template.ts'
import { allOf, celLiteral, celString, indented } from './cel-literal.ts'
import type { AppPart, Names } from './conditions.ts'
import { conflictConditions } from './conflict-conditions.ts'
import { foundMounts, folderConditions, mountsOf } from './folder-expressions.ts'
import { POD } from './names.ts'
import { patchExpression } from './patch-expression.ts'
import type { PolicyVariable } from './policy-variable.ts'
import { createdExpression, ownedExpression, sharedExpression } from './record-expression.ts'
import type { Part, SidecarParts } from './sidecar-parts.ts'

/** The variables of one sidecar, each after those that it uses. */
export interface SidecarVariables {
  /** Whether the Pod gets the sidecar. */
  decide: readonly PolicyVariable[]
  /** What it adds. These variables use `pod_grace`, which uses the decisions on all sidecars. */
  add: readonly PolicyVariable[]
  /** CEL expression: the patch, a list of maps with `path` and `value`. */
  patch: string
  /** Whether the Pod gets the sidecar. */
  applies: string
}

/**
 * The variables for whether a Pod gets a sidecar, and what it adds.
 * @param selected CEL expression: whether the policy selects the Pod for it
 */
export function sidecarVariables(parts: SidecarParts, selected: string): SidecarVariables {
  const { sidecar, folders, prefix } = parts
  const at = (name: string): string => `variables.${prefix}_${name}`
  const names: Names = {
    wanted: at('wanted'),
    fits: at('fits'),
    targets: at('targets'),
    folder: (n) => at(`folder${n + 1}`),
    shared: (n) => at(`shared${n + 1}`),
    mounts: at('mounts'),
    owned: at('owned'),
    created: at('created'),
  }
  const app = appParts(parts, names)
  const variable = (name: string, comment: string, expression: string): PolicyVariable => ({
    name: `${prefix}_${name}`,
    expression: `// ${comment}\n${expression}`,
  })
  return {
    decide: [
      variable('wanted', `Whether the Pod should get the sidecar ${sidecar.name}.`, wantedExpression(parts, selected)),
      ...folders.map((folder, n) =>
        variable(
          `folder${n + 1}`,
          `Where app containers mount ${oneLine(folder.path)} or a folder above it, as the sidecar mounts it.`,
          foundMounts(parts, folder),
        ),
      ),
      variable('targets', 'The app containers that it adds to.', targetsExpression(parts)),
      variable('fits', 'Whether nothing in the Pod conflicts with it.', allOf(fitsConditions(parts, names))),
    ],
    add: [
      ...(folders.length === 0
        ? []
        : [variable('mounts', 'How it mounts the shared folders.', mountsOf(parts, names))]),
      ...folders.map((folder, n) =>
        variable(
          `shared${n + 1}`,
          'What records say about the volume there, where another sidecar has added it.',
          sharedExpression(folder, names.folder(n)),
        ),
      ),
      variable('owned', 'What it adds, for the record.', ownedExpression(parts, names, app)),
      variable('created', 'Lists and maps that are made for it, for the record.', createdExpression(parts, names, app)),
      variable(
        'patch',
        'What changes in the Pod.',
        `${names.wanted} && ${names.fits} ?\n${indented(patchExpression(parts, names, app))} : []`,
      ),
    ],
    patch: at('patch'),
    applies: `${names.wanted} && ${names.fits}`,
  }
}

function oneLine(text: string): string {
  return celString(text).slice(1, -1)
}

function wantedExpression({ sidecar }: SidecarParts, selected: string): string {
  const own = celString(`sidecarctl.dev/${sidecar.name}.`)
  return allOf([
    `!(${celString(recordKey(sidecar.name))} in ${POD.annotations})`,
    `!${POD.annotations}.exists(k, k.startsWith(${own}))`,
    ...(sidecar.requires.hostNetwork === 'skip' ? ['!object.spec.?hostNetwork.orValue(false)'] : []),
    selected,
  ])
}

function targetsExpression({ sidecar }: SidecarParts): string {
  const wanted = sidecar.app.containers
  if (wanted === 'all') return POD.apps
  if (wanted === 'first') return `size(${POD.apps}) > 0 ? [${POD.apps}[0]] : []`
  return `${POD.apps}.filter(a, a.name in ${celLiteral([...wanted])})`
}

function fitsConditions(parts: SidecarParts, names: Names): string[] {
  const named = parts.sidecar.app.containers
  return [
    ...conflictConditions(parts, names),
    ...parts.folders.flatMap((folder, n) => folderConditions(folder, names.folder(n))),
    ...(typeof named === 'string' ? [] : [`size(${names.targets}) == ${named.length}`]),
  ]
}

/** What each app container gets, with expressions for whether it is missing. */
function appParts(parts: SidecarParts, names: Names): AppPart[] {
  return parts.app.flatMap((part): AppPart[] => {
    const folder = parts.folders.findIndex((one) => isMountOf(part, one))
    if (folder >= 0) return folderMount(part, parts.folders[folder] as SharedFolder, names.folder(folder))
    const [list, item] = part.address
    if (item === undefined) return [{ ...part, isMissing: `!has(target.container.${String(list)})`, isOfFolder: false }]
    const isMissing = allOf([lacks(list as string, part.value), ...togetherConditions(parts, part)])
    return [{ ...part, isMissing, isOfFolder: false }]
  })
}

function isMountOf({ address: [list, item], value }: Part, { path, volume }: SharedFolder): boolean {
  return (
    list === 'volumeMounts' &&
    typeof item === 'object' &&
    item.id === path &&
    isObject(value) &&
    value['name'] === volume
  )
}

/** The mount of a shared folder that no app container mounts: read-only unless others are mounted below it. */
function folderMount(part: Part, { path, appReadOnly }: SharedFolder, found: string): AppPart[] {
  const isFree = `size(${found}) == 0`
  if (!appReadOnly || hasMountsBelow({}, path)) return [{ ...part, isMissing: isFree, isOfFolder: true }]
  const { readOnly: _, ...writable } = part.value as JsonObject
  const below = `target.container.?volumeMounts.orValue([]).exists(m, m.mountPath.startsWith(${celString(`${path.replace(/\/+$/, '')}/`)}))`
  return [
    { ...part, isMissing: allOf([isFree, `!${below}`]), isOfFolder: true },
    {
      ...part,
      value: writable,
      digest: fieldDigest(part.address, writable),
      isMissing: allOf([isFree, below]),
      isOfFolder: true,
    },
  ]
}

/** CEL expression: whether a container lacks an item with the same merge key. */
function lacks(list: string, value: Json): string {
  const item = value as JsonObject
  const items = `target.container.?${list}.orValue([])`
  const test =
    list === 'env'
      ? `e.name == ${celString(textOf(item['name']))}`
      : list === 'volumeMounts'
        ? `e.mountPath == ${celString(textOf(item['mountPath']))}`
        : `e.containerPort == ${textOf(item['containerPort'])} && e.?protocol.orValue('TCP') == ${celString(textOf(item['protocol'] ?? 'TCP'))}`
  return `!${items}.exists(e, ${test})`
}

/** Variables that belong together are added together or not at all. */
function togetherConditions({ sidecar }: SidecarParts, { address: [list], value }: Part): string[] {
  if (list !== 'env') return []
  const name = textOf((value as JsonObject)['name'])
  return sidecar.together.flatMap(({ env }) =>
    env.includes(name) ? [`!target.container.?env.orValue([]).exists(e, e.name in ${celLiteral([...env])})`] : [],
  )
}
