import { addTo } from '../common/maps.ts'
import type { JsonPath, Json } from '../json/json.ts'
import { DataBuilder, findEntry, nodeAt } from '../yaml/read/construct.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import { deref, type MapNode, type SeqNode, type YamlNode } from '../yaml/read/node.ts'
import { textToRestore } from '../yaml/edit/editor.ts'
import { YamlError } from '../yaml/read/token.ts'
import { SharedNodeError } from './minimal-diff.ts'

/** The anchors and aliases of a document: the nodes that an edit would change in several places. */
export class Aliases {
  readonly #doc: YamlDocument
  readonly #root: YamlNode
  readonly #targets: ReadonlySet<YamlNode>
  #named: ReadonlyMap<string, readonly YamlNode[]> | undefined

  constructor(doc: YamlDocument) {
    this.#doc = doc
    this.#root = doc.root as YamlNode
    this.#targets = doc.anchors ? aliasTargets(this.#root) : new Set()
  }

  /**
   * The first alias on the way to `path` in a template: how many elements of `path` lead to it, its text after the
   * colon or dash, and its anchor's name. Undefined where there is none inside the template that can be written out.
   */
  aliasOn(template: JsonPath, path: JsonPath): { steps: number; text: string; name: string } | undefined {
    if (!this.#doc.anchors) return undefined
    let node: YamlNode | undefined = this.#root
    const full = [...template, ...path]
    for (const [n, step] of full.entries()) {
      const parent: YamlNode | undefined = node
      if (parent?.type === 'seq' && typeof step === 'number') node = parent.items[step]
      else if (parent?.type === 'map' && typeof step === 'string') node = findEntry(parent, step)?.pair.value
      else return undefined
      if (node?.type !== 'alias') continue
      const from = n >= template.length ? this.#valueStart(parent, step) : undefined
      if (from === undefined) return undefined
      return { steps: n + 1 - template.length, text: textToRestore(this.#doc.source.text, from, node), name: node.name }
    }
    return undefined
  }

  /**
   * The plain data of an alias `*name` at a path, or at its nearest parent that exists: the last anchor of that name
   * before it counts. Undefined where there is no such anchor, or JSON cannot represent its value.
   */
  anchored(name: string, path: JsonPath): Json | undefined {
    this.#named ??= anchorsByName(this.#root)
    let place: YamlNode | undefined
    for (let length = path.length; place === undefined; length--) place = nodeAt(this.#root, path.slice(0, length))
    const { propertiesStart } = place
    const found = this.#named.get(name)?.findLast((node) => node.propertiesStart < propertiesStart)
    return found === undefined ? undefined : jsonOf(found)
  }

  #valueStart(parent: MapNode | SeqNode, step: string | number): number | undefined {
    if (parent.type === 'seq') return parent.flow ? undefined : (parent.dashes[step as number] as number) + 1
    const entry = findEntry(parent, step as string)
    return entry === undefined || entry.merged || entry.pair.colon < 0 ? undefined : entry.pair.colon + 1
  }

  /** @throws SharedNodeError for an alias, and for a node that aliases elsewhere refer to */
  refuse(node: YamlNode): void {
    if (node.type === 'alias') throw shared(`is an alias of &${node.name}`, node.start)
    if (this.#targets.has(node))
      throw shared(`has the anchor &${node.anchor}, and aliases elsewhere use it`, node.propertiesStart)
  }
}

/** Undefined for what JSON cannot represent, which is possible in a value that is overridden. */
function jsonOf(node: YamlNode): Json | undefined {
  try {
    return new DataBuilder().build(node)
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}

/**
 * The error for an edit that would change a value in another place, too.
 * @param offset 0-based, in the document's text
 */
export function shared(why: string, offset: number): SharedNodeError {
  return new SharedNodeError(`the value to change ${why}`, offset)
}

function aliasTargets(root: YamlNode): Set<YamlNode> {
  const targets = new Set<YamlNode>()
  visit(root, (node) => {
    if (node.type === 'alias') targets.add(deref(node))
  })
  return targets
}

/** The nodes of each anchor name, in the order of the text. */
function anchorsByName(root: YamlNode): Map<string, YamlNode[]> {
  const named = new Map<string, YamlNode[]>()
  visit(root, (node) => {
    if (node.anchor === undefined) return
    addTo(named, node.anchor, node)
  })
  return named
}

function visit(node: YamlNode, look: (node: YamlNode) => void): void {
  look(node)
  if (node.type === 'seq') for (const item of node.items) visit(item, look)
  if (node.type === 'map') {
    for (const { key, value } of node.pairs) {
      visit(key, look)
      visit(value, look)
    }
  }
}
