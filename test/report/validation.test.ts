import { describe, expect, it } from 'vitest'
import type { ValidatedObject, ValidationResult } from '../../src/core/validate/validation-result.ts'
import { diagnostic, type Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import { SourceText } from '../../src/core/text/source.ts'
import type { ReportEnv } from '../../src/report/diagnostics.ts'
import {
  VALIDATION_REPORTERS,
  validationSummary,
  type ValidationReport,
} from '../../src/report/validation/reporters.ts'

const ENV: ReportEnv = { color: false, width: 100, verbosity: 'normal' }
const SOURCE = new SourceText('k8s/a,b:c.yaml', 'kind: Pod\nmetadata:\n  name: "é" # x\n---\nkind: Foo\n---\n[]\n')
const POD = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'é' }
const FOO = { apiVersion: 'example.com/v1', kind: 'Foo', namespace: '', name: '' }

function at(marked: string): NonNullable<Diagnostic['at']> {
  const start = SOURCE.text.indexOf(marked)
  return { source: SOURCE, range: { start, end: start + marked.length } }
}

const name = diagnostic('METADATA_NAME', 'must be "lower" <case>, 100%', {
  at: at('"é"'),
  resource: POD,
  path: ['metadata', 'name'],
  hint: 'write e',
  related: [{ message: 'see', at: at('kind') }],
})
const kind = diagnostic('KIND_NOT_CHECKED', 'not checked', { at: at('Foo'), resource: FOO, path: ['kind'] })
const shape = diagnostic('DOCUMENT_NOT_OBJECT', 'a list\u0007', { at: at('[]') })
const missing = diagnostic('IO_NOT_FOUND', 'no such file', {
  at: { source: new SourceText('/abs/no.yaml', ''), range: { start: 0, end: 0 } },
})
const warning = diagnostic('CRD_NONE', 'no definition', {
  at: { source: new SourceText('<stdin>', 'a: b'), range: { start: 0, end: 0 } },
})

const object = (
  document: number,
  status: ValidatedObject['status'],
  found: Diagnostic,
  offset: number,
): ValidatedObject => ({ source: SOURCE, document, resource: found.resource, offset, status, diagnostics: [found] })
const result: ValidationResult = {
  files: [SOURCE],
  objects: [
    object(0, 'invalid', name, 0),
    object(1, 'skipped', kind, at('kind: Foo').range.start),
    object(2, 'invalid', shape, at('[]').range.start),
  ],
  diagnostics: [warning],
}
const report: ValidationReport = { result, inputDiagnostics: [missing], version: '1.2.3' }
const empty: ValidationReport = {
  result: { files: [], objects: [], diagnostics: [] },
  inputDiagnostics: [],
  version: '1.2.3',
}
const render = (format: keyof typeof VALIDATION_REPORTERS, what = report): string =>
  VALIDATION_REPORTERS[format](what, ENV)

describe('text', () => {
  it('shows every finding but what was not checked', () => {
    const lines = render('text')
      .split('\n')
      .filter((line) => /^\S/.test(line))
    expect(lines).toEqual([
      '/abs/no.yaml error IO_NOT_FOUND: no such file',
      '<stdin>:1:1 warning CRD_NONE: no definition',
      'k8s/a,b:c.yaml:3:9 error METADATA_NAME Pod shop/é: metadata.name: must be "lower" <case>, 100%',
      'k8s/a,b:c.yaml:7:1 error DOCUMENT_NOT_OBJECT: a list\\x07',
    ])
    expect(VALIDATION_REPORTERS.text(report, { ...ENV, verbosity: 'verbose' })).toContain('note KIND_NOT_CHECKED')
  })

  it('counts rules that were not checked', () => {
    const rule = diagnostic('RULE_NOT_CHECKED', 'a rule in CEL was not checked', {
      at: at('Foo'),
      resource: FOO,
      path: ['spec'],
    })
    const one: ValidationReport = {
      ...report,
      inputDiagnostics: [],
      result: { files: [SOURCE], objects: [object(1, 'valid', rule, 0)], diagnostics: [] },
    }
    expect(render('text', one)).toBe('')
    expect(validationSummary(one, ENV)).toBe(
      '1 valid (1 object in 1 file)\nnot checked: 1 rule of Foo (example.com/v1); -v says which\n',
    )
    expect(JSON.parse(render('json', one)).summary).toMatchObject({ valid: 1, rulesNotChecked: 1 })
  })

  it('sums up', () => {
    expect(validationSummary(report, ENV)).toBe(
      '2 invalid, 1 skipped (3 objects in 1 file): 3 errors, 1 warning\n' +
        'skipped because they have no schema: Foo (example.com/v1); provide their definitions with --crd\n',
    )
    expect(validationSummary(empty, ENV)).toBe('0 valid (0 objects in 0 files)\n')
    expect(validationSummary(report, { ...ENV, verbosity: 'quiet' })).toBe('')
    expect(
      validationSummary(report, { ...ENV, verbosity: 'verbose' })
        .split('\n')
        .slice(0, 3),
    ).toEqual([
      'k8s/a,b:c.yaml:1 Pod shop/é: invalid',
      'k8s/a,b:c.yaml:5 Foo (no name): skipped',
      'k8s/a,b:c.yaml:7 document: invalid',
    ])
  })
})

describe('json', () => {
  it('has the documented shape', () => {
    expect(JSON.parse(render('json'))).toEqual({
      apiVersion: 'sidecarctl.dev/v1',
      kind: 'ValidateReport',
      results: [
        {
          file: '/abs/no.yaml',
          document: null,
          kind: '',
          namespace: '',
          name: '',
          valid: false,
          diagnostics: [
            {
              code: 'IO_NOT_FOUND',
              severity: 'error',
              message: 'no such file',
              line: null,
              column: null,
              path: null,
              hint: null,
            },
          ],
        },
        {
          file: '<stdin>',
          document: null,
          kind: '',
          namespace: '',
          name: '',
          valid: true,
          diagnostics: [
            {
              code: 'CRD_NONE',
              severity: 'warning',
              message: 'no definition',
              line: 1,
              column: 1,
              path: null,
              hint: null,
            },
          ],
        },
        {
          file: 'k8s/a,b:c.yaml',
          document: 0,
          kind: 'Pod',
          namespace: 'shop',
          name: 'é',
          valid: false,
          diagnostics: [
            {
              code: 'METADATA_NAME',
              severity: 'error',
              message: 'must be "lower" <case>, 100%',
              line: 3,
              column: 9,
              path: 'metadata.name',
              hint: 'write e',
            },
          ],
        },
        {
          file: 'k8s/a,b:c.yaml',
          document: 1,
          kind: 'Foo',
          namespace: '',
          name: '',
          valid: true,
          diagnostics: [
            {
              code: 'KIND_NOT_CHECKED',
              severity: 'info',
              message: 'not checked',
              line: 5,
              column: 7,
              path: 'kind',
              hint: null,
            },
          ],
        },
        {
          file: 'k8s/a,b:c.yaml',
          document: 2,
          kind: '',
          namespace: '',
          name: '',
          valid: false,
          diagnostics: [
            {
              code: 'DOCUMENT_NOT_OBJECT',
              severity: 'error',
              message: 'a list\u0007',
              line: 7,
              column: 1,
              path: null,
              hint: null,
            },
          ],
        },
      ],
      summary: { files: 1, objects: 3, valid: 0, invalid: 2, skipped: 1, errors: 3, warnings: 1, rulesNotChecked: 0 },
    })
  })
})

describe('github', () => {
  it('escapes what would end a property or a message', () => {
    expect(render('github')).toBe(
      [
        '::error file=/abs/no.yaml,title=IO_NOT_FOUND::no such file',
        '::warning line=1,endLine=1,col=1,endColumn=1,title=CRD_NONE::no definition',
        '::error file=k8s/a%2Cb%3Ac.yaml,line=3,endLine=3,col=9,endColumn=12,title=METADATA_NAME::Pod shop/é: metadata.name: must be "lower" <case>, 100%25%0Ahint: write e',
        '::notice file=k8s/a%2Cb%3Ac.yaml,line=5,endLine=5,col=7,endColumn=10,title=KIND_NOT_CHECKED::Foo (no name): kind: not checked',
        '::error file=k8s/a%2Cb%3Ac.yaml,line=7,endLine=7,col=1,endColumn=3,title=DOCUMENT_NOT_OBJECT::a list\\x07',
        '',
      ].join('\n'),
    )
  })

  it('says nothing where nothing was found', () => {
    expect(render('github', empty)).toBe('')
  })
})

describe('junit', () => {
  it('has a suite per input and a case per object', () => {
    expect(render('junit')).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="sidecarctl validate" tests="5" failures="3" errors="0" skipped="1">',
        '  <testsuite name="/abs/no.yaml" tests="1" failures="1" errors="0" skipped="0">',
        '    <testcase name="input" classname="/abs/no.yaml" file="/abs/no.yaml" time="0">',
        '      <failure message="no such file" type="IO_NOT_FOUND">/abs/no.yaml error IO_NOT_FOUND: no such file</failure>',
        '    </testcase>',
        '  </testsuite>',
        '  <testsuite name="&lt;stdin&gt;" tests="1" failures="0" errors="0" skipped="0">',
        '    <testcase name="input" classname="&lt;stdin&gt;" file="&lt;stdin&gt;" time="0">',
        '      <system-out>&lt;stdin&gt;:1:1 warning CRD_NONE: no definition</system-out>',
        '    </testcase>',
        '  </testsuite>',
        '  <testsuite name="k8s/a,b:c.yaml" tests="3" failures="2" errors="0" skipped="1">',
        '    <testcase name="Pod shop/é" classname="k8s/a,b:c.yaml" file="k8s/a,b:c.yaml" line="1" time="0">',
        '      <failure message="must be &quot;lower&quot; &lt;case&gt;, 100%" type="METADATA_NAME">k8s/a,b:c.yaml:3:9 error METADATA_NAME: metadata.name: must be "lower" &lt;case&gt;, 100%',
        '  hint: write e</failure>',
        '    </testcase>',
        '    <testcase name="Foo (no name)" classname="k8s/a,b:c.yaml" file="k8s/a,b:c.yaml" line="5" time="0">',
        '      <skipped message="not checked"/>',
        '      <system-out>k8s/a,b:c.yaml:5:7 info KIND_NOT_CHECKED: kind: not checked</system-out>',
        '    </testcase>',
        '    <testcase name="document 3" classname="k8s/a,b:c.yaml" file="k8s/a,b:c.yaml" line="7" time="0">',
        '      <failure message="a list\\x07" type="DOCUMENT_NOT_OBJECT">k8s/a,b:c.yaml:7:1 error DOCUMENT_NOT_OBJECT: a list\\x07</failure>',
        '    </testcase>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    )
  })
})

interface Sarif {
  version: string
  runs: {
    tool: { driver: { name: string; version: string; rules: { id: string; shortDescription: { text: string } }[] } }
    columnKind: string
    invocations: { executionSuccessful: boolean }[]
    results: {
      ruleId: string
      ruleIndex: number
      level: string
      message: { text: string }
      locations: {
        physicalLocation: { artifactLocation: { uri: string }; region?: Record<string, number> }
        logicalLocations?: { fullyQualifiedName: string }[]
      }[]
      relatedLocations?: { id: number; message: { text: string } }[]
    }[]
  }[]
}

function run(what = report): Sarif['runs'][number] {
  const log = JSON.parse(render('sarif', what)) as Sarif
  expect([log.version, log.runs.length]).toEqual(['2.1.0', 1])
  return log.runs[0] as Sarif['runs'][number]
}

describe('sarif', () => {
  it('names the tool and each rule once, which results refer to', () => {
    const { tool, results } = run()
    expect([tool.driver.name, tool.driver.version]).toEqual(['sidecarctl', '1.2.3'])
    const ids = tool.driver.rules.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    expect(results.map(({ ruleIndex }) => ids[ruleIndex])).toEqual(results.map(({ ruleId }) => ruleId))
    expect(tool.driver.rules.every(({ shortDescription }) => shortDescription.text !== '')).toBe(true)
  })

  it('gives level, place and object of each finding', () => {
    const { results, columnKind } = run()
    expect(columnKind).toBe('unicodeCodePoints')
    expect(results.map(({ level }) => level)).toEqual(['error', 'warning', 'error', 'note', 'error'])
    const places = results.map(({ locations }) => locations[0]?.physicalLocation)
    expect(places.map((place) => place?.artifactLocation.uri)).toEqual([
      'file:///abs/no.yaml',
      '%3Cstdin%3E',
      'k8s/a%2Cb%3Ac.yaml',
      'k8s/a%2Cb%3Ac.yaml',
      'k8s/a%2Cb%3Ac.yaml',
    ])
    expect(places[0]?.region).toBeUndefined()
    expect(places[2]?.region).toEqual({ startLine: 3, startColumn: 9, endLine: 3, endColumn: 12 })
    expect(results[2]?.locations[0]?.logicalLocations?.[0]?.fullyQualifiedName).toBe('Pod shop/é metadata.name')
    expect(results[2]?.message.text).toBe('metadata.name: must be "lower" <case>, 100%\nHint: write e')
    expect(results[2]?.relatedLocations?.map(({ message }) => message.text)).toEqual(['see'])
  })

  it('tells whether all inputs could be read', () => {
    expect(run().invocations).toEqual([{ executionSuccessful: false }])
    expect(run(empty).invocations).toEqual([{ executionSuccessful: true }])
    expect(run(empty).results).toEqual([])
  })
})
