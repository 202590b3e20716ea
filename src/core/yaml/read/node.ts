import type { ScalarStyle } from './token.ts'

interface NodeBase {
  /** 0-based offset of the node's first character, after any anchor or tag. */
  start: number
  /** 0-based offset just past its last character; trailing comments and line breaks do not belong to it. */
  end: number
  /** Where its anchor or tag begins; equals `start` where there is none. */
  propertiesStart: number
  anchor: string | undefined
  /** The tag as written, such as `!!str`. */
  tag: string | undefined
}

/** A scalar. A missing value (`key:` and nothing) is a plain scalar of no length. */
export interface ScalarNode extends NodeBase {
  type: 'scalar'
  style: ScalarStyle
  /** The text after folding and unescaping. What it means is decided in `resolve.ts`. */
  value: string
}

export interface Pair {
  key: YamlNode
  value: YamlNode
  /** Offset of the pair's first character: its key, or the `?` before it. */
  start: number
  /** Offset of its `:`, or -1 where there is none. */
  colon: number
}

export interface MapNode extends NodeBase {
  type: 'map'
  flow: boolean
  pairs: Pair[]
}

export interface SeqNode extends NodeBase {
  type: 'seq'
  flow: boolean
  items: YamlNode[]
  /** Offsets of the dashes of a block list, one per item; empty in flow style. */
  dashes: number[]
}

/** A reference to an anchored node, which is never a node that contains it. */
export interface AliasNode extends NodeBase {
  type: 'alias'
  name: string
  target: YamlNode
}

export type YamlNode = ScalarNode | MapNode | SeqNode | AliasNode

/** The node an alias stands for, or the node itself. */
export function deref(node: YamlNode): ScalarNode | MapNode | SeqNode {
  let at = node
  while (at.type === 'alias') at = at.target
  return at
}

// Nodes are made here alone, so that every reader's have their fields in the same order: V8 then reads them fast.

export function scalarNode(start: number, end: number, style: ScalarStyle, value: string): ScalarNode {
  return { type: 'scalar', start, end, propertiesStart: start, anchor: undefined, tag: undefined, style, value }
}

export function mapNode(start: number, end: number, flow: boolean): MapNode {
  return { type: 'map', start, end, propertiesStart: start, anchor: undefined, tag: undefined, flow, pairs: [] }
}

export function seqNode(start: number, end: number, flow: boolean): SeqNode {
  return {
    type: 'seq',
    start,
    end,
    propertiesStart: start,
    anchor: undefined,
    tag: undefined,
    flow,
    items: [],
    dashes: [],
  }
}

export function aliasNode(start: number, end: number, name: string, target: YamlNode): AliasNode {
  return { type: 'alias', start, end, propertiesStart: start, anchor: undefined, tag: undefined, name, target }
}
