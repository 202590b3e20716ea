import { array, assert, asyncProperty, constantFrom, nat } from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { inject, uninject } from '../../src/core/inject/index.ts'
import { readInput } from '../../src/core/inject/read.ts'
import type { InjectOptions } from '../../src/core/options.ts'
import { learnBlockStyle } from '../../src/core/yaml/style.ts'
import { applyEdits, type TextEdit } from '../../src/core/text/edit.ts'
import { SourceText } from '../../src/core/text/source.ts'
import type { ScalarNode, YamlNode } from '../../src/core/yaml/node.ts'
import { DEFAULTS } from '../core/inject/run.ts'

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url))

/** Inputs of the cases that are one document with one workload. */
function samples(): string[] {
  const folders = readdirSync(cases, { recursive: true, encoding: 'utf8' }).toSorted()
  return folders.map((folder) => join(cases, folder, 'input.yaml')).filter((path) => existsSync(path)).flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    if (text.startsWith('\uFEFF') || text.includes('\uFFFD') || !text.endsWith('\n') || /^(?:---|%|\.\.\.)/m.test(text)) return []
    const { documents, diagnostics } = readInput(new SourceText('a.yaml', text))
    return diagnostics.length === 0 && documents.length === 1 && documents[0]?.workloads.length === 1 ? [text] : []
  })
}

function scalarsIn(node: YamlNode): ScalarNode[] {
  switch (node.type) {
    case 'scalar': return node.start === node.end || node.style === 'literal' || node.style === 'folded' ? [] : [node]
    case 'seq': return node.items.flatMap(scalarsIn)
    case 'map': return node.pairs.flatMap(({ value }) => scalarsIn(value))
    case 'alias': return []
  }
}

/** Values that plans look for somewhere: names and ports of sidecars, images of other tools, folders, words of YAML. */
const VALUES = [
  'app', 'web', 'logging', 'metrics', 'proxy', 'app-logs', 'http', 'istio-proxy', 'istio/proxyv2:1.20', 'nginx:1', '/var/log/app', '/data',
  '8080', '80', '2020', '15001', '9901', '4318', '"8080"', 'true', '"true"', "'it''s'", '60', 'Always', '~', '"a # b"',
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
  const said = files.flatMap((file) => file.workloads).map(({ resource, status, sidecars, foreign, fields }) =>
    // Where a field stands depends on what is in front.
    JSON.stringify([resource, status, sidecars, foreign, fields], (key, value: unknown) => (key === 'at' ? undefined : value)))
  return {
    text: files[0]?.output ?? '',
    says: [...said, ...diagnostics.flatMap(each).toSorted()],
    hasFailed: diagnostics.some(({ severity }) => severity === 'error'),
  }
}

/** A finding of templates is told once for several workloads. */
function each({ code, message }: Diagnostic): string[] {
  const [, others = '0'] = /; the same for (\d+) other workloads?$/.exec(message) ?? []
  const alone = message.replace(/; the same for \d+ other workloads?$/, '')
  return Array.from({ length: 1 + Number(others) }, () => `${code} ${alone}`)
}

/** A way to put documents into one file. */
interface Joint {
  name: string
  together(documents: readonly string[]): string
  /** A document by itself in the same surroundings, and what became of it there. */
  alone(document: string): string
  within(text: string): string
}

const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n'
const [HEAD, TAIL] = ['apiVersion: v1\nkind: List\nitems:\n', `- ${OTHER.trimEnd().replaceAll('\n', '\n  ')}\n`]

const JOINTS: readonly Joint[] = [
  {
    // The first and the last document of a file are like no other.
    name: 'file',
    together: (documents) => [OTHER, ...documents, OTHER].join('---\n'),
    alone: (document) => document,
    within: (text) => text,
  },
  {
    // The last item of a list is like no other.
    name: 'list',
    together: (items) => `${HEAD}${items.join('')}${TAIL}`,
    alone: (item) => `${HEAD}${item}${TAIL}`,
    within: (text) => text.slice(HEAD.length, -TAIL.length),
  },
]

function asItem(document: string): string {
  return `- ${document.trimEnd().replaceAll(/\n(?=.)/g, '\n  ')}\n`
}

/** What must come of documents in one file, from what came of each alone. */
function joined(before: readonly string[], results: readonly Ran[], joint: Joint): Ran {
  const says = results.flatMap((result) => result.says)
  const isOutcome = (line: string): boolean => line.startsWith('[')
  const hasFailed = results.some((result) => result.hasFailed)
  return {
    text: joint.together(hasFailed ? before : results.map(({ text }) => joint.within(text))),
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

const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 250)

describe('workloads that are alike', () => {
  const texts = samples()

  it('are found among the cases', () => {
    expect(texts.length).toBeGreaterThan(200)
  })

  it.each(JOINTS)('come out of one $name as each comes out by itself', async (joint) => {
    const isList = joint.name === 'list'
    let compared = 0
    await assert(asyncProperty(
      nat(), constantFrom('logging', 'metrics', 'proxy', 'logging,metrics', 'metrics-statsd', 'ambassador,wait-for', 'mesh-istio'),
      array(array(nat(100_000), { maxLength: 4 }), { minLength: 2, maxLength: 6 }),
      async (which, sidecars, variations) => {
        const given: InjectOptions = {
          ...DEFAULTS,
          sidecars: sidecars.split(','),
          onConflict: 'rename',
          validate: false,
          parameters: [
            { template: 'ambassador', name: 'host', value: 'db.example.com' }, { template: 'ambassador', name: 'port', value: '5432' },
            { template: 'wait-for', name: 'targets', value: 'db:5432' },
          ].filter(({ template }) => sidecars.includes(template)),
        }
        const base = texts[which % texts.length] as string
        const each = async (work: typeof inject, all: readonly string[]): Promise<string[]> => {
          const results: Ran[] = []
          for (const text of all) results.push(await run(work, joint.alone(text), given))
          const text = joint.together(all)
          // A list is written in one style, which more items may decide otherwise.
          if (isList && all.some((one) => styleOf(joint.alone(one)) !== styleOf(text))) return []
          const together = await run(work, text, given)
          // Where one item cannot be worked on, the rules are not asked of the others in its document.
          if (isList && together.hasFailed) expect(together.text).toBe(text)
          else expect(together).toEqual(joined(all, results, joint))
          compared += together.hasFailed ? 0 : all.length
          return together.hasFailed ? [] : results.map((result) => joint.within(result.text))
        }
        const before = [base, ...variations.map((choices) => varied(base, choices))]
          .map((text) => (isList ? asItem(text) : text))
          .filter((text) => isReadable(joint.alone(text)))
        const after = await each(inject, before)
        if (after.length === 0) return
        await each(inject, after)
        await each(uninject, after)
      },
    ), { numRuns: RUNS })
    expect(compared).toBeGreaterThan(RUNS)
  })
})
