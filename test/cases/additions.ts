import { parseAllDocuments } from 'yaml'
import { isAddedOnly } from '../corpus/added-only.ts'

/** What stands between a key and its value, with comments around the colon; and a value that stands for nothing. */
const COLON = String.raw`["']?(?:\s*#[^\n]*\n)*\s*:(?:\s*#[^\n]*\n)*(?:\s*\n)?`
const NOTHING = String.raw`[ \t]*(?:&[\w-]+[ \t]*)?(?:\[[ \t]*\]|\{[ \t]*\}|~|null|!!null|&[\w-]+)(?=[\s,}\]]|$)`

/** The image of a container that asks for the sidecar's, which takes its place. */
const IMAGE_OF_SIDECAR = new RegExp(`(image${COLON})[ \\t]*(?:"auto"|'auto'|auto)(?=[\\s,}]|$)`, 'g')

/** The fields of overrides in which a null gave way, which the records of a result have: `"was":{"...image":" ~"}`. */
function filledNulls(result: string): string[] {
  const records = [...result.matchAll(/"was\\?":\{(.*?)\}/g)].map((match) => match[1] as string)
  return records.flatMap((record) =>
    [...record.matchAll(/([A-Za-z]+)\\?":\\?"[ \t]*(?:&[\w-]+[ \t]*)?(?:~|null|!!null)\\?"/g)].map(
      (match) => match[1] as string,
    ),
  )
}

/**
 * The original as additions alone may leave it: an empty list, map or null gives way to what is put there, a number
 * that must be higher is raised, and a Service's port leads elsewhere. Line ends are one here, and blanks before them do not count.
 */
function withoutPlaceholders(text: string, fields: readonly string[]): string {
  const names = [
    'metadata',
    'annotations',
    'labels',
    'volumes',
    'initContainers',
    'env',
    'volumeMounts',
    'ports',
    'args',
    ...fields,
  ].join('|')
  const placeholder = new RegExp(`((?:${names})${COLON})${NOTHING}`, 'g')
  return text
    .replaceAll(/[ \t]*(?:\r\n|[\r\n\u0085\u2028\u2029])/g, '\n')
    .replace(/[ \t]+$/, '')
    .replaceAll(placeholder, '$1')
    .replaceAll(IMAGE_OF_SIDECAR, '$1')
    .replaceAll(
      /(targetPort["']?(?:\s*#[^\n]*\n)*\s*:)(?:(?:\s*#[^\n]*\n)+\s*|[ \t]*)(?:[&!][\w!-]*[ \t]+)*(?:"[^"\n]*"|'[^'\n]*'|[^\s,}\]#]*)/g,
      '$1',
    )
    .replaceAll(
      /(terminationGracePeriodSeconds["']?(?:\s*#[^\n]*\n)*\s*:(?:\s*#[^\n]*\n)*\s*)(?:[&!][\w!-]*[ \t]*)*(?:\d+|null|~)?/g,
      '$1',
    )
}

/** True when all characters of `before` are in `after`, in order. */
function isSubsequence(before: string, after: string): boolean {
  let at = 0
  for (let i = 0; i < after.length && at < before.length; i++) if (after[i] === before[at]) at++
  return at === before.length
}

/** The aliases that gave way to what they stand for, which the records of a result have: `"was":{"spec":" *a"}`. */
function writtenOut(result: string): string[] {
  const records = [...result.matchAll(/"was\\?":\{(.*?)\}/g)].map((match) => match[1] as string)
  return records.flatMap((record) => [...record.matchAll(/\*[^\s"\\,[\]{}]+/g)].map((match) => match[0]))
}

/**
 * True when nothing of a text was removed or altered but what gives way to an addition.
 * Flow style takes several insertions in one line, which `isAddedOnly` does not follow: then line by line.
 */
export function keepsAll(original: string, result: string): boolean {
  const kept = writtenOut(result).reduce((text, alias) => text.replaceAll(alias, ''), original)
  const fields = filledNulls(result)
  const [before, after] = [withoutPlaceholders(kept, fields), withoutPlaceholders(result, fields)]
  if (isAddedOnly(before, after)) return true
  // A further value of a stream may stand in the line of the one before, in front of its comment.
  if (/^\s*\{/.test(before) && !after.includes('\n---') && isSubsequence(before, after)) return true
  const lines = after.split('\n')
  let [at, from] = [0, 0]
  const next = (): void => {
    ;[at, from] = [at + 1, 0]
  }
  return before.split('\n').every((line) => {
    // Entries come between the commas and brackets with which a line begins.
    const marks = /^[\s,[\]{}]*[,[\]{}]/.exec(line)?.[0] ?? ''
    for (const c of marks.replaceAll(/\s/g, '')) {
      while (at < lines.length && (lines[at] as string).indexOf(c, from) < 0) next()
      if (at === lines.length) return false
      from = (lines[at] as string).indexOf(c, from) + 1
    }
    const rest = line.slice(marks.length)
    if (rest === '' && marks !== '') return true
    while (at < lines.length && !isSubsequence(rest, (lines[at] as string).slice(from))) next()
    if (at === lines.length) return false
    next()
    return true
  })
}

/** What ends a line for kubectl (YAML 1.1) and not for the package (YAML 1.2, and no lone CR). */
const OTHER_BREAKS = /\r(?!\n)|[\u0085\u2028\u2029]/g

/**
 * True for a comment that begins a line, as comments may anywhere: behind an entry in flow style and its comment the
 * package misses the break between the two.
 */
function isCommentLine(text: string, offset: number): boolean {
  return /[\r\n\u0085\u2028\u2029]/.test(text[offset - 1] ?? '') && text[offset] === '#'
}

/** True when the `yaml` package takes a text without an error, in the mode that is nearest to kubectl. */
export function yamlPackageReads(text: string): boolean {
  const documents = parseAllDocuments<never>(text.replaceAll(OTHER_BREAKS, '\n'), {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
    logLevel: 'silent',
  })
  return (
    !Array.isArray(documents) ||
    documents.every(({ errors }) => errors.every(({ pos: [start] }) => isCommentLine(text, start)))
  )
}
