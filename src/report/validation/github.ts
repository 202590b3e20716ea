import type { Diagnostic, Severity } from '../../core/diagnostics/diagnostic.ts'
import { formatJsonPath } from '../../core/json/json.ts'
import { resourceName } from '../diagnostics.ts'
import { escapeText } from '../escape.ts'
import { allDiagnostics, type ValidationReporter } from './report.ts'

const COMMANDS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'notice' }

/** Workflow commands of GitHub Actions, which show findings as annotations on the lines of a change. */
export const githubReporter: ValidationReporter = (report) =>
  allDiagnostics(report)
    .map((found) => `::${COMMANDS[found.severity]} ${properties(found)}::${escapeData(messageOf(found))}\n`)
    .join('') + (report.omitted === undefined ? '' : `::notice title=findings::${escapeData(report.omitted)}\n`)

function properties({ code, at }: Diagnostic): string {
  const all: [string, string | number][] = []
  if (at !== undefined) {
    // A file is named only if there is one: `<stdin>` is not a path in the repository.
    if (!at.source.label.startsWith('<')) all.push(['file', at.source.label.replace(/[^\r\n]+/g, escapeText)])
    if (at.source.text !== '') {
      const start = at.source.position(at.range.start)
      const end = at.source.position(Math.max(at.range.end, at.range.start))
      all.push(['line', start.line], ['endLine', end.line])
      // Columns are shown only within one line.
      if (start.line === end.line) all.push(['col', start.column], ['endColumn', Math.max(end.column, start.column)])
    }
  }
  all.push(['title', code])
  return all.map(([name, value]) => `${name}=${escapeProperty(String(value))}`).join(',')
}

function messageOf({ resource, path, message, hint }: Diagnostic): string {
  const where = [
    ...(resource === undefined ? [] : [resourceName(resource)]),
    ...(path === undefined || path.length === 0 ? [] : [escapeText(formatJsonPath(path))]),
    escapeText(message),
  ]
  return `${where.join(': ')}${hint === undefined ? '' : `\nhint: ${escapeText(hint)}`}`
}

/**
 * Source: actions/toolkit, packages/core `command.ts`; and the runner looks for `##[` anywhere in a line.
 */
function escapeData(text: string): string {
  return text.replaceAll('##[', '##\\x5b').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
