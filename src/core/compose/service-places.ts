import type { Diagnostic, SourceLocation } from '../diagnostics/diagnostic.ts'
import { mapOf, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import type { ChosenSidecar, Origin, Picked, Selection, SetValue } from '../selection/selection.ts'
import type { SourceText, TextRange } from '../text/source.ts'
import { locate } from '../yaml/read/construct.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { labelPath } from './service-pod.ts'

/** A setting in the pod of a service, and the label of the service that it is from. */
interface PlacedLabel {
  key: TextRange
  value: TextRange
  /** The path of the label in the Compose file. */
  path: JsonPath
}

/** The location of a path in the Compose file. */
type LocateInFile = (path: JsonPath, on?: 'key' | 'value') => SourceLocation

/** Where the parts of the pod that stands for a service are in its Compose file. */
export class ServicePlaces {
  readonly #locate: LocateInFile
  readonly #pod: SourceText
  readonly #service: JsonPath
  readonly #labels: readonly PlacedLabel[]

  /** @param labels those of the service, a map or a list */
  constructor(locateInFile: LocateInFile, pod: SourceText, service: string, labels: Json | undefined) {
    this.#locate = locateInFile
    this.#pod = pod
    this.#service = ['services', service]
    this.#labels = placedLabels(pod).flatMap(({ name, ...ranges }) => {
      const path = labelPath(labels, name)
      return path === undefined ? [] : [{ ...ranges, path: [...this.#service, 'labels', ...path] }]
    })
  }

  /** The location in the Compose file of what is at a location in the pod; locations in other texts stay. */
  of(at: SourceLocation): SourceLocation {
    if (at.source !== this.#pod) return at
    const { start } = at.range
    const isAt = (range: TextRange): boolean => start >= range.start && start <= range.end
    const label = this.#labels.find(({ key, value }) => isAt(key) || isAt(value))
    if (label === undefined) return this.#locate(this.#service)
    return this.#locate(label.path, isAt(label.key) ? 'key' : 'value')
  }

  /** A finding in the pod, located in the Compose file. */
  ofFinding(found: Diagnostic): Diagnostic {
    const { at, related, resource } = found
    const place = at === undefined && resource !== undefined ? this.#locate(this.#service) : at && this.of(at)
    return { ...found, at: place, related: related?.map((one) => this.#ofRelated(one)) }
  }

  /** What was said of the pod, as said of the service: its annotations are labels. */
  ofSelection(selection: Selection): Selection {
    const { chosen, overrides, containers, origin } = selection
    return {
      ...selection,
      origin: this.#ofOrigin(origin),
      overrides: overrides.map((one) => this.#ofPicked(one)),
      containers: containers?.map((one) => this.#ofPicked(one)),
      chosen: chosen.map((one) => this.#ofChosen(one)),
    }
  }

  #ofChosen(one: ChosenSidecar): ChosenSidecar {
    return {
      ...one,
      origin: this.#ofOrigin(one.origin),
      values: one.values.map((value) => this.#ofValue(value)),
      mode: one.mode && { ...one.mode, from: this.#ofOrigin(one.mode.from) },
      start: one.start && { ...one.start, from: this.#ofOrigin(one.start.from) },
    }
  }

  #ofPicked(one: Picked): Picked {
    return { ...one, origin: this.#ofOrigin(one.origin) }
  }

  #ofValue(one: SetValue): SetValue {
    return { ...one, from: this.#ofOrigin(one.from), at: one.at && this.of(one.at) }
  }

  #ofRelated(one: Related): Related {
    return { ...one, at: this.of(one.at) }
  }

  #ofOrigin(origin: Origin): Origin {
    const { at, text } = origin
    if (at === undefined || at.source !== this.#pod) return origin
    return { ...origin, text: text.replace(/^annotation /, 'label '), at: this.of(at) }
  }
}

type Related = NonNullable<Diagnostic['related']>[number]

/** The labels and annotations in the text of a pod. */
function placedLabels(pod: SourceText): { name: string; key: TextRange; value: TextRange }[] {
  const [doc] = splitDocuments(pod).flatMap(readRawDocument)
  if (doc === undefined || 'error' in doc || doc.root === undefined) return []
  const { root } = doc
  const metadata = mapOf((doc.data as JsonObject)['metadata'])
  return ['annotations', 'labels'].flatMap((map) =>
    Object.keys(mapOf(metadata?.[map]) ?? {}).map((name) => {
      const path = ['metadata', map, name]
      return { name, key: locate(root, path, 'key'), value: locate(root, path) }
    }),
  )
}
