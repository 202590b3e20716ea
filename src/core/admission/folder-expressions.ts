import { isObject, itemsOf, type Json, type JsonObject } from '../json/json.ts'
import type { SharedFolder } from '../template/template.ts'
import { celList, celLiteral, celMap, celString, concatenated, dyn, indented } from './cel-literal.ts'
import { POD, quotedPattern } from './names.ts'
import type { SidecarParts } from './sidecar-parts.ts'
import type { Names } from './conditions.ts'

/**
 * CEL expression: the mounts of app containers that show a folder, the deepest of each container, each as the sidecar
 * mounts the same folder: a list of maps. Corresponds to `findMounts` of `desired/shared-folder.ts`.
 */
export function foundMounts(parts: SidecarParts, folder: SharedFolder): string {
  const levels = above(folder.path).map(({ path, rest }) => {
    // The comparison comes first because it costs less than the pattern, and the API server limits the cost.
    const isThere = `m.mountPath.startsWith(${celString(path)}) && m.mountPath.matches(${celString(`^${quotedPattern(path)}/*$`)})`
    return `a.container.?volumeMounts.orValue([]).map(m, ${isThere},\n${indented(seenBySidecar(parts, folder, rest))})`
  })
  return [
    `${POD.apps}.map(a,`,
    indented(concatenated(levels)),
    ').filter(found, size(found) > 0).map(found, found[0])',
  ].join('\n')
}

/** A folder and those above it, the deepest first, each with the rest of the path to the folder. */
export function above(path: string): { path: string; rest: string }[] {
  const steps = path.replace(/\/+$/, '').split('/').slice(1)
  return steps.map((_, n) => ({
    path: `/${steps.slice(0, steps.length - n).join('/')}`,
    rest: steps.slice(steps.length - n).join('/'),
  }))
}

function seenBySidecar(parts: SidecarParts, folder: SharedFolder, rest: string): string {
  const mount = (key?: string, value?: string): string =>
    celMap([
      ['name', dyn('m.name')],
      ['mountPath', dyn(celString(folder.sidecarPath))],
      ...(key === undefined || value === undefined ? [] : [[key, dyn(value)] as const]),
      ...(isReadOnly(parts, folder) ? [['readOnly', dyn('true')] as const] : []),
    ])
  const below = (field: string): string => (rest === '' ? field : `${field} + ${celString(`/${rest}`)}`)
  return [
    `m.?subPathExpr.orValue('') != '' ? ${mount('subPathExpr', below('m.subPathExpr'))} :`,
    `m.?subPath.orValue('') != '' ? ${mount('subPath', below('m.subPath'))} :`,
    rest === '' ? mount() : mount('subPath', celString(rest)),
  ].join('\n')
}

/** Whether the sidecar mounts a folder read-only, wherever it is found. */
function isReadOnly({ containers }: SidecarParts, folder: SharedFolder): boolean {
  return (
    sharedMount(
      containers.map(({ value }) => value),
      folder,
    )?.['readOnly'] === true
  )
}

function sharedMount(containers: readonly Json[], { volume, sidecarPath }: SharedFolder): JsonObject | undefined {
  return containers
    .flatMap((container) => (isObject(container) ? itemsOf(container['volumeMounts']) : []))
    .filter(isObject)
    .find((mount) => mount['name'] === volume && mount['mountPath'] === sidecarPath)
}

/**
 * CEL expression: the sidecar's mounts of all shared folders, of the volume that is found, or else of the one that is
 * added.
 */
export function mountsOf({ containers, folders }: SidecarParts, { folder: found }: Names): string {
  return concatenated(
    folders.map((folder, n) => {
      const fixed =
        sharedMount(
          containers.map(({ value }) => value),
          folder,
        ) ?? {}
      return `size(${found(n)}) > 0 ? ${celList([dyn(`${found(n)}[0]`)])} : ${celList([dyn(celLiteral(fixed))])}`
    }),
  )
}

/** Sources of volumes that are always mounted read-only; as in `desired/shared-folder.ts`. */
const READ_ONLY_SOURCES = ['configMap', 'secret', 'projected', 'downwardAPI', 'image']

/**
 * CEL expressions that must all be true for a folder that app containers mount: all show the same volume, which is
 * writable if the sidecar writes to it.
 */
export function folderConditions(folder: SharedFolder, found: string): string[] {
  const isWritable = [
    `!${POD.volumes}.exists(v, v.name == ${found}[0].name && v.exists(key, key != 'name' &&`,
    `  (key in ${celLiteral(READ_ONLY_SOURCES)} || v[key].?readOnly.orValue(false))))`,
  ].join('\n')
  return [
    // The path becomes a text in the record, which is JSON, so it may have no control characters.
    `${found}.all(f, f == ${found}[0] && (f.?subPath.orValue('') + f.?subPathExpr.orValue('')).matches('^[^\\\\x00-\\\\x1f]*$'))`,
    ...(folder.sidecarReadOnly ? [] : [`(size(${found}) == 0 || ${isWritable})`]),
  ]
}
