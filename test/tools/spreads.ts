/** A spread into the arguments of a call, with what stands on its line. */
export interface Spread {
  /** 1-based. */
  line: number
  text: string
}

const OPEN = '([{'
const CLOSE = ')]}'

/**
 * Finds `f(...items)` in TypeScript: V8 puts each argument on the stack, which ends at some 120,000. Spreads into lists
 * and maps are not meant, nor parameters of functions. A spread behind which stands `// bounded: WHY` is left out.
 */
export function findSpreads(source: string): Spread[] {
  const code = blank(source)
  const lines = source.split('\n')
  const found: Spread[] = []
  for (let at = code.indexOf('...'); at >= 0; at = code.indexOf('...', at + 3)) {
    if (!/[\w#([]/.test(code[at + 3] ?? '')) continue
    const open = opening(code, at)
    if (open < 0 || code[open] !== '(' || isParameters(code, open, at)) continue
    const line = code.slice(0, at).split('\n').length
    const text = (lines[line - 1] as string).trim()
    if (!/\/\/ bounded: ./.test(text)) found.push({ line, text })
  }
  return found
}

/** The innermost bracket that is open at an offset. */
function opening(code: string, at: number): number {
  let depth = 0
  for (let i = at - 1; i >= 0; i--) {
    const char = code[i] as string
    if (CLOSE.includes(char)) depth++
    else if (OPEN.includes(char) && depth-- === 0) return i
  }
  return -1
}

function isParameters(code: string, open: number, at: number): boolean {
  let depth = 0
  for (let i = open; i < code.length; i++) {
    const char = code[i] as string
    if (OPEN.includes(char)) depth++
    else if (CLOSE.includes(char) && --depth === 0)
      return /^\s*(?:=>|\{)/.test(code.slice(i + 1, i + 40)) || /^\.\.\.\w+:/.test(code.slice(at, at + 60))
  }
  return false
}

/** The same code with blanks for comments, strings and regular expressions. */
function blank(source: string): string {
  const skipped =
    /\/\*[^]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?<=[(=,:[!&|?{};\n]\s*)\/(?![*/])(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g
  return source.replace(skipped, (text) => text.replace(/[^\n]/g, ' '))
}
