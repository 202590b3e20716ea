import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import { isKnownInjectorContainer } from '../desired/known-injectors.ts'
import { keyOf } from '../yaml/read/construct.ts'
import { linesOf } from '../yaml/edit/lines.ts'
import type { TextRange } from '../text/source.ts'
import type { MapNode, ScalarNode, YamlNode } from '../yaml/read/node.ts'

/** Which values of a workload the planning of its sidecars looks at, beyond what it always looks at. */
export interface ReadSet {
  /** Context values that the templates use, such as `workload.name`. */
  context: ReadonlySet<string>
  /** Numbers of ports that the sidecars take or declare: another container's port is compared with them. */
  ports: ReadonlySet<number>
  /** Containers that are ours, or override ours: all of them counts. */
  containers: ReadonlySet<string>
  /** Whether sidecars put environment variables into the app's containers, or labels onto the pod template. */
  env: boolean
  labels: boolean
}

export const EMPTY_READ_SET: ReadSet = { context: new Set(), ports: new Set(), containers: new Set(), env: false, labels: false }

/** What either looks at; the first itself where the second adds nothing. */
export function unionReadSets(a: ReadSet, b: ReadSet): ReadSet {
  const isWithin = holds(b.context, a.context) && holds(b.ports, a.ports) && holds(b.containers, a.containers)
  if (isWithin && (a.env || !b.env) && (a.labels || !b.labels)) return a
  return {
    context: new Set([...a.context, ...b.context]),
    ports: new Set([...a.ports, ...b.ports]),
    containers: new Set([...a.containers, ...b.containers]),
    env: a.env || b.env,
    labels: a.labels || b.labels,
  }
}

function holds(inner: ReadonlySet<unknown>, outer: ReadonlySet<unknown>): boolean {
  return [...inner].every((one) => outer.has(one))
}

/** A stretch of text without the values at which no plan looks, and the way between its offsets and the text's. */
export interface Fingerprint {
  text: string
  toText(offset: number): number
  fromText(offset: number): number
}

/**
 * The skeleton of the stretch of text that a workload has for itself. What is cut out are scalars, most of them only where
 * they have one line, each leaving a mark with the type of its value: layout, comments, keys, and all values that a plan
 * looks at stay as they are.
 */
export function fingerprintOf(workload: Workload, { start, end }: TextRange, looks: ReadSet): Fingerprint {
  const { doc, node, data, templatePath, path } = workload
  const { text } = doc.source
  const cutter = new Cutter(text, looks)
  // Comments in front of a document's object: what is put in there goes to their very beginning.
  if (path.length === 0 && node.propertiesStart > start) cutter.cut(start, node.propertiesStart, 'h')
  if (node.type === 'map') cutter.object(node, data, templatePath)
  const { cuts } = cutter
  // Where a stretch ends its input, how the line before it ends, and how its own begins, decides how text is put in.
  const lines = linesOf(doc.source)
  let out = `${start === 0} ${end === text.length} ${lines.eol(start)}${lines.padOf(start)}|`
  const head = out.length
  let at = start
  for (const cut of cuts) {
    out += `${text.slice(at, cut.start)}\0${cut.type}`
    at = cut.end
  }
  out += text.slice(at, end)
  return {
    text: out,
    fromText(offset) {
      let shift = head - start
      for (const cut of cuts) {
        if (cut.end > offset) break
        shift += MARK - (cut.end - cut.start)
      }
      return offset + shift
    },
    toText(offset) {
      let shift = start - head
      for (const cut of cuts) {
        if (cut.end > offset + shift + (cut.end - cut.start) - MARK) break
        shift += cut.end - cut.start - MARK
      }
      return offset + shift
    },
  }
}

/** NUL, which no text holds, and a letter. */
const MARK = 2
const TYPES: { readonly [type: string]: string } = { string: 's', number: 'n', boolean: 'b' }

/** A range of the text that is cut out, with a letter for what it was. */
interface Cut extends TextRange {
  type: string
}

/** Collects what can be cut out, in the order of the text. */
class Cutter {
  readonly cuts: Cut[] = []
  readonly #text: string
  readonly #looks: ReadSet

  constructor(text: string, looks: ReadSet) {
    this.#text = text
    this.#looks = looks
  }

  cut(start: number, end: number, type: string): void {
    this.cuts.push({ start, end, type })
  }

  /** An object with a pod template at `path`; a Pod is one itself. */
  object(node: MapNode, data: JsonObject, path: JsonPath): void {
    if (path.length === 0) return this.#template(node, data)
    const { context } = this.#looks
    each(node, data, (key, value, child) => {
      if (key === 'apiVersion' || key === 'kind') return
      if (key !== 'metadata') return this.#around(key, value, child, path)
      each(value, child, (name, inner, field) => {
        // No line of it is edited, so texts of several lines can go, such as the manifest that kubectl apply keeps there.
        if (!context.has(name === 'generateName' ? 'workload.name' : `workload.${name}`)) this.#all(inner, field, true)
      })
    })
  }

  /** What lies around the pod template is looked at by no plan. */
  #around(key: string, node: YamlNode, data: Json, path: JsonPath): void {
    if (key !== path[0]) return this.#all(node, data)
    if (path.length === 1) return this.#template(node, data)
    each(node, data, (name, value, child) => { this.#around(name, value, child, path.slice(1)) })
  }

  #template(node: YamlNode, data: Json): void {
    each(node, data, (key, value, child) => {
      if (key === 'metadata' && !this.#looks.labels) {
        each(value, child, (name, inner, field) => { if (name === 'labels') this.#all(inner, field) })
      }
      if (key !== 'spec') return
      each(value, child, (name, list, items) => {
        if (name !== 'containers' || list.type !== 'seq' || !Array.isArray(items)) return
        for (const [n, item] of list.items.entries()) this.#container(item, items[n] as Json)
      })
    })
  }

  #container(node: YamlNode, data: Json): void {
    const { containers, context } = this.#looks
    if (!isObject(data) || typeof data['name'] !== 'string' || containers.has(data['name'])) return
    each(node, data, (key, value, child) => {
      if (LOOKED_AT.has(key)) return
      if (key === 'image') {
        if (!context.has('app.image') && !isKnownInjectorContainer(data)) this.#all(value, child)
      } else if (key === 'env' || key === 'ports') this.#items(key, value, child)
      else this.#all(value, child)
    })
  }

  #items(list: 'env' | 'ports', node: YamlNode, data: Json): void {
    const { env, ports, context } = this.#looks
    if (node.type !== 'seq' || !Array.isArray(data)) return
    for (const [n, item] of node.items.entries()) {
      each(item, data[n] as Json, (key, value, child) => {
        if (list === 'env' ? key === 'value' && !env : isPort(key, child) && !ports.has(child) && !context.has('app.port')) {
          this.#all(value, child)
        }
      })
    }
  }

  /**
   * Cuts every scalar of a value.
   * @param hasLines whether literal and folded ones are cut, too
   */
  #all(node: YamlNode, data: Json, hasLines = false): void {
    switch (node.type) {
      case 'scalar': return this.#scalar(node, data, hasLines)
      case 'map': return each(node, data, (_, value, child) => { this.#all(value, child, hasLines) })
      case 'seq':
        if (Array.isArray(data)) for (const [n, item] of node.items.entries()) this.#all(item, data[n] as Json, hasLines)
    }
  }

  #scalar(node: ScalarNode, data: Json, hasLines: boolean): void {
    const type = TYPES[typeof data]
    if (type === undefined || node.start !== node.propertiesStart || node.start === node.end) return
    const isBlock = node.style === 'literal' || node.style === 'folded'
    if (isBlock && !hasLines) return
    for (let i = node.start; i < node.end; i++) {
      const c = this.#text.charCodeAt(i)
      if ((c < 32 && !(isBlock && c === 10)) || c > 126) return
    }
    this.cut(node.start, node.end, type)
  }
}

/** Fields of a container at which plans look, whatever is in them. */
const LOOKED_AT: ReadonlySet<string> = new Set(['name', 'volumeMounts', 'volumeDevices', 'lifecycle', 'restartPolicy'])

function isPort(key: string, value: Json): value is number {
  return (key === 'containerPort' || key === 'hostPort') && typeof value === 'number'
}

/** Calls back for every pair of a map that means what it says: no merge key brings in anything, no key stands twice. */
function each(node: YamlNode, data: Json, visit: (key: string, node: YamlNode, data: Json) => void): void {
  if (node.type !== 'map' || !isObject(data)) return
  for (const { key, value } of node.pairs) {
    const name = keyOf(key)
    if (Object.hasOwn(data, name)) visit(name, value, data[name] as Json)
  }
}
