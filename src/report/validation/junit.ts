import { addTo } from '../../core/common/maps.ts'
import type { ValidatedObject } from '../../core/validate/validation-result.ts'
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { formatJsonPath } from '../../core/json/json.ts'
import { place } from '../diagnostics.ts'
import { escapeText } from '../escape.ts'
import { objectName, type ValidationReport, type ValidationReporter } from './report.ts'

interface Case {
  file: string
  name: string
  line: number | undefined
  skipped: boolean
  failed: boolean
  diagnostics: readonly Diagnostic[]
}

/** Test results as build servers read them: a suite per input, a case per object. Warnings go to a case's output. */
export const junitReporter: ValidationReporter = (report) => {
  const suites = suitesOf(report)
  const all = [...suites.values()].flat()
  const body = [...suites].map(([file, cases]) => suiteXml(file, cases)).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name: `sidecarctl ${report.command ?? 'validate'}`, ...counts(all) })}>\n${body}</testsuites>\n`
}

function suitesOf({ result, inputDiagnostics }: ValidationReport): Map<string, Case[]> {
  const suites = new Map<string, Case[]>()
  const add = (one: Case): void => {
    addTo(suites, one.file, one)
  }
  for (const found of [...inputDiagnostics, ...result.diagnostics]) {
    const file = found.at?.source.label ?? 'inputs'
    add({ file, name: 'input', line: undefined, skipped: false, failed: isError(found), diagnostics: [found] })
  }
  for (const { label } of result.files) if (!suites.has(label)) suites.set(label, [])
  for (const object of result.objects) add(objectCase(object))
  return suites
}

function objectCase(object: ValidatedObject): Case {
  return {
    file: object.source.label,
    name: objectName(object) ?? `document ${object.document + 1}`,
    line: object.source.position(object.offset).line,
    skipped: object.status === 'skipped',
    failed: object.status === 'invalid',
    diagnostics: object.diagnostics,
  }
}

function counts(cases: readonly Case[]): Record<string, number> {
  return {
    tests: cases.length,
    failures: cases.filter(({ failed }) => failed).length,
    errors: 0,
    skipped: cases.filter(({ skipped }) => skipped).length,
  }
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}

function suiteXml(file: string, cases: readonly Case[]): string {
  return `  <testsuite${attributes({ name: file, ...counts(cases) })}>\n${cases.map(caseXml).join('')}  </testsuite>\n`
}

function caseXml({ file, name, line, skipped, failed, diagnostics }: Case): string {
  const errors = diagnostics.filter(isError)
  const others = diagnostics.filter((found) => !isError(found))
  const [first] = errors
  const parts = [
    ...(first === undefined ? [] : [failureXml(first, errors)]),
    ...(failed && first === undefined
      ? [`      <failure${attributes({ message: 'errors not shown because of --max-findings' })}/>\n`]
      : []),
    ...(skipped ? ['      <skipped message="not checked"/>\n'] : []),
    ...(others.length > 0 ? [`      <system-out>${escapeXml(others.map(lineOf).join('\n'))}</system-out>\n`] : []),
  ]
  const open = `    <testcase${attributes({ name, classname: file, file, ...(line !== undefined && { line }), time: 0 })}`
  return parts.length === 0 ? `${open}/>\n` : `${open}>\n${parts.join('')}    </testcase>\n`
}

function failureXml({ code, message }: Diagnostic, errors: readonly Diagnostic[]): string {
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`
  const type = attributes({ message: message + more, type: code })
  return `      <failure${type}>${escapeXml(errors.map(lineOf).join('\n'))}</failure>\n`
}

function lineOf({ at, code, severity, path, message, hint }: Diagnostic): string {
  const where = at === undefined ? '' : `${place(at)} `
  const field = path === undefined || path.length === 0 ? '' : `${escapeText(formatJsonPath(path))}: `
  return `${where}${severity} ${code}: ${field}${escapeText(message)}${hint === undefined ? '' : `\n  hint: ${escapeText(hint)}`}`
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}
/** Characters that are not allowed in XML 1.0, not even as references. */
const NO_XML = /[^\t\n\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu

/** Characters that affect a terminal: `\p{Cc}` but for tabs and line feeds, and `\p{Bidi_Control}`, written out as in escape.ts. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\0-\x08\v-\x1F\x7F-\x9F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Text between tags. */
function escapeXml(text: string): string {
  return text
    .replace(UNSAFE, escapeText)
    .replace(NO_XML, '\uFFFD')
    .replace(/[&<>]/g, (c) => ENTITIES[c] as string)
}

/** Text of an attribute, in which readers convert line ends to spaces. */
function escapeAttribute(text: string): string {
  return escapeXml(text).replace(/["\n\t]/g, (c) => ENTITIES[c] as string)
}
