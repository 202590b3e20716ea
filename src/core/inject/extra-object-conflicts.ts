import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { refOf, type KubeObject, type Workload } from '../kube/workload.ts'
import { extraObjectId } from '../desired/sidecar-objects.ts'
import type { SourceText } from '../text/source.ts'
import type { ObjectLocation } from '../kube/object-place.ts'
import { extraObjectTaken } from './extra-object-problems.ts'
import { objectKey, readObjects } from './input-objects.ts'
import type { ExtraObjects } from './workload-result.ts'

/** A workload with the names of its sidecars' extra objects; small, as it is kept for all workloads of a run. */
export interface ExtraObjectOwner {
  workload: ObjectLocation
  wanted: readonly { id: string; name: string }[]
  gone: readonly string[]
}

export function extraObjectOwner(
  { doc: { source, index }, node: { propertiesStart }, ref }: Workload,
  { wanted, gone }: ExtraObjects,
): ExtraObjectOwner {
  const names = wanted.map((object) => {
    const own = refOf(object)
    return { id: extraObjectId(own), name: own.name }
  })
  return { workload: { doc: { source, index }, node: { propertiesStart }, ref }, wanted: names, gone: [...gone] }
}

/** An input, or a part of one, with its workloads that have or had extra objects, and its diagnostics so far. */
export interface InputExtraObjects {
  source: SourceText
  owners: readonly ExtraObjectOwner[]
  diagnostics: Diagnostic[]
}

/**
 * Reports extra objects that another input of the run, or another part of a long one, has or adds as well: they would
 * replace each other in the cluster. Inputs are read only where the name of such an object occurs in their text.
 */
export function reportExtraObjectConflicts(inputs: readonly InputExtraObjects[]): void {
  const first = new Map<string, { source: SourceText; place: ObjectLocation }>()
  const objectsOf = objectReader()
  const mentioning = mentions(inputs)
  const handled = new Map(inputs.map((input) => [input, handledBy(input)]))
  for (const { source, owners, diagnostics } of inputs) {
    for (const { workload, wanted } of owners) {
      for (const { id, name } of wanted) {
        const key = `${workload.ref.namespace}/${id}`
        const known = first.get(key)
        const other =
          known !== undefined && known.source !== source
            ? known.place
            : mentioning(name)
                .filter((input) => input.source !== source && handled.get(input)?.has(key) !== true)
                .flatMap((input) => objectsOf(input.source).get(key) ?? [])[0]
        if (other !== undefined) diagnostics.push(extraObjectTaken(id, workload, other))
        if (known === undefined) first.set(key, { source, place: workload })
      }
    }
  }
}

/** The objects that an input adds, which are known from their workloads, or removes in this run. */
function handledBy({ owners }: InputExtraObjects): ReadonlySet<string> {
  return new Set(
    owners.flatMap(({ workload: { ref }, wanted, gone }) =>
      [...wanted.map(({ id }) => id), ...gone].map((id) => `${ref.namespace}/${id}`),
    ),
  )
}

/** Names that always occur as separate words. */
const WORD = /[\w.-]+/g

/** Finds the inputs whose text has a name. Each text is searched once for all names. */
function mentions(inputs: readonly InputExtraObjects[]): (name: string) => readonly InputExtraObjects[] {
  const names = new Set(inputs.flatMap(({ owners }) => owners.flatMap(({ wanted }) => wanted.map(({ name }) => name))))
  const odd = [...names].filter((name) => name.replace(WORD, '') !== '')
  const found = new Map(Array.from(names, (name): [string, Set<InputExtraObjects>] => [name, new Set()]))
  for (const input of inputs) {
    const { text } = input.source
    for (const [word] of text.matchAll(WORD)) found.get(word)?.add(input)
    for (const name of odd) if (text.includes(name)) found.get(name)?.add(input)
  }
  return (name) => [...(found.get(name) ?? [])]
}

/** Reads the objects of an input once, by `objectKey`; those of a part of a long input are not kept. */
function objectReader(): (source: SourceText) => ReadonlyMap<string, KubeObject> {
  const read = new Map<SourceText, ReadonlyMap<string, KubeObject>>()
  return (source) => {
    const known = read.get(source) ?? new Map(readObjects(source).map((o) => [objectKey(o), o]))
    if (!source.isStored) read.set(source, known)
    return known
  }
}
