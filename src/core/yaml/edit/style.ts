import { deref, type YamlNode } from '../read/node.ts'
import { DEFAULT_STYLE, type BlockStyle, type FlowStyle } from './serialize.ts'
import { isBreak } from '../read/token.ts'

/** The nodes that are examined to learn a document's style: enough for any file with one style. */
const SAMPLE = 3000

/** The largest indentation, in columns, that counts as a style. */
const WIDEST = 8

/** The 0-based column of an offset (all line breaks of YAML 1.1 end lines). */
export function columnOf(text: string, offset: number): number {
  let i = offset
  while (i > 0 && !isBreak(text.charCodeAt(i - 1))) i--
  return offset - i
}

/**
 * The layout that a document uses most: the indentation of maps, and the columns of dashes.
 * @param foldedPrefix of keys whose text is to be folded, if any
 */
export function learnBlockStyle(text: string, root: YamlNode, foldedPrefix?: string): BlockStyle {
  const votes = { indent: noVotes(), dashIndent: noVotes(), dashGap: noVotes() }
  const queue: YamlNode[] = [root]
  for (let i = 0; i < queue.length && i < SAMPLE; i++) {
    const node = queue[i] as YamlNode
    if (node.type === 'seq' && !node.flow) {
      for (const [n, item] of node.items.entries()) {
        const dash = node.dashes[n] as number
        const gap = item.propertiesStart - dash
        // A dash may be alone on its line.
        if (item.type === 'map' && gap >= 2 && gap <= WIDEST && !/[^- \t]/.test(text.slice(dash, item.propertiesStart)))
          votes.dashGap[gap]!++
        queue.push(item)
      }
    }
    if (node.type !== 'map' || node.flow) continue
    for (const { key, value } of node.pairs) {
      queue.push(value)
      if ((value.type !== 'map' && value.type !== 'seq') || value.flow) continue
      const by = columnOf(text, value.start) - columnOf(text, key.propertiesStart)
      if (value.type === 'map' && by > 0 && by <= WIDEST) votes.indent[by]!++
      if (value.type === 'seq' && by >= 0 && by <= WIDEST) votes.dashIndent[by]!++
    }
  }
  return {
    indent: most(votes.indent, DEFAULT_STYLE.indent),
    dashIndent: most(votes.dashIndent, DEFAULT_STYLE.dashIndent),
    dashGap: most(votes.dashGap, DEFAULT_STYLE.dashGap),
    foldedPrefix,
  }
}

function noVotes(): number[] {
  return Array.from({ length: WIDEST + 1 }, () => 0)
}

/** The value with the most votes, the smallest of several; `fallback` without votes. */
function most(votes: readonly number[], fallback: number): number {
  const count = votes.reduce((most, n) => Math.max(most, n), 0)
  return count === 0 ? fallback : votes.indexOf(count)
}

/** The style of a flow collection: JSON or YAML, with or without white space, and always on one line. */
export function learnFlowStyle(text: string, node: YamlNode, json: boolean, eol: string): FlowStyle {
  const map = deref(node)
  const body = text.slice(map.start, map.end)
  const tight = json && /"\s*:["{[0-9tfn-]/.test(body) && !/":\s/.test(body)
  return { json, colon: tight ? '' : ' ', comma: tight ? '' : ' ', unit: undefined, eol }
}
