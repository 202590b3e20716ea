import { expandObjects } from '../check/objects.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { refOf, type KubeObject, type Workload } from '../kube/workload.ts'
import { companionId } from '../plan/companion.ts'
import type { SourceText } from '../text/source.ts'
import { keyOf, readDocuments, taken } from './companions.ts'
import type { Companions } from './types.ts'

/** A workload of an input with the further objects of its sidecars. */
export interface Bringer {
  workload: Workload
  companions: Companions
}

/** An input with those of its workloads that have or had further objects, and what was found of it. */
export interface Brought {
  source: SourceText
  bringers: readonly Bringer[]
  diagnostics: Diagnostic[]
}

/**
 * Reports further objects that another input of the run has as well, or brings: they would replace each other in the
 * cluster. Inputs are looked through only where the name of such an object stands in their text.
 */
export function reportOthers(inputs: readonly Brought[]): void {
  const first = new Map<string, { label: string; place: Pick<KubeObject, 'doc' | 'node'> }>()
  const objectsOf = objectReader()
  for (const { source, bringers, diagnostics } of inputs) {
    for (const { workload, companions } of bringers) {
      for (const object of companions.wanted) {
        const ref = refOf(object)
        const key = `${workload.ref.namespace}/${companionId(ref)}`
        const known = first.get(key)
        const other = known !== undefined && known.label !== source.label ? known.place : inputs
          .filter((input) => input.source.label !== source.label && input.source.text.includes(ref.name) && !handles(input, key))
          .flatMap((input) => objectsOf(input.source).get(key) ?? [])[0]
        if (other !== undefined) diagnostics.push(taken(companionId(ref), workload, other))
        if (known === undefined) first.set(key, { label: source.label, place: workload })
      }
    }
  }
}

/** True for an object that an input brings itself, which is told by its workload, or takes out in this run. */
function handles({ bringers }: Brought, key: string): boolean {
  return bringers.some(({ workload: { ref }, companions: { wanted, gone } }) =>
    [...wanted.map((object) => companionId(refOf(object))), ...gone].some((id) => `${ref.namespace}/${id}` === key))
}

/** Reads the objects of an input once, by what names them. */
function objectReader(): (source: SourceText) => ReadonlyMap<string, KubeObject> {
  const read = new Map<SourceText, Map<string, KubeObject>>()
  return (source) => {
    const known = read.get(source) ?? new Map(readDocuments(source).flatMap((doc) => expandObjects(doc).objects).map((o) => [keyOf(o), o]))
    read.set(source, known)
    return known
  }
}
