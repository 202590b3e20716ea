/** Injects, edits by hand and takes out again, in random order, and looks whether the user's text comes back. */
import { inject, uninject } from '../../src/core/inject/run.ts'
import type { ItemPlace } from '../../src/core/field-path/item-place.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { ManifestWriter } from '../property/manifest.ts'
import { randomOf } from './mutate.ts'

type Random = ReturnType<typeof randomOf>

export interface SequencesInput {
  /** Options with the templates `tail`, `pulse`, `ship` and `gate`. */
  options: InjectOptions
  seed: number
  runs: number
  isOn?: () => boolean
}

export interface SequencesResult {
  runs: number
  /** Steps that changed a text, by command. */
  injected: number
  uninjected: number
  /** Sequences that ended in a step that was refused, by the code of the reason. */
  refused: Map<string, number>
  failures: { seed: number; why: string; text: string; steps: readonly string[] }[]
}

const POD = (rest: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: app\n    image: example.com/a:1\n${rest}`
const INITS =
  '  - name: one\n    image: example.com/o:1 # one\n  # about two\n  - name: two\n    image: example.com/t:1\n\n  - {name: three, image: example.com/t:1}\n'
const OWN = 'volumes:\n  - name: own\n    emptyDir: {}'

/** Manifests by hand, each of which ends, or has its lists, in another way. */
const MANIFESTS: readonly string[] = [
  POD(''),
  POD(`  ${OWN}\n`),
  POD('    ports:\n    - containerPort: 8080\n  # end\n'),
  POD('  initContainers:\n  - name: first\n    image: example.com/f:1\n'),
  POD(`  initContainers:\n${INITS}`),
  POD(`  initContainers: # all\n${INITS}  # end\n  restartPolicy: Always\n`),
  POD('  initContainers: [{name: one, image: a}, {name: two, image: b}]\n'),
  POD('  initContainers: [\n    {name: one, image: a}, # one\n    # about two\n    {name: two, image: b} # two\n  ]\n'),
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { initContainers: ['one', 'two', 'three'].map((name) => ({ name, image: 'a' })), containers: [{ name: 'app', image: 'a' }] } }, undefined, 2)}\n`,
  POD(
    '    command: [sh]\n    args: ["a", # one\n      "b"] # two\n    env: [{name: A, value: b}, # c\n      {name: C, value: d}]\n',
  ),
  POD('    command:\n    - sh\n    - |\n      echo\n  restartPolicy: Always\n'),
  POD('  volumes: []\n').replace('metadata:\n', 'metadata:\n  annotations: ~\n  labels:\n'),
  POD('').replace('spec:', '  annotations:\n    note: |\n      one\n      two\n      # deeper\nspec:'),
  POD('').replace('metadata:\n  name: a\n', '').concat('metadata:\n  name: a\n  labels: {a: b}\n'),
  POD('').replace('metadata:\n  name: a\n', '').concat('metadata: {name: a}\n'),
  'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: a\n    name: app\nmetadata:\n  name: a\n  annotations:\n    x: |\n      y\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}]}\n',
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: ~}\nspec:\n  containers: [\n    {name: app, image: a}, # app\n    {name: b, image: b} # b\n  ]\n',
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', annotations: null }, spec: { containers: [{ name: 'app', image: 'a' }], volumes: [] } }, undefined, 2)}\n`,
  '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"a"}]}}\n',
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: d\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata:\n      labels: {a: b}\n    spec:\n      containers:\n      - name: app\n        image: a\n---\n${POD('')}`,
  `${POD('')}---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  ports: [{port: 80}]\n`,
  `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: a\n  spec:\n    containers:\n    - name: app\n      image: a\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: b}\n  spec: {containers: [{name: app, image: a}]}\n`,
]

function manifestOf(random: Random): string {
  const text =
    random(3) === 0
      ? new ManifestWriter(Array.from({ length: 400 }, () => random(10_000))).write().text
      : (MANIFESTS[random(MANIFESTS.length)] as string)
  const ended = random(3) === 0 ? text.replace(/[\r\n]+$/, '') : text
  return random(6) === 0 && !ended.includes('\r') ? ended.replaceAll('\n', '\r\n') : ended
}

const NAMES = ['tail', 'pulse', 'ship', 'gate'] as const

function some<T>(all: readonly T[], random: Random): T[] {
  const chosen = all.filter(() => random(2) === 0)
  return random(2) === 0 ? chosen : chosen.toReversed()
}

/** Places among init containers: of the user's, of sidecars, and of none. */
const PLACES: readonly ItemPlace[] = [
  'first',
  'last',
  ...['one', 'two', 'three', 'first', 'new', 'i0', 'i1', 'tail', 'pulse', 'gate'].flatMap((name): ItemPlace[] => [
    `before:${name}`,
    `after:${name}`,
  ]),
]

function placesOf(sidecars: readonly string[], random: Random): ReadonlyMap<string, ItemPlace> {
  if (random(3) === 0) return new Map()
  const chosen = sidecars.filter(() => random(2) === 0)
  return new Map(chosen.map((name) => [name, PLACES[random(PLACES.length)] as ItemPlace]))
}

/** What a step asks for: sidecars, modes, places and parameters at random. */
function asked(options: InjectOptions, random: Random): InjectOptions {
  // Those of the options may be for sidecars that are not chosen here.
  const chosen = some(NAMES, random)
  const sidecars = chosen.length === 0 ? ['tail'] : chosen
  return {
    ...options,
    sidecars,
    starts: placesOf(sidecars, random),
    modes: new Map(
      random(3) === 0
        ? [['', random(2) === 0 ? 'classic' : 'native']]
        : random(3) === 0 && sidecars.includes('tail')
          ? [['tail', 'classic']]
          : [],
    ),
    parameters: [
      ...(random(2) === 0 ? [{ template: 'pulse', name: 'grace', value: String(20 + random(40)) }] : []),
      ...(random(3) === 0 ? [{ template: 'tail', name: 'script', value: 'true' }] : []),
      ...(random(3) === 0
        ? [{ template: 'tail', name: 'at', value: ['08:00', 'x', 'a # b'][random(3)] as string }]
        : []),
    ].filter(({ template }) => sidecars.includes(template)),
    onConflict: 'keep',
  }
}

/** Edits of the user's own that can be made alike in the text with sidecars and in the text without. */
const EDITS: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('example.com/a:1', 'example.com/a:2'),
  (text) => text.replace(/^kind: Pod$/m, 'kind: Pod # edited'),
  (text) => text.replace(/^apiVersion: v1(?=\r?\nkind: Pod)/m, '# head\napiVersion: v1'),
  (text) => text.replaceAll('name: own', 'name: mine'),
  // An init container before one of the user's.
  (text) => text.replace(/^ {2}- name: two$/m, '  - name: new\n    image: example.com/n:1\n  - name: two'),
]

/** Runs sequences; a failure is a text that does not come back, or a fault that the program finds in itself. */
export async function runSequences({
  options,
  seed,
  runs,
  isOn = () => true,
}: SequencesInput): Promise<SequencesResult> {
  const out: SequencesResult = { runs: 0, injected: 0, uninjected: 0, refused: new Map(), failures: [] }
  for (let n = seed; out.runs < runs && isOn(); n++, out.runs++) await runOne(n, options, out)
  return out
}

async function runOne(seed: number, options: InjectOptions, out: SequencesResult): Promise<void> {
  const random = randomOf(seed)
  let own = manifestOf(random)
  let text = own
  const first = own
  const steps: string[] = []
  const fail = (why: string): void => void out.failures.push({ seed, why, text: first, steps })
  for (let step = 0, count = 2 + random(4); step <= count; step++) {
    const isLast = step === count
    const kind = isLast ? 2 : random(5)
    if (kind === 4) {
      const edit = EDITS[random(EDITS.length)] as (typeof EDITS)[number]
      if (edit(own) !== own) [own, text] = [edit(own), edit(text)]
      steps.push('edit')
      continue
    }
    const isInject = kind < 2 || step === 0
    const sidecars = isLast ? undefined : some(NAMES, random)
    const to = isInject
      ? asked(options, random)
      : { ...options, ...(sidecars !== undefined && sidecars.length > 0 && { sidecars }) }
    if (!isInject && (sidecars === undefined || sidecars.length === 0)) delete (to as { sidecars?: unknown }).sidecars
    steps.push(
      `${isInject ? 'inject' : 'uninject'} ${to.sidecars?.join(',') ?? 'all'} ${JSON.stringify([...(to.modes ?? [])])} ${isInject ? JSON.stringify([to.parameters, ...(to.starts ?? [])]) : ''}`,
    )
    const result = await (isInject ? inject : uninject)([new SourceText('a.yaml', text)], to)
    const error = result.diagnostics.find(({ severity }) => severity === 'error')
    if (error !== undefined) {
      if (error.code === 'EDIT_UNSAFE' || error.code === 'RECORD_UNPROVEN')
        return fail(`${error.code}: ${error.message}`)
      // To remove what is not there is an error, and the text is as it was.
      if (error.code === 'SIDECAR_NOT_INJECTED') continue
      out.refused.set(error.code, (out.refused.get(error.code) ?? 0) + 1)
      return
    }
    const output = result.files[0]?.output ?? ''
    if (output !== text) out[isInject ? 'injected' : 'uninjected']++
    if (isInject && random(3) === 0) {
      const again = await inject([new SourceText('a.yaml', output)], to)
      if (again.files[0]?.output !== output) return fail(`a second run gives ${JSON.stringify(again.files[0]?.output)}`)
    }
    text = output
    if (isLast && text !== own)
      return fail(`${JSON.stringify(text.slice(-120))} is not ${JSON.stringify(own.slice(-120))}`)
  }
}
