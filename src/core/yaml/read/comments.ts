import type { YamlNode } from './node.ts'

/**
 * The 0-based offset of the first comment inside a node; undefined where there is none. A `#` in a scalar does not
 * count.
 */
export function firstComment(text: string, node: YamlNode): number | undefined {
  let at = node.start
  let found: number | undefined
  const skip = (inner: YamlNode): void => {
    if (found !== undefined) return
    if (inner.type === 'map') {
      for (const { key, value } of inner.pairs) {
        skip(key)
        skip(value)
      }
    } else if (inner.type === 'seq') {
      inner.items.forEach(skip)
    } else {
      found = commentIn(text, at, inner.propertiesStart) ?? headComment(text, inner)
      at = Math.max(at, inner.end)
    }
  }
  skip(node)
  return found ?? commentIn(text, at, node.end)
}

function commentIn(text: string, start: number, end: number): number | undefined {
  const at = text.slice(start, end).indexOf('#')
  return at < 0 ? undefined : start + at
}

/** The comment after the indicator of a block scalar, on its line. */
function headComment(text: string, node: YamlNode): number | undefined {
  if (node.type !== 'scalar' || (node.style !== 'literal' && node.style !== 'folded')) return undefined
  const head = /^[^\r\n]*/.exec(text.slice(node.start, node.end))?.[0] ?? ''
  return commentIn(text, node.start, node.start + head.length)
}
