/** What is measured, against what, and what is aimed at. */
import { execFileSync } from 'node:child_process'
import { closeSync, openSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { jsonSchemas } from './json-schema.ts'
import type { Contender, Lab } from './lab.ts'
import {
  liveList,
  longLine,
  longList,
  longScalar,
  manyContainers,
  mostlyOther,
  nested,
  oneLineList,
  repeatedKeys,
  stream,
} from './manifests.ts'
import { copyCorpus, CORPUS } from './corpus.ts'
import { findProgram } from './measure.ts'
import { unlikeDeployment } from './workloads.ts'

/** A ratio of the medians of pairs: what `of` took to what `to` took. */
export interface Comparison {
  of: string
  to: string
  metric: 'wall' | 'cpu'
  /** The goal: at most, or at least, so much. */
  most?: number
  least?: number
}

export interface Trial {
  /** Size of the input in bytes, and how many workloads are in it. */
  bytes: number
  workloads: number
  contenders: Contender[]
}

export interface Scenario {
  name: string
  title: string
  /** What it needs that is not part of a clone; undefined where it is there. */
  missing?: string | undefined
  /** Only with --big: it takes minutes. */
  big?: true
  /** Seconds that a run may take, where more than usual are needed. */
  limit?: number
  prepare(lab: Lab): Trial | Promise<Trial>
  comparisons: readonly Comparison[]
  /** The goal for the memory of sidecarctl, in MiB. */
  mebibytes?: number
}

export const SIDECARCTL = 'sidecarctl'
export const NODE = 'node -e 0'
export const KUBECTL = 'kubectl kustomize'
export const KUBECONFORM = 'kubeconform'
const ONCE = '1 ×'
const TENFOLD = '10 ×'

const node: Contender = { name: NODE, command: { argv: [process.execPath, '-e', '0'] } }
const LOGGING = ['-s', 'logging']

/** A sidecar that is one container and nothing more, as an ordinary container beside the app's. */
const SMALL = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: side, version: 1.0.0, description: One container.}
spec:
  mode: classic
  container: {image: "busybox:1.37.0", args: [sleep, infinity]}
`

function ours(lab: Lab, ...args: string[]): Contender {
  return { name: SIDECARCTL, command: { argv: lab.sidecarctl(...args), cwd: lab.folder } }
}

/** A sidecar that brings a ConfigMap along for each workload. */
const BRINGER = `${SMALL}  objects:
    - {apiVersion: v1, kind: ConfigMap, data: {level: debug}}
`

/** Inject in one file, against the kustomizers. */
function inject(lab: Lab, text: string, args: readonly string[] = LOGGING): Trial {
  lab.write({ 'in.yaml': text })
  const contenders = [ours(lab, 'inject', '-q', ...args, 'in.yaml'), ...lab.kustomizers(args, ['in.yaml'])]
  return {
    bytes: Buffer.byteLength(text),
    workloads: text.match(/^(?: *- )? *kind: ["']?Deployment\b/gm)?.length ?? 0,
    contenders,
  }
}

const FASTER: readonly Comparison[] = [KUBECTL, 'kustomize build'].flatMap((of) => [
  { of, to: SIDECARCTL, metric: 'wall' },
  { of, to: SIDECARCTL, metric: 'cpu' },
])

/** The same with a goal: how many times as long `kubectl kustomize` takes at least. */
function fasterBy(least: number): readonly Comparison[] {
  return FASTER.map((one) => (one.of === KUBECTL && one.metric === 'wall' ? { ...one, least } : one))
}

const EIGHTFOLD = fasterBy(8)

function manyFiles(lab: Lab, count: number): string[] {
  const names = Array.from({ length: count }, (_, n) => `in/${n % 20}/${n}.yaml`)
  lab.write(Object.fromEntries(names.map((name, n) => [name, unlikeDeployment(n)])))
  return names
}

/** The same command on an input and on one ten times as large. */
function growth(
  name: string,
  title: string,
  command: readonly string[],
  input: (factor: number) => string,
  more: Readonly<Record<string, string>> = {},
): Scenario {
  return {
    name,
    title,
    limit: 300,
    comparisons: [
      { of: TENFOLD, to: ONCE, metric: 'wall', most: 11 },
      { of: TENFOLD, to: ONCE, metric: 'cpu' },
    ],
    prepare(lab) {
      const files = { 'once.yaml': input(1), 'tenfold.yaml': input(10) }
      lab.write({ ...files, ...more })
      const on = (file: string) => ({ argv: lab.sidecarctl(...command, file), cwd: lab.folder })
      return {
        bytes: Buffer.byteLength(files['tenfold.yaml']),
        workloads: files['tenfold.yaml'].match(/kind"?: ?["']?Deployment/g)?.length ?? 0,
        contenders: [
          { name: ONCE, command: on('once.yaml') },
          { name: TENFOLD, command: on('tenfold.yaml') },
        ],
      }
    },
  }
}

const INJECT = ['inject', '-q', ...LOGGING]

const LARGE = 200e6

/** A stream that comes in through a pipe; written piece by piece, as it need not fit into a string. */
function piped(lab: Lab, document: (n: number) => string, args: readonly string[] = [...INJECT, '-']): Trial {
  const path = join(lab.folder, 'in.yaml')
  const file = openSync(path, 'w')
  let [written, workloads] = [0, 0]
  for (let n = 0; written < LARGE; n++) {
    const text = document(n)
    if (/^kind: ["']?Deployment/m.test(text)) workloads++
    written += writeSync(file, n === 0 ? text : `---\n${text}`)
  }
  closeSync(file)
  return {
    bytes: statSync(path).size,
    workloads,
    contenders: [{ name: SIDECARCTL, command: { argv: lab.sidecarctl(...args), stdin: path, cwd: lab.folder } }],
  }
}

/** Deployments as they are with the sidecar. */
function injected(lab: Lab): (n: number) => string {
  const count = 1000
  lab.write({ 'few.yaml': stream(count) })
  const [program, ...args] = lab.sidecarctl(...INJECT, 'few.yaml')
  const documents = execFileSync(program as string, args, {
    cwd: lab.folder,
    encoding: 'utf8',
    maxBuffer: LARGE,
  }).split('---\n')
  return (n) => documents[n % count] as string
}

/** What takes minutes, and must stay within a bound whatever comes in. */
function big(name: string, title: string, prepare: (lab: Lab) => Trial): Scenario {
  return { name, title, big: true, limit: 1800, mebibytes: 400, comparisons: [], prepare }
}

/**
 * kubeconform with the schemas of all kinds in files, as it would else look for them on the network. What it finds is no
 * matter.
 */
async function kubeconform(lab: Lab, input: string): Promise<Contender> {
  const path = findProgram('kubeconform')
  if (path === undefined) return { name: KUBECONFORM, command: undefined }
  for (const [name, schema] of await jsonSchemas())
    lab.write({ [`schemas/${schemaFile(name)}`]: JSON.stringify(schema) })
  const schemas = join(lab.folder, 'schemas', '{{.ResourceKind}}{{.KindSuffix}}.json')
  const script = '"$0" -strict -ignore-missing-schemas -schema-location "$1" "$2" || true'
  return { name: KUBECONFORM, command: { argv: ['sh', '-c', script, path, schemas, input], cwd: lab.folder } }
}

/** The name of a kind's schema as kubeconform makes it: `deployment-apps-v1.json`. */
function schemaFile(name: string): string {
  const [apiVersion = '', kind = ''] = name.split(' ')
  const [version = '', group] = apiVersion.split('/').toReversed()
  return `${[kind.toLowerCase(), ...(group === undefined ? [] : [group.split('.')[0]]), version].join('-')}.json`
}

const MEGABYTE = 1e6

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'one',
    title: 'inject and validate one manifest',
    comparisons: [
      { of: SIDECARCTL, to: NODE, metric: 'cpu' },
      { of: SIDECARCTL, to: NODE, metric: 'wall' },
      ...fasterBy(3),
    ],
    prepare(lab) {
      const trial = inject(lab, stream(1))
      return { ...trial, contenders: [...trial.contenders, node] }
    },
  },
  {
    name: 'many-1000',
    title: 'inject and validate 1,000 unlike workloads in one file',
    comparisons: EIGHTFOLD,
    prepare: (lab) => inject(lab, stream(1000)),
  },
  {
    name: 'container-1000',
    title: 'the same with a sidecar of one container',
    comparisons: EIGHTFOLD,
    prepare(lab) {
      lab.write({ 'side.yaml': SMALL })
      return inject(lab, stream(1000), ['-t', 'side.yaml', '-s', 'side'])
    },
  },
  {
    name: 'many-10000',
    title: 'inject and validate 10,000 workloads in one file',
    comparisons: FASTER,
    prepare: (lab) => inject(lab, stream(10_000)),
  },
  {
    name: 'list-1000',
    title: 'inject and validate a List of 1,000 workloads, as kubectl get prints it',
    comparisons: EIGHTFOLD,
    prepare: (lab) => inject(lab, liveList(1000)),
  },
  {
    name: 'files-2000',
    title: 'inject and validate 2,000 files of a folder',
    comparisons: FASTER,
    prepare(lab) {
      const names = manyFiles(lab, 2000)
      const contenders = [ours(lab, ...INJECT, '-R', 'in'), ...lab.kustomizers(LOGGING, names)]
      return { bytes: stream(2000).length - 1999 * 4, workloads: 2000, contenders }
    },
  },
  {
    name: 'mostly-other',
    title: 'inject and validate a stream of 1,000 objects, 100 of them workloads',
    comparisons: FASTER,
    prepare: (lab) => inject(lab, stream(1000, mostlyOther)),
  },
  {
    name: 'validate-1000',
    title: 'validate 1,000 workloads',
    comparisons: [
      { of: SIDECARCTL, to: KUBECONFORM, metric: 'wall', most: 0.8 },
      { of: SIDECARCTL, to: KUBECONFORM, metric: 'cpu' },
    ],
    async prepare(lab) {
      const text = stream(1000)
      lab.write({ 'in.yaml': text })
      const contenders = [ours(lab, 'validate', '-q', 'in.yaml'), await kubeconform(lab, 'in.yaml')]
      return { bytes: Buffer.byteLength(text), workloads: 1000, contenders }
    },
  },
  {
    name: 'validate-corpus',
    title: 'validate the manifests of real repositories, ten times with small differences',
    mebibytes: 200,
    comparisons: [
      { of: SIDECARCTL, to: KUBECONFORM, metric: 'wall', most: 1 },
      { of: SIDECARCTL, to: KUBECONFORM, metric: 'cpu', most: 1 },
    ],
    missing: CORPUS.missing,
    async prepare(lab) {
      const { bytes, workloads } = copyCorpus(lab, ['validate', '-q', '-R', 'in'], 10)
      return { bytes, workloads, contenders: [ours(lab, 'validate', '-q', '-R', 'in'), await kubeconform(lab, 'in')] }
    },
  },
  {
    name: 'check-2000',
    title: 'check 2,000 injected files of a folder',
    comparisons: [{ of: SIDECARCTL, to: NODE, metric: 'wall' }],
    prepare(lab) {
      manyFiles(lab, 2000)
      const [program, ...args] = lab.sidecarctl(...INJECT, '-R', '-w', 'in')
      execFileSync(program as string, args, { cwd: lab.folder, stdio: ['ignore', 'pipe', 'pipe'] })
      return {
        bytes: stream(2000).length - 1999 * 4,
        workloads: 2000,
        contenders: [ours(lab, 'check', '-q', '-R', 'in'), node],
      }
    },
  },
  {
    name: 'corpus',
    title: 'inject and validate the manifests of real repositories',
    comparisons: [{ of: SIDECARCTL, to: NODE, metric: 'wall' }],
    missing: CORPUS.missing,
    prepare(lab) {
      const { bytes, workloads } = copyCorpus(lab, [...INJECT, '-R', 'in'])
      return { bytes, workloads, contenders: [ours(lab, ...INJECT, '-R', 'in'), node] }
    },
  },
  growth('grow-workloads', 'inject: 1,000 workloads, then 10,000', INJECT, (factor) => stream(1000 * factor)),
  growth('grow-validate', 'validate: 1,000 workloads, then 10,000', ['validate', '-q'], (factor) =>
    stream(1000 * factor),
  ),
  growth('grow-list', 'inject: a list of 5,000 items, then 50,000', INJECT, (factor) => longList(5000 * factor)),
  growth('grow-scalar', 'inject: a text of 4 MB, then 40 MB', INJECT, (factor) => longScalar(4 * MEGABYTE * factor)),
  growth('grow-line', 'inject: a line of 4 MB, then 40 MB', INJECT, (factor) => longLine(4 * MEGABYTE * factor)),
  growth('grow-one-line', 'inject: 1,000 workloads as JSON on one line, then 10,000', INJECT, (factor) =>
    oneLineList(1000 * factor),
  ),
  growth('grow-depth', 'validate: 500 objects 95 braces deep, then 950', ['validate', '-q'], (factor) =>
    stream(500, (n) => nested(n, 95 * factor)),
  ),
  growth('grow-containers', 'inject: a pod with 200 containers, then 2,000', INJECT, (factor) =>
    manyContainers(200 * factor),
  ),
  growth(
    'grow-objects',
    'inject: 300 workloads with a ConfigMap each, then 3,000',
    ['inject', '-q', '-t', 'side.yaml', '-s', 'side'],
    (factor) => stream(300 * factor),
    { 'side.yaml': BRINGER },
  ),
  growth('grow-faults', 'validate: 2,000 keys written twice on one line, then 20,000', ['validate'], (factor) =>
    repeatedKeys(2000 * factor),
  ),
  big('stream', 'inject and validate a stream of 200 MB, all workloads', (lab) => piped(lab, unlikeDeployment)),
  big('stream-mostly-other', 'inject and validate a stream of 200 MB, one object in ten a workload', (lab) =>
    piped(lab, mostlyOther),
  ),
  big('stream-told', 'the same of workloads, with a line for each', (lab) =>
    piped(lab, unlikeDeployment, ['inject', ...LOGGING, '-']),
  ),
  big('stream-diff', 'the changes of a stream of 200 MB', (lab) =>
    piped(lab, unlikeDeployment, [...INJECT, '-o', 'diff', '-']),
  ),
  big('stream-check', 'check a stream of 200 MB', (lab) => piped(lab, injected(lab), ['check', '-q', ...LOGGING, '-'])),
  big('stream-uninject', 'uninject a stream of 200 MB', (lab) => piped(lab, injected(lab), ['uninject', '-q', '-'])),
  big('stream-validate', 'validate a stream of 200 MB', (lab) => piped(lab, unlikeDeployment, ['validate', '-q', '-'])),
  big('file-in-place', 'inject into a file of 200 MB in place', (lab) => {
    const { bytes, workloads } = piped(lab, unlikeDeployment)
    // Every further round finds its work done, so only the first tells what writing takes.
    return { bytes, workloads, contenders: [ours(lab, ...INJECT, '-w', 'in.yaml')] }
  }),
]
