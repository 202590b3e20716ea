import type { PodGraph } from '../core/graph/pod-graph.ts'
import { summaryOf } from '../report/graph/labels.ts'
import { graphsSvg } from '../report/graph/svg.ts'
import { hunksOf } from '../report/diff.ts'
import { diffEdited, diffTexts, type Line } from '../report/line-diff.ts'
import { byId, element, fill } from './dom.ts'
import type { Answer, Finding } from './engine.ts'

/** The lines of a result, each with its sign. */
function linesOf({ file: { source, edits }, output }: Answer): Line[] {
  if (output === source.text) return diffTexts(output, output)
  return edits === undefined ? diffTexts(source.text, output) : [...diffEdited(source.text, edits)]
}

const CLASSES: Readonly<Record<string, string>> = { '+': 'added', '-': 'removed', '@': 'hunk' }

/** The lines that each view shows. In a long view, only lines that differ are replaced. */
const shownLines = new WeakMap<HTMLElement, readonly string[]>()

/** Shows lines, each marked by its first character. */
function showLines(view: HTMLElement, lines: readonly string[]): void {
  const before = shownLines.get(view) ?? []
  const shorter = Math.min(before.length, lines.length)
  let start = 0
  while (start < shorter && before[start] === lines[start]) start++
  let same = 0
  while (same < shorter - start && before[before.length - 1 - same] === lines[lines.length - 1 - same]) same++
  for (let n = before.length - same; n > start; n--) view.children[n - 1]?.remove()
  const fresh = document.createDocumentFragment()
  for (const line of lines.slice(start, lines.length - same))
    fresh.append(element('span', { text: line, className: CLASSES[line.charAt(0)] ?? '' }))
  view.insertBefore(fresh, view.children[start] ?? null)
  shownLines.set(view, lines)
}

/** The result, in which the lines that were added are marked. */
export function showResult(answer: Answer): void {
  const lines = linesOf(answer).filter(({ sign }) => sign !== '-')
  showLines(
    byId('result'),
    lines.map(({ sign, text }) => `${sign} ${text.replace(/\r?\n$/, '')}`),
  )
}

/** The changes as a patch. */
export function showDiff(answer: Answer): void {
  const lines = [...hunksOf(linesOf(answer), 1, 1)].flatMap((hunk) => hunk.replace(/\n$/, '').split('\n'))
  showLines(byId('diff'), lines.length === 0 ? [' No differences.'] : lines)
}

/** The pods as a picture; an image runs no script, whatever is in it. */
export function showPicture(graphs: readonly PodGraph[]): void {
  const image = byId<HTMLImageElement>('picture')
  image.hidden = graphs.length === 0
  image.alt = graphs.map(summaryOf).join('\n')
  const svg = graphsSvg(graphs, document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light')
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
}

/** What the API server would say of the result. */
export async function showValidation(answer: Answer, version: string): Promise<void> {
  const { hasErrors } = answer
  const validation = await answer.validation()
  const errors = validation.filter(({ severity }) => severity === 'error').length
  const of = hasErrors ? 'the manifest (there is no result)' : 'the result'
  byId('verdict').textContent =
    errors === 0
      ? `Kubernetes ${version} would accept ${of}.`
      : `Kubernetes ${version} would reject ${of}: ${errors} error${errors === 1 ? '' : 's'}.`
  fill(
    byId('validation'),
    validation.map((found) => findingItem(found)),
  )
}

/** The findings of the manifest, each with a button that leads to its line. */
export function showFindings(findings: readonly Finding[], goTo: (line: number) => void): void {
  const items = findings.map((found) => findingItem(found, goTo))
  fill(byId('findings'), items.length === 0 ? [element('li', { text: 'None.' })] : items)
}

const WORDS = { error: 'error', warning: 'warning', info: 'note' } as const

function findingItem({ severity, code, message, hint, line }: Finding, goTo?: (line: number) => void): HTMLElement {
  const item = element('li', { className: severity })
  if (line > 0 && goTo !== undefined) {
    const button = element('button', { text: `line ${line}` })
    button.type = 'button'
    button.addEventListener('click', () => {
      goTo(line)
    })
    item.append(button, ' ')
  } else if (line > 0) item.append(`line ${line} `)
  item.append(element('strong', { text: `${WORDS[severity]} ${code}` }), `: ${message}`)
  if (hint !== '') item.append(element('br'), `hint: ${hint}`)
  return item
}

/** The numbers of the lines, in which those with findings are marked. */
export function showGutter(count: number, findings: readonly Finding[]): void {
  const worst = new Map<number, Finding>()
  for (const found of findings) if (worst.get(found.line)?.severity !== 'error') worst.set(found.line, found)
  const gutter = byId('gutter')
  // Only what differs is touched: a manifest has many lines.
  while (gutter.childElementCount > count) gutter.lastElementChild?.remove()
  const fresh = document.createDocumentFragment()
  for (let n = gutter.childElementCount + 1; n <= count; n++) fresh.append(element('div', { text: String(n) }))
  gutter.append(fresh)
  for (const [n, row] of [...gutter.children].entries()) {
    const found = worst.get(n + 1)
    const [className, title] = [found?.severity ?? '', found?.message ?? '']
    if (row.className !== className) row.className = className
    if ((row as HTMLElement).title !== title) (row as HTMLElement).title = title
  }
}
