import type { Diagnostic, Location } from '../diagnostic.ts'
import { clone, type JsonObject } from '../json.ts'
import { SourceText } from '../text/source.ts'
import type { CheckedObject, CheckTask, PackedResult, PackedTask, Unit, UnitResult } from './types.ts'

/** A location in an input that is known to both sides. */
function bare({ range }: Location): Location {
  return { range } as Location
}

function mapLocations<T extends CheckedObject>(object: T, source: SourceText | undefined, map: (at: Location) => Location): T {
  const diagnostics = object.diagnostics.map((d): Diagnostic => ({
    ...d,
    ...(d.at !== undefined && { at: map(d.at) }),
    ...(d.related !== undefined && { related: d.related.map(({ message, at }) => ({ message, at: map(at) })) }),
  }))
  return { ...object, source: source as SourceText, diagnostics }
}

/** A result as it goes to another thread: all places of a unit are in its one input, which stays out. */
export function packResult(n: number, result: UnitResult): PackedResult {
  return [n, { ...result, objects: result.objects.map((object) => mapLocations(object, undefined, bare)) }]
}

/** Results as they came from another thread; JSON objects inherit nothing again. */
export function unpackResults(packed: readonly PackedResult[], inputs: readonly SourceText[], units: readonly Unit[]): PackedResult[] {
  return packed.map(([n, result]) => {
    const source = inputs[units[n]?.input ?? -1] as SourceText
    const objects = result.objects.map((object) => mapLocations(object, source, ({ range }) => ({ source, range })))
    return [n, { ...result, objects, definitions: result.definitions.map((data) => clone(data) as JsonObject) }]
  })
}

/** A task as it goes to another thread. */
export function packTask(task: CheckTask): PackedTask {
  return { ...task, inputs: task.inputs.map(({ label, text, encoding, bom, before }) => ({ label, text, encoding, bom, before })) }
}

/** A task as it came from another thread. */
export function unpackTask(task: PackedTask): CheckTask {
  return {
    ...task,
    inputs: task.inputs.map(({ label, text, encoding, bom, before }) => new SourceText(label, text, encoding, bom, before)),
    definitions: task.definitions.map((data) => clone(data) as JsonObject),
  }
}
