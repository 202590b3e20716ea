/** Texts up to this length are matched against any pattern; even the worst takes no more than moments. */
const SHORT = 22

/** Texts up to this length are matched against patterns without nested repetition. */
const LONG = 2048

/**
 * A test of the `pattern` of a custom resource's schema. Kubernetes runs patterns in linear time (RE2), JavaScript does
 * not: where a pattern could take forever on a long text, the text passes. So does every text when the pattern is not
 * one that JavaScript reads.
 */
export function patternTest(pattern: string): { test(text: string): boolean } {
  const regexp = compile(pattern)
  if (regexp === undefined) return { test: () => true }
  const limit = repeatsRepetition(pattern) ? SHORT : LONG
  return { test: (text) => text.length > limit || regexp.test(text) }
}

function compile(pattern: string): RegExp | undefined {
  const insensitive = pattern.startsWith('(?i)')
  const source = insensitive ? pattern.slice(4) : pattern
  for (const flags of ['u', '']) {
    try {
      return new RegExp(source, insensitive ? `${flags}i` : flags)
    } catch {
      // Escapes that RE2 takes are errors under the u flag; some patterns are errors under both.
    }
  }
  return undefined
}

/** True when a group that holds a repetition or alternatives is itself repeated without bound. */
function repeatsRepetition(pattern: string): boolean {
  const plain = pattern.replace(/\\./gs, 'x').replace(/\[\^?\]?[^\]]*\]/g, 'x')
  const groups = [false]
  for (let i = 0; i < plain.length; i++) {
    const char = plain[i]
    if (char === '(') groups.push(false)
    else if (char === '|') groups[groups.length - 1] = true
    else if (char === ')') {
      const inner = groups.pop() ?? false
      if (inner && /^(?:[*+]|\{\d+,?\d*\})/.test(plain.slice(i + 1, i + 12))) return true
      if (inner && groups.length > 0) groups[groups.length - 1] = true
    } else if (char === '*' || char === '+' || char === '{') groups[groups.length - 1] = true
  }
  return false
}
