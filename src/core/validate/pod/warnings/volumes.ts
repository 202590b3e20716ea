import type { PodPlace } from '../../place.ts'
import { at, type PodRule, type PodScope } from '../scope.ts'
import { itemsOf, type Part, partOf, textOf } from '../values.ts'

/** A file in a volume, and the field with its path. */
interface File {
  readonly name: string
  readonly path: PodPlace
}

/**
 * Warns of files in one volume that have the same path, or of which one is inside the other.
 * Source: `warningsForOverlappingVirtualPaths`.
 */
export const overlappingFiles: PodRule = (pod) => {
  for (const volume of itemsOf(pod.spec, 'volumes')) {
    for (const kind of ['configMap', 'secret', 'downwardAPI']) {
      const source = partOf(volume, kind)
      if (source !== undefined) checkOverlap(filesOf(source), pod)
    }
    const projected = partOf(volume, 'projected')
    if (projected === undefined) continue
    const sources = itemsOf(projected, 'sources')
    for (const source of sources) {
      if (Object.values(source.data).some((value) => value !== null)) continue
      pod.report({
        code: 'VOLUME_SOURCE_EMPTY',
        path: source.path,
        message: 'a projected source that has no source has no effect',
      })
    }
    checkOverlap(sources.flatMap(projectedFiles), pod)
  }
}

function filesOf(source: Part): File[] {
  return itemsOf(source, 'items').flatMap((item) => fileAt(item, 'path'))
}

function fileAt(part: Part, field: string): File[] {
  const name = textOf(part.data, field)?.replace(/\/+$/, '')
  return name ? [{ name, path: at(part.path, field) }] : []
}

function projectedFiles(source: Part): File[] {
  const lists = ['secret', 'configMap', 'downwardAPI'].flatMap((kind) => partOf(source, kind) ?? [])
  const singles = ['serviceAccountToken', 'clusterTrustBundle'].flatMap((kind) => partOf(source, kind) ?? [])
  return [...lists.flatMap(filesOf), ...singles.flatMap((part) => fileAt(part, 'path'))]
}

/** Looks files up by their paths and folders, so that a long list needs no comparison of all with all. */
function checkOverlap(files: readonly File[], pod: PodScope): void {
  if (files.length < 2) return
  const names = new Map<string, File>()
  const folders = new Map<string, File>()
  for (const file of files) {
    const parents = parentsOf(file.name)
    const other =
      names.get(file.name) ?? folders.get(file.name) ?? parents.map((p) => names.get(p)).find((f) => f !== undefined)
    if (other !== undefined) {
      pod.report({
        code: 'VOLUME_PATH_OVERLAP',
        path: file.path,
        message: `file "${file.name}" overlaps with "${other.name}" in the same volume`,
        related: [{ path: other.path, message: 'the other file' }],
      })
    }
    names.set(file.name, file)
    for (const parent of parents) folders.set(parent, file)
  }
}

/** The folders around a file, 64 at most: `a/b` and `a` for `a/b/c`. */
function parentsOf(name: string): string[] {
  const parents: string[] = []
  for (let end = name.lastIndexOf('/'); end > 0 && parents.length < 64; end = name.lastIndexOf('/', end - 1)) {
    parents.push(name.slice(0, end))
  }
  return parents
}
