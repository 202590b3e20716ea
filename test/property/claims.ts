import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { formatFieldPath, type FieldPath } from '../../src/core/field-path/field-path.ts'
import type { ItemPlace } from '../../src/core/field-path/item-place.ts'
import { mergeKeyOf } from '../../src/core/field-path/merge-keys.ts'
import { digestOf, shortHash } from '../../src/core/ownership/record.ts'
import type { RunResult } from '../../src/core/inject/result.ts'
import { templateOf } from '../../src/core/kube/pod-template.ts'
import { SourceText } from '../../src/core/text/source.ts'

/** A number below another one, so that a stream of numbers gives the same sequence again. */
export type Choose = (n: number) => number

/** What went wrong in a sequence, with the steps that led there and the text before the last one. */
export interface Failure {
  why: string
  steps: readonly string[]
  text: string
}

type Library = Pick<InjectOptions, 'builtins'>

function library(version: string, specs: Readonly<Record<string, string>>): Library {
  const texts = new Map(
    Object.entries(specs).map(([name, spec]) => {
      const head = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: "${version}"}\nspec:\n`
      return [name, new SourceText(`${name}.yaml`, head + spec.trim().replaceAll(/^/gm, '  '))]
    }),
  )
  return { builtins: { names: [...texts.keys()], read: (name) => texts.get(name) } }
}

const FIRST = library('1', {
  tail: `
container: {image: t, args: [a], env: [{name: A, value: b}]}
sharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]
pod: {annotations: {example.com/tail: "yes"}, labels: {tail: "yes"}, minTerminationGracePeriodSeconds: 60}
`,
  ship: `
container: {image: s}
initContainers: [{name: ship-init, image: p}]
sharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]
app: {env: [{name: SHIP, value: "1"}], lifecycle: {preStop: {exec: {command: [x]}}}}
pod: {imagePullSecrets: [{name: s}], shareProcessNamespace: true, serviceAccountName: s}
objects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]
`,
})
/** Places among the init containers, for sidecars and in records. */
const PLACES: readonly ItemPlace[] = [
  'first',
  'first',
  'last',
  'before:mine21',
  'after:mine19',
  'after:tail',
  'after:gone',
]
const SECOND = library('2', {
  tail: 'container: {image: u, args: [b, c]}\nvolumes: [{name: state, emptyDir: {}}]',
  ship: 'container: {image: s, env: [{name: B, value: c}]}\nobjects: [{apiVersion: v1, kind: ConfigMap, data: {a: c}}, {apiVersion: v1, kind: Secret, metadata: {name: keys}}]',
})

/** Everything of the user's has a word of its own, by which it is known whether it is still there. */
const BLOCK = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {of: mine0}
spec:
  selector: {matchLabels: {app: mine1}}
  template:
    metadata:
      labels:
        app: mine1
      annotations:
        mine2: mine3
    spec:
      securityContext: {runAsNonRoot: true, supplementalGroups: [1]} # mine4
      containers:
        - name: app
          image: mine5
          env:
            - name: MINE6
              value: mine7
          volumeMounts:
            - name: mine8
              mountPath: /mine9
          securityContext: {privileged: false} # mine10
          livenessProbe: {exec: {command: [mine11]}}
        - name: helper
          image: mine12
      initContainers:
        # mine18
        - name: mine19
          image: mine20
        - {name: mine21, image: mine22}
      volumes:
        - name: mine8
          emptyDir: {}
`
const FLOW =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations:\n    mine2: mine3\nspec: {containers: [{name: app, image: mine5, env: [{name: MINE6, value: mine7}]}, ' +
  '{name: helper, image: mine12}], initContainers: [{name: mine19, image: mine20}, {name: mine21, image: mine22}], volumes: [{name: mine8, emptyDir: {}}]} # mine13\n'
const OTHERS = `---
apiVersion: v1
kind: Secret
metadata:
  name: mine14
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: mine15
spec: {podSelector: {}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: mine16
data:
  mine17: x
`
const BASES = [BLOCK, BLOCK + OTHERS, FLOW + OTHERS, OTHERS.slice(4) + '---\n' + BLOCK]

/** The key of a record up to its JSON, the quotes around that, if any, and the JSON. */
const RECORD = /((?:injected\.sidecarctl\.dev\/[\w-]+|sidecarctl\.dev\/injected): (?:>-\n +)?)('?)(\{.*\})\2/g
const ODD = [
  'spec',
  'spec.containers',
  'metadata.labels',
  'spec.containers[none]',
  'spec.volumes[none]',
  'spec.containers[app].name',
  'spec.nothing',
  'spec.securityContext',
  'spec.securityContext.runAsNonRoot',
  'spec.containers[app].securityContext',
  'spec.containers[app].livenessProbe',
  'spec.containers[app].image',
]
const IDS = [
  'v1/Secret/mine14',
  'networking.k8s.io/v1/NetworkPolicy/mine15',
  'v1/ConfigMap/mine16',
  'v1/ConfigMap/web-ship',
  'v1/ConfigMap/two-ship',
  'v1/Pod/web',
  'x',
]
const WAS = ['', ' ~', ' {}', ' []', ' 30', ' *x', ' word']

/** Every address of a pod template, with its value. */
function addressesIn(value: Json, base: FieldPath, list: string): { address: FieldPath; value: Json }[] {
  const own = base.length > 0 ? [{ address: base, value }] : []
  if (Array.isArray(value)) {
    return own.concat(
      value.flatMap((item) => {
        const id = mergeKeyOf(list, item)
        return id === undefined ? [] : addressesIn(item, [...base, { id }], '')
      }),
    )
  }
  return isObject(value)
    ? own.concat(Object.entries(value).flatMap(([key, child]) => addressesIn(child, [...base, key], key)))
    : own
}

class Game {
  readonly #pick: Choose
  readonly #options: InjectOptions
  /** Whether only one version of the templates is about, so that each claim can be held against it. */
  readonly #isStrict: boolean
  readonly steps: string[] = []
  text: string
  #fresh = true
  #words = 100

  constructor(pick: Choose, options: InjectOptions) {
    this.#pick = pick
    this.#options = options
    this.#isStrict = pick(2) === 0
    this.text = BASES[pick(BASES.length)] as string
  }

  #of<T>(all: readonly T[]): T {
    return all[this.#pick(all.length)] as T
  }

  #word(): string {
    return `mine${this.#words++}`
  }

  async play(): Promise<Failure | undefined> {
    for (let n = 0; n < 3 + this.#pick(6); n++) {
      const why = await this.#step()
      if (why !== undefined) return { why, steps: this.steps, text: this.text }
    }
    for (const [name, run] of [
      ['take', () => this.#take({})],
      ['put', () => this.#put({ sidecars: ['tail', 'ship'] })],
    ] as const) {
      this.steps.push(`last ${name}`)
      const why = await run()
      if (why !== undefined) return { why, steps: this.steps, text: this.text }
    }
    return undefined
  }

  async #step(): Promise<string | undefined> {
    const edits: [string, () => string][] = [
      ['forge', () => this.#forge()],
      ['forge', () => this.#forge()],
      ['forge old', () => this.#insertRecord(true)],
      ['forge new', () => this.#insertRecord(false)],
      ['rename container', () => this.text.replace(/name: app\b(?! *\n *emptyDir)/, 'name: main')],
      ['rename workload', () => this.text.replace(/(kind: (?:Deployment|Pod)\nmetadata:\n  name: )web/, '$1two')],
      [
        'add namespace',
        () => this.text.replace(/(kind: (?:Deployment|Pod)\nmetadata:\n)(?!  namespace)/, '$1  namespace: prod\n'),
      ],
      ['copy', () => this.#copy()],
      ['edit image', () => this.text.replace(/image: [tsup]\b/, `image: ${this.#word()}`)],
      ['edit variable', () => this.text.replace(/value: "1"/, `value: ${this.#word()}`)],
      [
        'add argument',
        () => this.text.replace(/( +)- (?:a|b)\n/, (line, indent: string) => `${line}${indent}- ${this.#word()}\n`),
      ],
      ['add key', () => this.text.replace(/(name: (?:web|two)-ship\n[^]*?data:\n)/, `$1  ${this.#word()}: x\n`)],
      ['drop mark', () => this.text.replace(/ +annotations:\n +sidecarctl\.dev\/owned-by: .*\n/, '')],
      [
        'move mark',
        () => this.text.replace(/(owned-by: )(Deployment|Pod)\/\w+/, `$1$2/${this.#of(['web', 'two', 'three'])}`),
      ],
      [
        'mark',
        () =>
          this.text.replace(
            /(kind: Secret\nmetadata:\n)(?=  name: mine14)/,
            `$1  annotations: {sidecarctl.dev/owned-by: ${this.#of(['Deployment', 'Pod'])}/web/${this.#of(['tail', 'none'])}}\n`,
          ),
      ],
      ['drop variable', () => this.text.replace(/ +env:\n +- name: SHIP\n +value: .*\n/, '')],
      ['drop record', () => this.text.replace(/.*injected\.sidecarctl\.dev\/[\w-]+: (?:>-\n)?.*\n/, '')],
      [
        'reformat record',
        () =>
          this.text.replace(
            RECORD,
            (_, key: string, quote: string, json: string) => `${key}${quote}${json.replaceAll('":', '" : ')}${quote}`,
          ),
      ],
    ]
    if (this.#pick(2) === 0) {
      const [name, edit] = this.#of(edits)
      this.steps.push(name)
      const text = edit()
      if (text !== this.text) this.#fresh = false
      this.text = text
      return undefined
    }
    const sidecars = this.#of([['tail', 'ship'], ['ship'], ['tail']])
    if (this.#pick(5) === 0) return await this.#forced(sidecars)
    const isPut = this.#pick(2) === 0
    this.steps.push(`${isPut ? 'put' : 'take'} ${sidecars.join()}`)
    return isPut ? await this.#put({ sidecars }) : await this.#take(this.#pick(2) === 0 ? {} : { sidecars })
  }

  #library(): Library {
    return this.#isStrict || this.#pick(2) === 0 ? FIRST : SECOND
  }

  async #put(options: Partial<InjectOptions>): Promise<string | undefined> {
    const modes = new Map([['', this.#of(['native', 'classic', 'auto'] as const)]])
    const place = this.#of(PLACES)
    const starts = new Map(options.sidecars?.includes('ship') === true ? [['ship', place]] : [])
    const asked = { ...this.#options, ...this.#library(), modes, starts, ...options }
    const before = this.text
    const failed = await this.#judge(inject, asked)
    if (failed !== undefined || this.text === before) return failed
    const again = await inject([new SourceText('in.yaml', this.text)], asked)
    if (again.files[0]?.output !== this.text) return 'a second run changes the result'
    if (!this.#fresh) return undefined
    this.#fresh = false
    const { sidecars: _, ...all } = asked
    const back = await uninject([new SourceText('in.yaml', this.text)], all)
    return back.files[0]?.output === before ? undefined : 'what was put in fresh is not undone exactly'
  }

  async #take(options: Partial<InjectOptions>): Promise<string | undefined> {
    return await this.#judge(uninject, { ...this.#options, ...this.#library(), ...options })
  }

  /** With --force what a sidecar added may go whatever was done to it, but never what no sidecar can have added. */
  async #forced(sidecars: readonly string[]): Promise<string | undefined> {
    this.steps.push(`forced ${sidecars.join()}`)
    const work = this.#of([inject, uninject])
    const result = await work([new SourceText('in.yaml', this.text)], {
      ...this.#options,
      ...this.#library(),
      sidecars,
      force: 'yes',
    })
    const out = result.files[0]?.output ?? ''
    const lost = ['mine5', 'mine11', 'mine12', 'mine14', 'mine15', 'mine17'].find(
      (word) => count(out, word) < count(this.text, word),
    )
    return faultIn(result) ?? (lost === undefined ? undefined : `forced, ${lost} is lost`)
  }

  async #judge(work: typeof inject, asked: InjectOptions): Promise<string | undefined> {
    const result = await work([new SourceText('in.yaml', this.text)], asked)
    const out = result.files[0]?.output ?? ''
    const fault = faultIn(result)
    if (fault !== undefined) return fault
    if (result.diagnostics.some(({ severity }) => severity === 'error'))
      return out === this.text ? undefined : 'an error, and a change'
    if (readInput(new SourceText('in.yaml', out)).diagnostics.some(({ severity }) => severity === 'error'))
      return 'the result cannot be read'
    const lost = wordsIn(this.text).find((word) => count(out, word) < count(this.text, word))
    if (lost !== undefined) return `${lost} is lost`
    const statuses = (result.files[0]?.workloads ?? []).map(({ status }) => status)
    if (out !== this.text && statuses.every((status) => status === 'up to date' || status === 'skipped'))
      return `changed, and said to be ${statuses.join()}`
    this.text = out
    return undefined
  }

  /** A copy of the first workload, under another name. */
  #copy(): string {
    const [document = ''] =
      /apiVersion: (?:apps\/v1\nkind: Deployment|v1\nkind: Pod)\n[^]*?(?=---\n|$)/.exec(this.text) ?? []
    if (document === '' || !document.endsWith('\n') || this.text.split('kind: Deployment').length > 3) return this.text
    return `${this.text.replace(/\n*$/, '\n')}---\n${document.replace(/name: (?:web|two)\n/, 'name: three\n')}`
  }

  /** Some address of the first pod template, with a digest that may be right. */
  #claim(): { address: string; value: Json; digest: string } {
    const [workload] = readInput(new SourceText('in.yaml', this.text)).documents.flatMap(({ workloads }) => workloads)
    const all = workload === undefined ? [] : addressesIn(templateOf(workload) ?? null, [], '')
    if (all.length === 0 || this.#pick(3) === 0)
      return { address: this.#of(ODD), value: null, digest: this.#of(['', '00000000']) }
    const { address, value } = this.#of(all)
    // The right digest of what the user changed since would prove that it was added so.
    const isOwn = /mine1\d\d/.test(JSON.stringify(value))
    const isKnown =
      this.#isStrict ||
      /^spec\.(?:initC|c)ontainers\[[^\]]*\]$|securityContext|Probe|image/.test(formatFieldPath(address))
    return {
      address: formatFieldPath(address),
      value,
      digest: this.#of(isKnown && !isOwn ? ['', '00000000', digestOf(value)] : ['', '00000000']),
    }
  }

  #forge(): string {
    const records = [...this.text.matchAll(RECORD)]
    if (records.length === 0) return this.#insertRecord(false)
    const [whole, key, quote, json] = this.#of(records) as unknown as [string, string, string, string]
    const record = JSON.parse(json) as JsonObject
    for (let n = 0; n <= this.#pick(3); n++)
      this.#mangle(isObject(record['sidecars']) ? (Object.values(record['sidecars'])[0] as JsonObject) : record)
    return this.text.replace(whole, () => `${key}${quote}${JSON.stringify(record)}${quote}`)
  }

  #mangle(record: JsonObject): void {
    const { address, digest } = this.#claim()
    const own = record['own']
    const objects = isObject(record['objects']) ? record['objects'] : {}
    const list = (key: string): Json[] => (Array.isArray(record[key]) ? (record[key] as Json[]) : [])
    const ways: (() => unknown)[] = [
      () => (isObject(own) ? (own[address] = digest) : Array.isArray(own) && own.push(address)),
      () => (isObject(own) ? (own[address] = digest) : Array.isArray(own) && own.push(address)),
      () => (isObject(own) ? delete own[this.#of(Object.keys(own)) ?? ''] : Array.isArray(own) && own.pop()),
      () => (isObject(own) ? (own[this.#of(Object.keys(own)) ?? address] = this.#of(['', '00000000'])) : undefined),
      () => (record['new'] = [...list('new'), address]),
      () => (record['new'] = list('new').slice(1)),
      () => (record['was'] = { [address]: this.#of(WAS) }),
      () => (record['uses'] = [address]),
      () => (record['start'] = this.#of([...PLACES, 'after:../x'])),
      () => (record['objects'] = { ...objects, [this.#of(IDS)]: this.#of(['', '00000000']) }),
      () => (record['objs'] = [this.#of(IDS)]),
      () => (record['version'] = this.#isStrict ? '1' : this.#of(['1', '2', '3'])),
    ]
    this.#of(ways)()
  }

  /** A record in a workload, beside others, in either form. */
  #insertRecord(isOld: boolean): string {
    const name = this.#of(['tail', 'ship'])
    const claims = Array.from({ length: 1 + this.#pick(3) }, () => this.#claim())
    const ids = this.#pick(2) === 0 ? [this.#of(IDS)] : []
    const h = this.#isStrict
      ? shortHash(JSON.stringify(claims.map(({ address, value }) => [address, value])))
      : '00000000'
    const key = isOld ? 'sidecarctl.dev/injected' : `injected.sidecarctl.dev/${name}`
    const value = isOld
      ? { sidecars: { [name]: { v: '1', h, own: claims.map(({ address }) => address), objs: ids } } }
      : {
          version: '1',
          own: Object.fromEntries(claims.map(({ address, digest }) => [address, digest])),
          objects: Object.fromEntries(ids.map((id) => [id, '00000000'])),
        }
    if (this.text.includes(`${key}:`)) return this.text
    return this.text.replace(
      /( +)mine2: mine3\n/,
      (line, indent: string) => `${line}${indent}${key}: '${JSON.stringify(value)}'\n`,
    )
  }
}

/** The user's words of a text, but for those in records. */
function wordsIn(text: string): string[] {
  return [...new Set(withoutRecords(text).match(/mine\d+/gi) ?? [])]
}

function count(text: string, word: string): number {
  return withoutRecords(text).match(new RegExp(`\\b${word}\\b`, 'g'))?.length ?? 0
}

function withoutRecords(text: string): string {
  return text.replaceAll(RECORD, '')
}

/** What no record may lead to: a fault of the program, or an error without a place. */
function faultIn({ diagnostics }: RunResult): string | undefined {
  const fault = diagnostics.find(
    ({ code, hint = '', at, severity }) =>
      code === 'EDIT_UNSAFE' ||
      hint.includes('bug in sidecarctl') ||
      (severity === 'error' && at === undefined && code !== 'SIDECAR_NOT_INJECTED'),
  )
  return fault && `${fault.code}: ${fault.message}`
}

/** Plays one sequence of putting in, forging, editing, copying, renaming and taking out. */
export async function playClaims(pick: Choose, options: InjectOptions): Promise<Failure | undefined> {
  const game = new Game(pick, options)
  try {
    return await game.play()
  } catch (error) {
    return {
      why: error instanceof Error ? (error.stack ?? error.message) : String(error),
      steps: game.steps,
      text: game.text,
    }
  }
}
