/** What is said of objects that come with a sidecar and were edited, copied, or there before: code, place, words and hint. */
import { describe, expect, it } from 'vitest'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { output, put, take, templates } from './run.ts'

const bringing = (object: string): Partial<InjectOptions> => ({ ...templates({ x: `container: {image: x}\nobjects: [${object}]` }), validate: false })
const CONFIG = bringing('{apiVersion: v1, kind: ConfigMap, data: {a: b}}')
const OTHER = bringing('{apiVersion: v1, kind: ConfigMap, data: {a: c}}')
const IMAGE = bringing('{apiVersion: v1, kind: ConfigMap, data: {image: "${{ app.image }}"}}')
const FORCED = { force: 'yes' } as const

const POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: app\n'
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a-x}\n'
const SERVICE = 'apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: a}\nspec:\n  predictor: {containers: [{name: kserve-container, image: a}]}\n  transformer: {containers: [{name: kserve-container, image: b}]}\n'

type Step = (text: string) => string | Promise<RunResult>
const inject = (options: Partial<InjectOptions>): Step => async (text) => await put(text, options)
const uninject = (options: Partial<InjectOptions> = {}): Step => async (text) => await take(text, options)
const edit = (before: string | RegExp, after: string): Step => (text) => text.replace(before, after)
/** The pod once more under the name `b`, with the record as it is. */
const copy: Step = (text) => `${text}---\n${text.slice(0, text.indexOf('---')).replace('  name: a\n', '  name: b\n')}`

/** What the last step says, each as `SEVERITY CODE LINE:COLUMN DOCUMENT KIND/NAME`, the message, the hint, and related places. */
async function said(text: string, steps: readonly Step[]): Promise<unknown[][]> {
  let [at, told]: [string, unknown[][]] = [text, []]
  for (const step of steps) {
    const result = await step(at)
    at = typeof result === 'string' ? result : output(result)
    told = typeof result === 'string' ? [] : result.diagnostics.map((d) => {
      const place = (one = d.at): string => {
        const { line, column } = one?.source.position(one.range.start) ?? { line: 0, column: 0 }
        return `${line}:${column}+${(one?.range.end ?? 0) - (one?.range.start ?? 0)}`
      }
      const head: unknown[] = [`${d.severity} ${d.code} ${place()} ${d.document} ${d.resource?.kind}/${d.resource?.name}`, d.message, d.hint]
      return head.concat((d.related ?? []).map(({ message, at: where }) => `${message} ${place(where)}`))
    })
  }
  return told
}

const LOST = 'move the changes elsewhere, or discard them with --force'
const EDITED: unknown[] = ['error INJECTED_MODIFIED 17:1+1 1 ConfigMap/a-x', 'this ConfigMap was modified after sidecar "x" added it, and the changes would be lost', LOST]
const FORCED_EDITED: unknown[] = ['warning INJECTED_LOST 17:1+1 1 ConfigMap/a-x', 'this ConfigMap was modified after sidecar "x" added it, and the changes are lost', LOST]
const NOT_OURS = [
  'a record says that this ConfigMap came with sidecar "x", but nothing in it proves that, so it is not changed',
  'restore the record from version control; with --force the sidecar is removed and this object is kept',
]
const COPIED: unknown[] = [
  'warning RECORD_LEFT 17:1+1 1 ConfigMap/a-x',
  'this ConfigMap belongs to Pod a and is not changed, although the record of another workload names it',
  'a copied manifest also copies the record; no action is needed',
]
const commented = (why: string): unknown[] => [
  'warning EXTRA_OBJECT_COMMENT 18:17+1 1 ConfigMap/a-x',
  `the comments in this ConfigMap are lost, because it was added by a sidecar and ${why}`,
  'write comments before the object, where they are kept',
]
const DIFFERENT: unknown[] = [
  'error EXTRA_OBJECT_TAKEN 1:1+1 0 InferenceService/a',
  'two sidecars of this InferenceService add v1/ConfigMap/a-x with different content',
  "give one of them another name, or move what differs to the sidecar's container",
]
const TAKEN = ['the sidecar adds v1/ConfigMap/a-x, which already exists', 'rename it, or set another name with a parameter of the sidecar']

describe('an object of a sidecar', () => {
  const [EDIT, MARK, COMMENT] = [edit('a: b', 'a: mine'), edit('Pod/a/x', 'Job/a/x'), edit('ConfigMap\n', 'ConfigMap # mine\n')]

  it.each<[string, string, Step[], unknown[][]]>([
    ['edited, then replaced', POD, [inject(CONFIG), EDIT, inject(OTHER)], [EDITED]],
    ['edited, then replaced by force', POD, [inject(CONFIG), EDIT, inject({ ...OTHER, ...FORCED })], [FORCED_EDITED]],
    ['edited, then replaced in silence', POD, [inject(CONFIG), EDIT, inject({ ...OTHER, force: 'silent' })], []],
    ['edited, then removed', POD, [inject(CONFIG), EDIT, uninject()], [EDITED]],
    ['edited, then removed by force', POD, [inject(CONFIG), EDIT, uninject(FORCED)], [FORCED_EDITED]],
    ['with the mark of another', POD, [inject(CONFIG), MARK, uninject()], [['error RECORD_UNPROVEN 17:1+1 1 ConfigMap/a-x', ...NOT_OURS]]],
    ['with the mark of another, by force', POD, [inject(CONFIG), MARK, uninject(FORCED)], [['warning RECORD_LEFT 17:1+1 1 ConfigMap/a-x', ...NOT_OURS]]],
    ['with the mark of another, in silence', POD, [inject(CONFIG), MARK, uninject({ force: 'silent' })], [['error RECORD_UNPROVEN 17:1+1 1 ConfigMap/a-x', ...NOT_OURS]]],
    ['that a copied record names', POD, [inject(CONFIG), copy, inject(CONFIG)], [COPIED]],
    ['that a copied record names, and that goes', POD, [inject(CONFIG), copy, uninject()], []],
    ['with a comment, then replaced', POD, [inject(CONFIG), COMMENT, inject(OTHER)], [commented('is replaced')]],
    ['with a comment, then removed', POD, [inject(CONFIG), COMMENT, uninject()], [commented('is removed with it')]],
    ['whose pod templates want it with other content', SERVICE, [inject(IMAGE)], [DIFFERENT]],
    ['that is there', `${MAP}---\n${POD}`, [inject(CONFIG)], [['error EXTRA_OBJECT_TAKEN 5:1+1 1 Pod/a', ...TAKEN, 'defined here 1:1+1']]],
    ['that another workload brings', `${POD}---\n${POD}`, [inject(CONFIG)], [['error EXTRA_OBJECT_TAKEN 9:1+1 1 Pod/a', ...TAKEN]]],
  ])('%s', async (_, text, steps, expected) => {
    expect(await said(text, steps)).toEqual(expected)
  })
})
