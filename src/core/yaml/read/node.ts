import type { ScalarStyle } from './token.ts'

interface NodeBase {
  /** 0-based offset of the node's first character, after any anchor or tag. */
  start: number
  /** 0-based offset just past its last character; trailing comments and line breaks do not belong to it. */
  end: number
  /** 0-based offset of its anchor or tag; equals `start` where there is none. */
  propertiesStart: number
  anchor: string | undefined
  /** The tag as written, such as `!!str`. */
  tag: string | undefined
}

/** A scalar. A missing value (`key:` and nothing) is a plain scalar of length 0. */
export interface ScalarNode extends NodeBase {
  type: 'scalar'
  style: ScalarStyle
  /** The text after folding and unescaping. `resolve.ts` decides what it means. */
  value: string
}

export interface Pair {
  key: YamlNode
  value: YamlNode
  /** 0-based offset of the pair's first character: its key, or the `?` before it. */
  start: number
  /** 0-based offset of its `:`, or -1 where there is none. */
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
  /** 0-based offsets of the dashes of a block list, one per item; empty in flow style. */
  dashes: number[]
}

/** A reference to an anchored node, which is never a node that contains it. */
export interface AliasNode extends NodeBase {
  type: 'alias'
  name: string
  target: YamlNode
}

export type YamlNode = ScalarNode | MapNode | SeqNode | AliasNode

/** The node that an alias refers to, or the node itself. */
export function deref(node: YamlNode): ScalarNode | MapNode | SeqNode {
  let at = node
  while (at.type === 'alias') at = at.target
  return at
}

// All nodes are created here, so that they have their fields in the same order: V8 then reads them fast. For a literal
// inside another it takes twice as long as for the two in turn.

export function scalarNode(start: number, end: number, style: ScalarStyle, value: string): ScalarNode {
  return { type: 'scalar', start, end, propertiesStart: start, anchor: undefined, tag: undefined, style, value }
}

export function mapNode(start: number, end: number, flow: boolean): MapNode {
  const pairs: Pair[] = []
  return { type: 'map', start, end, propertiesStart: start, anchor: undefined, tag: undefined, flow, pairs }
}

export function seqNode(start: number, end: number, flow: boolean): SeqNode {
  const items: YamlNode[] = []
  const dashes: number[] = []
  return { type: 'seq', start, end, propertiesStart: start, anchor: undefined, tag: undefined, flow, items, dashes }
}

export function aliasNode(start: number, end: number, name: string, target: YamlNode): AliasNode {
  return { type: 'alias', start, end, propertiesStart: start, anchor: undefined, tag: undefined, name, target }
}
