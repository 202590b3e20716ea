import { codeInfo, type DiagnosticCode } from '../../core/diagnostics/codes.ts'
import type { Diagnostic, SourceLocation, Severity } from '../../core/diagnostics/diagnostic.ts'
import { formatJsonPath, jsonText } from '../../core/json/json.ts'
import { hasForeignBytes, pathBytes } from '../../core/text/path-bytes.ts'
import { resourceName } from '../diagnostics.ts'
import { allDiagnostics, type ValidationReporter } from './report.ts'

const LEVELS: Record<Severity, string> = { error: 'error', warning: 'warning', info: 'note' }
const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'

/** SARIF 2.1.0 (OASIS), which code-scanning services read. */
export const sarifReporter: ValidationReporter = (report) => {
  const found = allDiagnostics(report)
  const codes = [...new Set(found.map(({ code }) => code))].sort()
  const indexOf = new Map(codes.map((code, i) => [code, i]))
  const run = {
    tool: { driver: { name: 'sidecarctl', version: report.version, rules: codes.map(ruleOf) } },
    columnKind: 'unicodeCodePoints',
    invocations: [
      {
        executionSuccessful: report.inputDiagnostics.every(({ severity }) => severity !== 'error'),
        toolExecutionNotifications: report.omitted && [{ level: 'note', message: { text: report.omitted } }],
      },
    ],
    results: found.map((one) => resultOf(one, indexOf.get(one.code) as number)),
  }
  return `${jsonText({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, 2)}\n`
}

function ruleOf(code: DiagnosticCode): object {
  const { severity, meaning } = codeInfo(code)
  return { id: code, shortDescription: { text: meaning }, defaultConfiguration: { level: LEVELS[severity] } }
}

function resultOf(found: Diagnostic, ruleIndex: number): object {
  const { code, severity, at, related } = found
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: textOf(found) },
    locations: at && [{ physicalLocation: physicalOf(at), ...logicalOf(found) }],
    relatedLocations: related?.map(({ at: place, message }, id) => {
      return { id, physicalLocation: physicalOf(place), message: { text: message } }
    }),
  }
}

function textOf({ path, message, hint }: Diagnostic): string {
  const field = path === undefined || path.length === 0 ? '' : `${formatJsonPath(path)}: `
  return `${field}${message}${hint === undefined ? '' : `\nHint: ${hint}`}`
}

function logicalOf({ resource, path }: Diagnostic): object {
  if (resource === undefined) return {}
  const object = resourceName(resource)
  const field = path === undefined || path.length === 0 ? '' : ` ${formatJsonPath(path)}`
  return { logicalLocations: [{ name: object, fullyQualifiedName: `${object}${field}`, kind: 'resource' }] }
}

function physicalOf({ source, range }: SourceLocation): object {
  const artifactLocation = { uri: uriOf(source.label) }
  if (source.text === '') return { artifactLocation }
  const start = source.position(range.start)
  const end = source.position(Math.max(range.end, range.start))
  const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
  return { artifactLocation, region }
}

/** A path as a URI reference: relative as typed, or `file:` for an absolute one. */
function uriOf(label: string): string {
  const encoded = label.split('/').map(encodeName).join('/')
  if (label.startsWith('/')) return `file://${encoded}`
  return /^[A-Za-z]:\//.test(label) ? `file:///${label.slice(0, 2)}${encoded.slice(encoded.indexOf('/'))}` : encoded
}

/** Percent-encoding represents bytes, which need not be UTF-8. */
function encodeName(name: string): string {
  if (!hasForeignBytes(name)) return encodeURIComponent(name)
  return Array.from(pathBytes(name), (byte) =>
    byte < 0x80 ? encodeURIComponent(String.fromCharCode(byte)) : `%${byte.toString(16).toUpperCase()}`,
  ).join('')
}
