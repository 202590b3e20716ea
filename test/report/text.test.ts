import { describe, expect, it } from 'vitest'
import { loadColors } from '../../src/report/colors.ts'
import { diagnostic, type Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import type { RunResult, WorkloadOutcome } from '../../src/core/inject/result.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { diagnosticsText, type ReportEnv } from '../../src/report/diagnostics.ts'
import { escapeText } from '../../src/report/escape.ts'
import { excerpt } from '../../src/report/excerpt.ts'
import { kubectlName, namesText } from '../../src/report/names.ts'
import { summaryText } from '../../src/report/summary.ts'
import { textWidth } from '../../src/report/terminal-width.ts'

const ENV: ReportEnv = { color: false, width: 100, verbosity: 'normal' }
const RESOURCE = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' }

function at(text: string, marked: string, label = 'a.yaml') {
  const start = text.indexOf(marked)
  return { source: new SourceText(label, text), range: { start, end: start + marked.length } }
}

describe('diagnosticsText', () => {
  const TEXT = 'kind: Pod\nspec:\n  containers:\n  - name: Web\n'
  const full: Diagnostic = diagnostic('FIELD_REQUIRED', 'must be lower case', {
    at: at(TEXT, 'Web'),
    resource: RESOURCE,
    path: ['spec', 'containers', 0, 'name'],
    hint: 'Write web.',
    related: [{ message: 'the list begins here', at: at(TEXT, 'containers') }],
  })

  it('shows position, code, object, path, message, excerpt, related places and hint', () => {
    expect(diagnosticsText([full], ENV)).toBe(
      [
        'a.yaml:4:11 error FIELD_REQUIRED Deployment shop/web: spec.containers[0].name: must be lower case',
        '  4 |   - name: Web',
        '    |           ^^^',
        '  a.yaml:3:3: the list begins here',
        '  3 |   containers:',
        '    |   ^^^^^^^^^^',
        '  hint: Write web.',
        '',
      ].join('\n'),
    )
  })

  it('shows what it has when there is no text, no place, no name', () => {
    const source = new SourceText('no.yaml', '')
    const found = [
      diagnostic('IO_NOT_FOUND', 'no such file', { at: { source, range: { start: 0, end: 0 } } }),
      diagnostic('IO_SKIPPED', 'skipped', { resource: { ...RESOURCE, namespace: '', name: '' } }),
      diagnostic('IO_SKIPPED', 'by the way', { severity: 'info' }),
    ]
    const lines = [
      'no.yaml error IO_NOT_FOUND: no such file',
      'warning IO_SKIPPED Deployment (no name): skipped',
      'note IO_SKIPPED: by the way',
      '',
    ]
    expect(diagnosticsText(found, ENV)).toBe(lines.join('\n'))
    expect(diagnosticsText(found, { ...ENV, verbosity: 'quiet' })).toBe(`${lines[0]}\n`)
  })

  it('never prints control characters of an input raw', () => {
    const text = 'a: \u001B[31m\u202Eevil\u0007\r\n'
    const found = diagnostic('YAML_SYNTAX', 'bad \u001B]0;x\u0007\nname', {
      at: at(text, 'evil', 'x\n\u001B.yaml'),
      resource: { ...RESOURCE, name: '\u009B1m' },
    })
    expect(diagnosticsText([found], ENV)).toBe(
      'x\\n\\x1b.yaml:1:10 error YAML_SYNTAX Deployment shop/\\x9b1m: bad \\x1b]0;x\\x07\\nname\n' +
        '  1 | a: \\x1b[31m\\u202eevil\\x07\n' +
        `    | ${' '.repeat(17)}^^^^\n`,
    )
  })

  it('colours only where asked', async () => {
    await loadColors()
    expect(diagnosticsText([full], { ...ENV, color: true })).toContain('\u001B[31merror\u001B[39m FIELD_REQUIRED')
    expect(diagnosticsText([full], ENV)).not.toContain('\u001B')
  })
})

describe('excerpt', () => {
  it.each<[string, string, string, number, number]>([
    ['tabs', 'a:\t\tbad', 'bad', 10, 3],
    ['wide characters', 'n: \u540D\u524D bad', 'bad', 8, 3],
    ['combining characters', 'n: e\u0301 bad', 'bad', 5, 3],
    ['emoji', 'n: \u{1F600} bad', 'bad', 6, 3],
    ['wide characters marked', 'n: \u540D\u524D', '\u540D\u524D', 3, 4],
    ['nothing marked', 'abc', '', 0, 1],
  ])('keeps the caret in place: %s', (_, text, marked, indent, length) => {
    expect(excerpt(at(text, marked), 80)).toMatchObject({ line: 1, indent, length })
  })

  it.each([0, 50, 5_000_000, 9_999_000])('cuts a long line around the caret at %i', (offset) => {
    const text = `${'a'.repeat(offset)}BAD${'\u540D'.repeat(10_000_000 - offset)}`
    const part = excerpt({ source: new SourceText('a', text), range: { start: offset, end: offset + 3 } }, 60)
    expect(textWidth(part?.text ?? '')).toBeLessThanOrEqual(60)
    expect(part?.text.slice(part.indent, part.indent + 3)).toBe('BAD')
    expect(part?.text.endsWith('…')).toBe(true)
  })

  it('cuts a mark that is longer than the line', () => {
    const part = excerpt({ source: new SourceText('a', 'x'.repeat(500)), range: { start: 100, end: 400 } }, 60)
    expect(textWidth(part?.text ?? '')).toBeLessThanOrEqual(60)
    expect(part).toMatchObject({ length: 30 })
  })

  it('stays in the line when the range goes over several', () => {
    expect(excerpt({ source: new SourceText('a', 'ab\ncd\nef'), range: { start: 3, end: 8 } }, 60)).toEqual({
      line: 2,
      text: 'cd',
      indent: 0,
      length: 2,
    })
  })

  it('points behind the last character at the end of the text', () => {
    expect(excerpt({ source: new SourceText('a', 'ab\r\n'), range: { start: 2, end: 2 } }, 60)).toEqual({
      line: 1,
      text: 'ab',
      indent: 2,
      length: 1,
    })
  })
})

describe('summaryText', () => {
  const text = '# x\nkind: Deployment\n---\nkind: Job\n'
  const source = new SourceText('a.yaml', text)
  const workload = (status: WorkloadOutcome['status'], rest: Partial<WorkloadOutcome> = {}): WorkloadOutcome => ({
    resource: RESOURCE,
    document: 0,
    offset: text.indexOf('kind'),
    status,
    sidecars: [],
    ...rest,
  })
  const sidecar = { name: 'logging', version: '1.2.0', details: ['container logging', 'volume logs'] }
  const result: RunResult = {
    files: [
      {
        source,
        output: text,
        workloads: [
          workload('injected', {
            sidecars: [
              { ...sidecar, action: 'added' },
              { ...sidecar, name: 'metrics', action: 'kept', details: [] },
            ],
          }),
          workload('skipped', {
            reason: 'host-network',
            resource: { ...RESOURCE, kind: 'Job' },
            offset: text.indexOf('kind: Job'),
          }),
          workload('updated', {
            sidecars: [{ ...sidecar, action: 'skipped', reason: 'kind-not-supported-by-template', details: [] }],
          }),
          workload('up to date', { sidecars: [{ ...sidecar, action: 'kept', details: [] }] }),
        ],
      },
    ],
    diagnostics: [],
  }

  const totals = '1 injected, 1 updated, 1 up to date, 1 skipped: it uses the host network (4 workloads in 1 file)\n'

  it('has a line per workload that changed, and totals', () => {
    expect(summaryText(result, ENV)).toBe(
      'a.yaml:2 Deployment shop/web: injected logging, metrics (kept)\n' +
        'a.yaml:2 Deployment shop/web: updated logging skipped (the template does not support this kind)\n' +
        totals,
    )
  })

  it('has a line per workload with -v', () => {
    const lines = summaryText(result, { ...ENV, verbosity: 'verbose' })
    expect(lines).toContain('a.yaml:4 Job shop/web: skipped: it uses the host network\n')
    expect(lines).toContain('a.yaml:2 Deployment shop/web: up to date logging\n')
    expect(lines.endsWith(totals)).toBe(true)
  })

  it('tells more, less, and what was written', () => {
    expect(summaryText(result, { ...ENV, verbosity: 'verbose' })).toContain(
      '\n  logging 1.2.0: container logging\n  logging 1.2.0: volume logs\n',
    )
    expect(summaryText(result, { ...ENV, verbosity: 'quiet' })).toBe('')
    expect(summaryText(result, ENV, 1)).toMatch(/\(4 workloads in 1 file, 1 written\)\n$/)
    expect(summaryText({ files: [], diagnostics: [] }, ENV)).toBe('no workloads in 0 files\n')
  })

  it('says why each sidecar of a skipped workload was skipped', () => {
    const skipped = [
      { ...sidecar, action: 'skipped' as const, reason: 'kind-not-supported-by-template' as const },
      { ...sidecar, name: 'metrics', action: 'skipped' as const, reason: 'host-network' as const },
    ]
    const files = [{ source, output: text, workloads: [workload('skipped', { sidecars: skipped })] }]
    expect(summaryText({ files, diagnostics: [] }, ENV)).toBe(
      '1 skipped: logging: the template does not support this kind, metrics: it uses the host network (1 workload in 1 file)\n',
    )
  })

  it('names what changed as kubectl does', () => {
    expect(namesText(result)).toBe('deployment.apps/web\ndeployment.apps/web\n')
    expect(kubectlName({ apiVersion: 'v1', kind: 'Pod', namespace: '', name: 'a' })).toBe('pod/a')
    expect(kubectlName({ apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'x', name: 'a\u001B' })).toBe(
      'cronjob.batch/a\\x1b',
    )
  })
})

describe('escapeText', () => {
  it.each([
    ['plain é 名 😀', 'plain é 名 😀'],
    ['\u0000\u001B\u007F\u0085', '\\x00\\x1b\\x7f\\x85'],
    ['\r\n\t', '\\r\\n\\t'],
    ['\u202E\u2066\u200F\uFEFF\u2028', '\\u202e\\u2066\\u200f\\ufeff\\u2028'],
  ])('%j', (text, shown) => {
    expect(escapeText(text)).toBe(shown)
  })
})
