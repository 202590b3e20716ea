import { isObject, type JsonObject, type JsonPath } from '../json/json.ts'
import { isResourceList, withTransitOf } from '../kube/transit.ts'
import { valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import type { DocumentEditor } from '../patch/document-editor.ts'
import { insertDocument, replaceDocument, type Surroundings } from '../patch/document-insert.ts'

/**
 * The path of the `items` into which extra objects can be inserted beside a workload; undefined where it is not in a
 * list.
 */
function itemsAround({ doc, path }: Pick<Workload, 'doc' | 'path'>): JsonPath | undefined {
  if (path.length < 2 || !isObject(doc.data)) return undefined
  const list = valueAt(doc.data, path.slice(0, -2))
  return isObject(list) && (list['kind'] === 'List' || isResourceList(list)) ? path.slice(0, -1) : undefined
}

/** Inserts objects right after their workload: as items of its list, or as documents of their own. */
export function insertObjects(
  objects: readonly JsonObject[],
  workload: Workload,
  editor: DocumentEditor,
  around: Surroundings,
): void {
  if (objects.length === 0) return
  const items = itemsAround(workload)
  if (items !== undefined) editor.insertItems(items, (workload.path.at(-1) as number) + 1, objects)
  else for (const object of objects) insertDocument(editor, workload.doc, object, around)
}

/** Replaces an object where it is, and keeps the fields by which hosts mark it. */
export function replaceObject(
  there: KubeObject,
  wanted: JsonObject,
  editor: DocumentEditor,
  around: Surroundings,
): void {
  const object = withTransitOf(wanted, valueAt(there.doc.data ?? null, there.path))
  if (there.path.length === 0) replaceDocument(editor, there.doc, object, around)
  else editor.replaceItem(there.path.slice(0, -1), there.path.at(-1) as number, object)
}

/** Collects items to remove from lists. A list's items must be removed at once, since removing one moves the others. */
export class ItemRemovals {
  readonly #lists = new Map<string, { editor: DocumentEditor; path: JsonPath; indexes: Set<number> }>()

  /** Notes an item to be removed. */
  add({ doc, path }: KubeObject, editor: DocumentEditor): void {
    const list = path.slice(0, -1)
    const key = `${doc.index}/${list.join('/')}`
    const entry = this.#lists.get(key) ?? { editor, path: list, indexes: new Set<number>() }
    entry.indexes.add(path.at(-1) as number)
    this.#lists.set(key, entry)
  }

  /** Plans the removal of all items noted. */
  plan(): void {
    for (const { editor, path, indexes } of this.#lists.values()) editor.removeItems(path, indexes)
  }
}
