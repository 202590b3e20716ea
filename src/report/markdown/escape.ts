import { shownText } from '../escape.ts'

/** All but letters, digits and what is harmless; a colon of an address or emoji, and the dot behind `www`, are not. */
const special = (): RegExp => /[^\p{L}\p{M}\p{N} /,=.:;()-]|:(?![ \d]|$)|(?<=www)\./giu

/** Mentions, issues and emoji, which GitHub finds in what Markdown has become, within one piece of text. */
const ACTS_LATER: ReadonlySet<string> = new Set(['@', '#', ':'])

/**
 * Text of a manifest as Markdown shows it: whatever could be Markdown, HTML, a link, a mention or a cell's end is
 * written as a reference, which stands for nothing but itself.
 * Source: CommonMark 0.31, "Entity and numeric character references"; GitHub Flavored Markdown, "Autolinks".
 */
export function markdownText(text: string): string {
  return shownText(text).replace(special(), (c) => reference(c) + (ACTS_LATER.has(c) ? '<b></b>' : ''))
}

/** The same in the type of code, for names and values; there GitHub looks for no mentions. */
export function codeText(text: string): string {
  return `<code>${shownText(text).replace(special(), reference)}</code>`
}

function reference(c: string): string {
  return `&#${c.codePointAt(0)};`
}

/** A path as the target of a link. */
export function linkTarget(path: string): string {
  return path
    .split('/')
    .map((step) => encodeURIComponent(step).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join('/')
}

/** A block of code that no line of the text can end. */
export function fenced(language: string, text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.endsWith('\n') ? text : `${text}\n`}${fence}\n`
}

/** A table; cells are Markdown already. Empty without rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}
