import { array, assert, asyncProperty, constantFrom, nat } from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { learnBlockStyle } from '../../src/core/yaml/edit/style.ts'
import { applyEdits, type TextEdit } from '../../src/core/text/edit.ts'
import { SourceText } from '../../src/core/text/source.ts'
import type { ScalarNode, YamlNode } from '../../src/core/yaml/read/node.ts'
import { DEFAULTS } from '../core/inject/run.ts'

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url))

/** Inputs of the cases that are one document with one workload. */
function samples(): string[] {
  const folders = readdirSync(cases, { recursive: true, encoding: 'utf8' }).toSorted()
  return folders
    .map((folder) => join(cases, folder, 'input.yaml'))
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      const text = readFileSync(path, 'utf8')
      if (
        text.startsWith('\uFEFF') ||
        text.includes('\uFFFD') ||
        !text.endsWith('\n') ||
        /^(?:---|%|\.\.\.)/m.test(text)
      )
        return []
      const { documents, diagnostics } = readInput(new SourceText('a.yaml', text))
      return diagnostics.length === 0 && documents.length === 1 && documents[0]?.workloads.length === 1 ? [text] : []
    })
}

function scalarsIn(node: YamlNode): ScalarNode[] {
  switch (node.type) {
    case 'scalar':
      return node.start === node.end || node.style === 'literal' || node.style === 'folded' ? [] : [node]
    case 'seq':
      return node.items.flatMap(scalarsIn)
    case 'map':
      return node.pairs.flatMap(({ value }) => scalarsIn(value))
    case 'alias':
      return []
  }
}

/** Values that plans look for somewhere: names and ports of sidecars, images of other tools, folders, words of YAML. */
const VALUES = [
  'app',
  'web',
  'logging',
  'metrics',
  'proxy',
  'app-logs',
  'http',
  'istio-proxy',
  'istio/proxyv2:1.20',
  'nginx:1',
  '/var/log/app',
  '/data',
  '8080',
  '80',
  '2020',
  '15001',
  '9901',
  '4318',
  '"8080"',
  'true',
  '"true"',
  "'it''s'",
  '60',
  'Always',
  '~',
  '"a # b"',
]

/** The text with some of its values changed. */
function varied(text: string, choices: readonly number[]): string {
  const [document] = readInput(new SourceText('a.yaml', text)).documents
  const scalars = document?.doc.root === undefined ? [] : scalarsIn(document.doc.root)
  const edits = new Map<number, TextEdit>()
  for (const choice of choices) {
    const { start, end } = scalars[choice % scalars.length] as ScalarNode
    edits.set(start, { start, end, text: VALUES[Math.floor(choice / scalars.length) % VALUES.length] as string })
  }
  return applyEdits(text, [...edits.values()])
}

interface Ran {
  text: string
  says: string[]
  hasFailed: boolean
}

/** What a run makes of a text, and says of each workload. */
async function run(work: typeof inject, text: string, given: InjectOptions): Promise<Ran> {
  const { files, diagnostics } = await work([new SourceText('a.yaml', text)], given)
  const said = files
    .flatMap((file) => file.workloads)
    .map(({ resource, status, sidecars, foreign, fields }) =>
      // Where a field stands depends on what is in front.
      JSON.stringify([resource, status, sidecars, foreign, fields], (key, value: unknown) =>
        key === 'at' ? undefined : value,
      ),
    )
  return {
    text: files[0]?.output ?? '',
    says: [...said, ...diagnostics.flatMap(each).toSorted()],
    hasFailed: diagnostics.some(({ severity }) => severity === 'error'),
  }
}

/** A finding of templates is told once for several workloads. */
function each({ code, message, related = [] }: Diagnostic): string[] {
  const [, others = '0'] = /; the same for (\d+) other workloads?$/.exec(message) ?? []
  const alone = message.replace(/; the same for \d+ other workloads?$/, '')
  const named = related.filter(({ isBrief }) => isBrief).length
  return Array.from({ length: 1 + Number(others) + named }, () => `${code} ${alone}`)
}

/** A way to put documents into one file. */
interface Joint {
  name: string
  /** What a document becomes there. */
  part(document: string): string
  /** What stands around the parts: the first and the last document of a file, or item of a list, may be like no other. */
  head: string
  between: string
  tail: string
  /** The surroundings of a part by itself: the same, or none. */
  isAlone: boolean
}

const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n'
const JSON_OTHER = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}}'

function dataOf(document: string): unknown {
  return readInput(new SourceText('a.yaml', document)).documents[0]?.doc.data
}

const JOINTS: readonly Joint[] = [
  {
    name: 'file',
    part: (document) => document,
    head: `${OTHER}---\n`,
    between: '---\n',
    tail: `---\n${OTHER}`,
    isAlone: true,
  },
  {
    name: 'list',
    part: (document) => `- ${document.trimEnd().replaceAll(/\n(?=.)/g, '\n  ')}\n`,
    head: 'apiVersion: v1\nkind: List\nitems:\n',
    between: '',
    tail: `- ${OTHER.trimEnd().replaceAll('\n', '\n  ')}\n`,
    isAlone: false,
  },
  {
    name: 'stream of JSON',
    part: (document) => `${JSON.stringify(dataOf(document), undefined, 2)}\n`,
    head: `${JSON_OTHER}\n`,
    between: '',
    tail: `${JSON_OTHER}\n`,
    isAlone: true,
  },
  {
    name: 'list in JSON',
    part: (document) => JSON.stringify(dataOf(document), undefined, 4).replaceAll(/^/gm, '        '),
    head: '{\n    "apiVersion": "v1",\n    "kind": "List",\n    "items": [\n',
    between: ',\n',
    tail: `,\n        ${JSON_OTHER}\n    ]\n}\n`,
    isAlone: false,
  },
  {
    name: 'list whose items share lines',
    part: (document) => JSON.stringify(dataOf(document), undefined, 2),
    head: '{"apiVersion": "v1", "kind": "List", "items": [',
    between: ', ',
    tail: `, ${JSON_OTHER}]}\n`,
    isAlone: false,
  },
  {
    name: 'list in one line',
    part: (document) => JSON.stringify(dataOf(document)),
    head: '{"apiVersion":"v1","kind":"List","items":[',
    between: ',',
    tail: `,${JSON_OTHER}]}\n`,
    isAlone: false,
  },
]

function together({ head, between, tail }: Joint, parts: readonly string[]): string {
  return head + parts.join(between) + tail
}

function alone({ head, tail, isAlone }: Joint, part: string): string {
  return isAlone ? part : head + part + tail
}

function within({ head, tail, isAlone }: Joint, text: string): string {
  return isAlone ? text : text.slice(head.length, -tail.length)
}

/** What must come of documents in one file, from what came of each alone. */
function joined(before: readonly string[], results: readonly Ran[], joint: Joint): Ran {
  const says = results.flatMap((result) => result.says)
  const isOutcome = (line: string): boolean => line.startsWith('[')
  const hasFailed = results.some((result) => result.hasFailed)
  return {
    text: together(joint, hasFailed ? before : results.map(({ text }) => within(joint, text))),
    says: [...says.filter(isOutcome), ...says.filter((line) => !isOutcome(line)).toSorted()],
    hasFailed,
  }
}

function isReadable(text: string): boolean {
  const { documents, diagnostics } = readInput(new SourceText('a.yaml', text))
  return documents.length === 1 && diagnostics.length === 0
}

function styleOf(text: string): string {
  const [document] = readInput(new SourceText('a.yaml', text)).documents
  return document?.doc.root === undefined ? '' : JSON.stringify(learnBlockStyle(text, document.doc.root))
}

const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 150)

describe('workloads of one file', () => {
  const texts = samples()

  it('are found among the cases', () => {
    expect(texts.length).toBeGreaterThan(200)
  })

  it.each(JOINTS)('come out of one $name as each comes out by itself', async (joint) => {
    const isList = !joint.isAlone
    let compared = 0
    await assert(
      asyncProperty(
        nat(),
        constantFrom(
          'logging',
          'metrics',
          'proxy',
          'logging,metrics',
          'metrics-statsd',
          'ambassador,wait-for',
          'mesh-istio',
        ),
        array(array(nat(100_000), { maxLength: 4 }), { minLength: 2, maxLength: 6 }),
        async (which, sidecars, variations) => {
          const given: InjectOptions = {
            ...DEFAULTS,
            sidecars: sidecars.split(','),
            onConflict: 'rename',
            validate: false,
            parameters: [
              { template: 'ambassador', name: 'host', value: 'db.example.com' },
              { template: 'ambassador', name: 'port', value: '5432' },
              { template: 'wait-for', name: 'targets', value: 'db:5432' },
            ].filter(({ template }) => sidecars.includes(template)),
          }
          const base = texts[which % texts.length] as string
          const each = async (work: typeof inject, all: readonly string[]): Promise<string[]> => {
            const results: Ran[] = []
            for (const part of all) results.push(await run(work, alone(joint, part), given))
            const text = together(joint, all)
            // A list is written in one style, which more items may decide otherwise.
            if (isList && all.some((part) => styleOf(alone(joint, part)) !== styleOf(text))) return []
            const made = await run(work, text, given)
            // Where one item cannot be worked on, the rules are not asked of the others in its document.
            if (isList && made.hasFailed) expect(made.text).toBe(text)
            else expect(made).toEqual(joined(all, results, joint))
            compared += made.hasFailed ? 0 : all.length
            return made.hasFailed ? [] : results.map((result) => within(joint, result.text))
          }
          const before = [base, ...variations.map((choices) => varied(base, choices))]
            .filter(isReadable)
            .map(joint.part)
            .filter((part) => isReadable(alone(joint, part)))
          const after = await each(inject, before)
          if (after.length === 0) return
          await each(inject, after)
          await each(uninject, after)
        },
      ),
      { numRuns: RUNS },
    )
    expect(compared).toBeGreaterThan(RUNS)
  })
})
