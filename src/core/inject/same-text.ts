/**
 * True for two texts without sidecars that are the same. Comments of the user's inside what is ours are kept by every
 * change, but where what they stood beside is gone they may stand in another place: lines of comments alone are
 * compared without their order and indentation.
 */
export function isSameText(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [taken(one), taken(other)]
  return a.rest === b.rest && a.comments === b.comments
}

/** A text as its lines of comments, sorted, and the rest. */
function taken(text: string): { comments: string; rest: string } {
  const comments: string[] = []
  const rest = text.replace(COMMENT_LINE, (line) => {
    comments.push(line.trim())
    return ''
  })
  return { comments: comments.sort().join('\n'), rest }
}

const COMMENT_LINE = /^[ \t]*#[^\r\n]*(?:\r\n|\r|\n|$)/gm
