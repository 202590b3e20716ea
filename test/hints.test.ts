import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Words with which a hint may begin although they have a capital: names of things. */
const NAMES = /^(?:Kubernetes|[A-Z]+\b|[A-Z][a-z]+[A-Z]\w*)/

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isWanted)
    .map((name) => join(folder, name))
}

/** The end of the expression that begins at an offset: where its brackets close, or a comma or line ends it. */
function expressionEnd(code: string, start: number): number {
  let depth = 0
  for (let i = start; i < code.length; i++) {
    const c = code[i] as string
    if ('\'"`'.includes(c)) i = literalEnd(code, i)
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c) && --depth < 0) return i
    else if (
      depth === 0 &&
      (c === ',' ||
        (c === '\n' && !/^\s*[?:.&|+]/.test(code.slice(i + 1, i + 40)) && !/[?:=(]\s*$/.test(code.slice(start, i))))
    )
      return i
  }
  return code.length
}

function literalEnd(code: string, start: number): number {
  let i = start + 1
  while (i < code.length && code[i] !== code[start]) i += code[i] === '\\' ? 2 : 1
  return i
}

/** Functions that take a hint by its place: which argument it is, counted from 0. */
const PLACES: Readonly<Record<string, number>> = { UsageError: 1, required: 2, forbidden: 2, Refusal: 3 }

/** The arguments of a call whose bracket was opened just before an offset. */
function argumentsAt(code: string, start: number): string[] {
  const out: string[] = []
  for (let at = start; ;) {
    let end = expressionEnd(code, at)
    while (code[end] === '\n') end = expressionEnd(code, end + 1)
    out.push(code.slice(at, end))
    if (code[end] !== ',') return out
    at = end + 1
  }
}

/** Hints that are given by their place. */
function placedHintsIn(code: string): string[] {
  return [...code.matchAll(/\b(UsageError|required|forbidden|Refusal)\(/g)].flatMap((match) => {
    const hint = argumentsAt(code, match.index + match[0].length)[PLACES[match[1] as string] as number] ?? ''
    return [...hint.matchAll(/(['"`])((?:(?!\1)[^\\]|\\.)+)\1/g)].map((literal) => literal[2] as string)
  })
}

/** The texts of hints in a source: what is given to a name or function that ends with `hint`, or in a hint's place. */
function hintsIn(code: string): string[] {
  const bare = code.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')
  const named = [...bare.matchAll(/\b(?:\w*[hH]int|\w*HINT)\b\s*(?::|=(?!=)|\()\s*/g)].flatMap((match) => {
    const start = match.index + match[0].length
    const expression = bare.slice(start, expressionEnd(bare, start))
    return [...expression.matchAll(/(?<![=!]== )(['"`])((?:(?!\1)[^\\]|\\.)+)\1/g)].map(
      (literal) => literal[2] as string,
    )
  })
  return [...placedHintsIn(bare), ...named]
}

function beginsSmall(hint: string): boolean {
  return !/^[A-Z]/.test(hint) || NAMES.test(hint)
}

describe('hints', () => {
  it('are found in a source', () => {
    const code =
      "a({ hint: 'One' })\nconst hint = x\n  ? `two ${y}`\n  : 'three'\nconst HINT = 'four'\nf(hint, 'five')\nwithHint('seven')\n/** hint: 'six' */\na.required(b, `c`, 'Eight')\nthrow new UsageError('no',\n  'Nine')\n"
    expect(hintsIn(code)).toEqual(['Eight', 'Nine', 'One', 'two ${y}', 'three', 'four', 'seven'])
  })

  it('begin with a small letter or a name, and end without a full stop, in the sources', () => {
    const hints = filesBelow('src', (name) => name.endsWith('.ts')).flatMap((file) =>
      hintsIn(readFileSync(file, 'utf8')),
    )
    expect(hints.length).toBeGreaterThan(120)
    expect(hints.filter((hint) => !beginsSmall(hint) || /[^.]\.$/.test(hint))).toEqual([])
  })

  it('do so in all that is recorded', () => {
    const files = [...filesBelow('fixtures', (name) => name.endsWith('expected.stderr')), 'README.md']
    const hints = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ +hint: (.*)$/gm)].map((match) => match[1] as string),
    )
    expect(hints.length).toBeGreaterThan(50)
    expect(hints.filter((hint) => !beginsSmall(hint))).toEqual([])
  })
})
