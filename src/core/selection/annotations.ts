import { diagnostic, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { isStartPlace, START_PLACES } from '../field-path/item-place.ts'
import { isObject, type JsonPath, type Json } from '../json/json.ts'
import { valueAt, type KubeObject } from '../kube/workload.ts'
import { OLD_RECORD, OWNER_ANNOTATION } from '../ownership/record.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { didYouMean, didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import type { RunMode, Template } from '../template/template.ts'
import { readValue } from '../template/value.ts'
import { locate } from '../yaml/read/construct.ts'
import type { Catalog } from './catalog.ts'
import {
  NOTHING_SAID,
  type Level,
  type Origin,
  type Picked,
  type SetMode,
  type SetStart,
  type SetValue,
  type Statement,
} from './selection.ts'

/** The prefix of all annotations and labels of sidecarctl. */
export const PREFIX = 'sidecarctl.dev/'

/**
 * Chooses sidecars: names separated by commas, `"false"` for none, `"true"` for what the next level says. It may be a
 * label too, which the annotation overrides.
 */
export const INJECT = `${PREFIX}inject`

/**
 * After the name of a sidecar and a dot, sets its mode: `sidecarctl.dev/logging.mode: native`. If a template declares a
 * parameter of this name, the annotation sets that parameter, and the mode cannot be chosen.
 */
const MODE = 'mode'
/** The same for its place among the init containers: `sidecarctl.dev/logging.start: after:migrate`. */
const START = 'start'
const MODES: readonly RunMode[] = ['auto', 'classic', 'native']

/**
 * Names the containers of the manifest, separated by commas, whose fields override those of the sidecar of their name. A
 * container with the name of a sidecar is one only where this names it, or where it has no image of its own.
 */
export const OVERRIDE = `${PREFIX}override`

/** Names the app containers, separated by commas, that get folders, settings and mounts from sidecars. */
export const APP_CONTAINERS = `${PREFIX}containers`

/** The annotations that list containers. */
const CONTAINER_LISTS = { [OVERRIDE]: 'overrides', [APP_CONTAINERS]: 'containers' } as const

/** The object whose annotations are read, and where its `metadata` is. */
export interface Annotated {
  object: KubeObject
  /** Path of the map that holds `annotations` and `labels`, from the object. */
  metadata: JsonPath
  level: Level
}

/** Annotations that sidecarctl writes for itself; they select and set nothing. */
const NO_SETTINGS: ReadonlySet<string> = new Set([OLD_RECORD, OWNER_ANNOTATION])

/** Reads what the annotations and labels of an object, or of the pod template in it, say. */
export function readAnnotations(annotated: Annotated, catalog: Catalog): Statement {
  let reader: AnnotationReader | undefined
  for (const map of ['labels', 'annotations'] as const) {
    const values = valueAt(annotated.object.data, [...annotated.metadata, map])
    if (!isObject(values)) continue
    for (const [key, value] of Object.entries(values)) {
      if (!key.startsWith(PREFIX) || NO_SETTINGS.has(key)) continue
      reader ??= new AnnotationReader(annotated, catalog)
      reader.read(map, key, value)
    }
  }
  return reader?.statement ?? NOTHING_SAID
}

function isContainerList(key: string): key is keyof typeof CONTAINER_LISTS {
  return Object.hasOwn(CONTAINER_LISTS, key)
}

class AnnotationReader {
  readonly #annotated: Annotated
  readonly #catalog: Catalog
  readonly #values: SetValue[] = []
  readonly #modes: SetMode[] = []
  readonly #starts: SetStart[] = []
  readonly #diagnostics: Diagnostic[] = []
  #sidecars: Statement['sidecars']
  readonly #lists: { overrides?: Picked[]; containers?: Picked[] } = {}

  constructor(annotated: Annotated, catalog: Catalog) {
    this.#annotated = annotated
    this.#catalog = catalog
  }

  get statement(): Statement {
    return {
      sidecars: this.#sidecars,
      values: this.#values,
      modes: this.#modes,
      starts: this.#starts,
      ...this.#lists,
      diagnostics: this.#diagnostics,
    }
  }

  read(map: 'labels' | 'annotations', key: string, value: Json): void {
    const path = [...this.#annotated.metadata, map, key]
    if (key !== INJECT && map === 'labels') {
      const message = `unknown sidecarctl label ${key}`
      this.#report(
        'ANNOTATION_UNKNOWN',
        path,
        message,
        `the only label is ${INJECT}; use annotations for settings of sidecars`,
      )
    } else if (typeof value !== 'string') {
      const isScalar = typeof value === 'number' || typeof value === 'boolean'
      const hint = isScalar ? quoteHint(this.#at(path), value) : 'write a string in quotes'
      this.#report('ANNOTATION_INVALID', path, `the value of ${key} must be a string`, hint)
    } else if (key === INJECT) this.#readInject(map, path, value)
    else if (isContainerList(key) && this.#annotated.level !== 'namespace') this.#readContainers(key, path, value)
    else this.#readSetting(key, path, value)
  }

  #readContainers(key: keyof typeof CONTAINER_LISTS, path: JsonPath, value: string): void {
    const origin = this.#origin(path)
    const names = value.split(',').map((name) => name.trim())
    if (names.includes(''))
      this.#report('ANNOTATION_INVALID', path, 'empty container name', 'separate container names with commas')
    this.#lists[CONTAINER_LISTS[key]] = [...new Set(names)]
      .filter((name) => name !== '')
      .map((name) => ({ name, origin }))
  }

  #readInject(map: 'labels' | 'annotations', path: JsonPath, value: string): void {
    const origin = this.#origin(path)
    if (value === 'true') {
      // An annotation overrides a label, even if it defers to the policy.
      if (map === 'annotations') this.#sidecars = undefined
      return
    }
    const names = value === 'false' ? [] : value.split(',').map((name) => name.trim())
    const picks: Picked[] = []
    for (const name of new Set(names)) {
      if (this.#catalog.has(name)) picks.push({ name, origin })
      else {
        const near = didYouMean(name, this.#catalog.names)
        const all = `use names separated by commas, "true" or "false"; known names: ${this.#catalog.names.join(', ')}`
        const message = name === '' ? 'empty sidecar name' : `unknown sidecar "${name}"`
        this.#report('ANNOTATION_UNKNOWN', path, message, near === undefined ? all : `did you mean ${near}?`)
      }
    }
    this.#sidecars = { picks, origin }
  }

  #readSetting(key: string, path: JsonPath, value: string): void {
    const rest = key.slice(PREFIX.length)
    const dot = rest.indexOf('.')
    if (dot < 0) {
      const near = didYouMean(
        rest,
        [INJECT, OVERRIDE, APP_CONTAINERS].map((known) => known.slice(PREFIX.length)),
      )
      const hint = isContainerList(key)
        ? 'write it on the workload or its pod template'
        : near === undefined
          ? `known annotations: ${INJECT}, ${OVERRIDE}, ${APP_CONTAINERS} and ${PREFIX}TEMPLATE.PARAMETER`
          : `did you mean ${PREFIX}${near}?`
      this.#report('ANNOTATION_UNKNOWN', path, `unknown sidecarctl annotation ${key}`, hint)
      return
    }
    const [name, parameter] = [rest.slice(0, dot), rest.slice(dot + 1)]
    const template = this.#catalog.has(name) ? this.#catalog.get(name) : undefined
    if (template === undefined) {
      this.#report('ANNOTATION_UNKNOWN', path, `unknown sidecar "${name}"`, didYouMeanHint(name, this.#catalog.names))
    } else if (parameter === MODE && !template.parameters.has(MODE)) this.#readMode(template, path, value)
    else if (parameter === START && !template.parameters.has(START)) this.#readStart(template, path, value)
    else this.#readParameter(template, parameter, path, value)
  }

  #readMode(template: Template, path: JsonPath, value: string): void {
    const mode = MODES.find((known) => known === value)
    if (mode !== undefined) this.#modes.push({ template: template.name, mode, from: this.#origin(path) })
    else this.#report('ANNOTATION_INVALID', path, `unknown mode "${value}"`, `use one of: ${MODES.join(', ')}`)
  }

  #readStart(template: Template, path: JsonPath, value: string): void {
    if (isStartPlace(value)) this.#starts.push({ template: template.name, place: value, from: this.#origin(path) })
    else
      this.#report('ANNOTATION_INVALID', path, `"${value}" is not a place among init containers`, `use ${START_PLACES}`)
  }

  #readParameter(template: Template, name: string, path: JsonPath, value: string): void {
    const spec = template.parameters.get(name)
    if (spec === undefined) {
      const known = [...template.parameters.keys(), MODE, START]
      const message = `the sidecar ${template.name} has no parameter "${name}"`
      this.#report('ANNOTATION_UNKNOWN', path, message, didYouMeanHint(name, known))
      return
    }
    const read = readValue(spec, value)
    if ('problem' in read) {
      const hint = `${name}: ${spec.description}`
      this.#report('ANNOTATION_INVALID', path, `${template.name}.${name}: ${read.problem}`, hint)
      return
    }
    const from = this.#origin(path)
    this.#values.push({ template: template.name, name, value, origin: from.text, from, at: from.at })
  }

  #origin(path: JsonPath): Origin {
    const kind = path.at(-2) === 'labels' ? 'label' : 'annotation'
    return { level: this.#annotated.level, text: `${kind} ${String(path.at(-1))}`, at: this.#at(path) }
  }

  #at(path: JsonPath, on: 'key' | 'value' = 'value'): SourceLocation {
    const { doc, node } = this.#annotated.object
    return { source: doc.source, range: locate(node, path, on) }
  }

  #report(code: DiagnosticCode, path: JsonPath, message: string, hint?: string): void {
    const { doc, ref } = this.#annotated.object
    this.#diagnostics.push(
      diagnostic(code, message, {
        at: this.#at(path, path.at(-1) === INJECT || code === 'ANNOTATION_INVALID' ? 'value' : 'key'),
        document: doc.index,
        resource: ref,
        path,
        hint,
      }),
    )
  }
}
