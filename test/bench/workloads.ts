/**
 * Deployments that differ from each other as those of real repositories do: in how many containers, variables, ports,
 * probes and volumes they have, and in how they are written. Each is made from its number alone.
 */
import { randomOf } from '../fuzz/mutate.ts'

type Data = string | number | boolean | Data[] | Fields
interface Fields {
  [key: string]: Data
}
type Random = ReturnType<typeof randomOf>

const SEED = 20240229
const NAMES = [
  'ledger',
  'basket',
  'search',
  'orders',
  'stock',
  'prices',
  'mailer',
  'invoice',
  'rating',
  'parcel',
  'audit',
  'login',
  'gateway',
]
const TEAMS = ['shop', 'billing', 'search', 'platform', 'data']
const WORDS = [
  'LOG_LEVEL',
  'REGION',
  'DB_HOST',
  'DB_PASSWORD',
  'CACHE_URL',
  'QUEUE',
  'TIMEOUT',
  'RETRIES',
  'FEATURE_FLAGS',
  'TRACING',
  'JAVA_OPTS',
  'TOKEN',
  'BUCKET',
  'LOCALE',
]
const NOTES = [
  'moves in May',
  'see the runbook',
  'Goes away after the migration.',
  'keep in step with the chart',
  'was 3',
  'owned by the platform team',
]

/** The names of a workload's containers, of which it has the first so many: a patch must be able to name them. */
const CONTAINERS = ['app', 'worker', 'exporter'] as const
/** The label by which a patch finds the workloads with as many containers. */
export const SHAPE = 'containers'

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)] as T
}

function some(random: Random, percent: number): boolean {
  return random(100) < percent
}

/** Few more often than many. */
function count(random: Random, most: number): number {
  return Math.min(random(most + 1), random(most + 1))
}

function range<T>(length: number, make: (n: number) => T): T[] {
  return Array.from({ length }, (_, n) => make(n))
}

/** How many containers the workload of that number has. */
export function containerCount(n: number): number {
  const random = randomOf(SEED + n * 7)
  return some(random, 70) ? 1 : some(random, 75) ? 2 : 3
}

function probe(random: Random, port: number): Fields {
  const handler: Fields = some(random, 70)
    ? { httpGet: { path: pick(random, ['/healthz', '/ready', '/actuator/health', '/']), port } }
    : some(random, 50)
      ? { tcpSocket: { port } }
      : { exec: { command: ['/bin/sh', '-c', 'test -f /tmp/ok'] } }
  return {
    ...handler,
    ...(some(random, 50) && { initialDelaySeconds: 1 + random(30) }),
    ...(some(random, 70) && { periodSeconds: 5 + random(50) }),
    ...(some(random, 30) && { failureThreshold: 1 + random(9) }),
  }
}

function variable(random: Random, k: number, name: string): Fields {
  const key = `${pick(random, WORDS)}_${k}`
  if (some(random, 15))
    return { name: key, valueFrom: { secretKeyRef: { name: `${name}-secrets`, key: key.toLowerCase() } } }
  if (some(random, 10))
    return {
      name: key,
      valueFrom: { fieldRef: { fieldPath: pick(random, ['metadata.name', 'status.podIP', 'spec.nodeName']) } },
    }
  const value = pick(random, [
    `${random(5000)}`,
    'true',
    'eu-west-1',
    `postgres://db-${random(9)}:5432/${name}`,
    'info',
    `-Xmx${1 + random(8)}g -XX:+UseG1GC`,
    '',
  ])
  return { name: key, value }
}

function container(random: Random, index: number, name: string, team: string, volumes: readonly string[]): Fields {
  const port = 3000 + random(6000)
  const ports = range(count(random, 3) + (index === 0 ? 1 : 0), (k) => ({
    ...(some(random, 70) && { name: `p${index}-${k}` }),
    containerPort: port + index * 1000 + k,
    ...(some(random, 40) && { protocol: 'TCP' }),
  }))
  const env = range(count(random, 14), (k) => variable(random, k, name))
  const mounts = volumes
    .filter(() => some(random, 70))
    .map((one): Fields =>
      some(random, 50)
        ? { name: one, mountPath: `/etc/${one}`, readOnly: true }
        : { name: one, mountPath: `/etc/${one}` },
    )
  const memory = 64 * (1 + random(30))
  return {
    name: CONTAINERS[index] as string,
    image: `registry.example.com/${team}/${name}${index === 0 ? '' : `-${CONTAINERS[index]}`}:${random(20)}.${random(40)}${some(random, 20) ? `@sha256:${range(64, () => random(16).toString(16)).join('')}` : ''}`,
    ...(some(random, 40) && { imagePullPolicy: pick(random, ['IfNotPresent', 'Always']) }),
    ...(some(random, 25) && { command: ['/app/run'] }),
    ...(some(random, 35) && { args: range(1 + random(5), (k) => `--option-${k}=${random(100)}`) }),
    ...(ports.length > 0 && { ports }),
    ...(env.length > 0 && { env }),
    ...(some(random, 20) && { envFrom: [{ configMapRef: { name: `${name}-env` } }] }),
    ...(some(random, 65) && { readinessProbe: probe(random, port) }),
    ...(some(random, 50) && { livenessProbe: probe(random, port) }),
    ...(some(random, 12) && { startupProbe: probe(random, port) }),
    ...(some(random, 80) && {
      resources: {
        requests: { cpu: `${10 * (1 + random(50))}m`, memory: `${memory}Mi` },
        ...(some(random, 70) && { limits: { memory: `${memory * 2}Mi` } }),
      },
    }),
    ...(some(random, 50) && {
      securityContext: {
        allowPrivilegeEscalation: false,
        ...(some(random, 60) && { readOnlyRootFilesystem: true }),
        ...(some(random, 50) && { capabilities: { drop: ['ALL'] } }),
      },
    }),
    ...(mounts.length > 0 && { volumeMounts: mounts }),
  }
}

function volume(random: Random, name: string, of: string): Fields {
  return {
    name,
    ...pick<Fields>(random, [
      { emptyDir: {} },
      { configMap: { name: `${of}-config` } },
      { secret: { secretName: `${of}-tls` } },
      { persistentVolumeClaim: { claimName: `${of}-data` } },
    ]),
  }
}

/** The plain data of a workload. */
export function workload(n: number): Fields {
  const random = randomOf(SEED + n)
  const name = `${pick(random, NAMES)}-${n}`
  const team = pick(random, TEAMS)
  const labels: Fields = some(random, 50)
    ? { app: name }
    : { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': team }
  const volumes = range(count(random, 4), (k) => pick(random, ['config', 'cache', 'tls', 'data']) + k)
  const containers = containerCount(n)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name,
      ...(some(random, 70) && { namespace: team }),
      labels: { ...labels, [SHAPE]: String(containers) },
      ...(some(random, 25) && { annotations: { 'example.com/owner': team, 'example.com/note': pick(random, NOTES) } }),
    },
    spec: {
      ...(some(random, 80) && { replicas: 1 + random(8) }),
      ...(some(random, 30) && { revisionHistoryLimit: random(10) }),
      selector: { matchLabels: labels },
      ...(some(random, 35) && {
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 + random(3), maxUnavailable: 0 } },
      }),
      template: {
        metadata: {
          labels: { ...labels, ...(some(random, 30) && { version: `v${random(9)}` }) },
          ...(some(random, 40) && {
            annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(3000 + random(6000)) },
          }),
        },
        spec: {
          ...(some(random, 50) && { serviceAccountName: name }),
          // Below what the sidecars need: a patch of kustomize cannot raise one and leave another.
          ...(some(random, 30) && { terminationGracePeriodSeconds: 10 + random(30) }),
          ...(some(random, 30) && { securityContext: { runAsNonRoot: true, runAsUser: 1000 + random(1000) } }),
          ...(some(random, 20) && {
            initContainers: [
              {
                name: 'migrate',
                image: `registry.example.com/${team}/migrate:${random(30)}`,
                command: ['migrate', 'up'],
              },
            ],
          }),
          containers: range(containers, (index) => container(random, index, name, team, volumes)),
          ...(volumes.length > 0 && { volumes: volumes.map((one) => volume(random, one, name)) }),
          ...(some(random, 20) && { nodeSelector: { 'kubernetes.io/os': 'linux' } }),
          ...(some(random, 15) && {
            tolerations: [{ key: 'dedicated', operator: 'Equal', value: team, effect: 'NoSchedule' }],
          }),
          ...(some(random, 15) && { imagePullSecrets: [{ name: 'registry' }] }),
        },
      },
    },
  }
}

/** How someone writes YAML. */
interface Hand {
  indent: number
  dashes: number
  quote: '' | "'" | '"'
  /** Of a hundred: keys in order of the alphabet, small maps in braces, comments. */
  sorted: boolean
  braces: number
  comments: number
}

function handOf(random: Random): Hand {
  const indent = some(random, 88) ? 2 : 4
  return {
    indent,
    dashes: some(random, 55) ? 0 : indent,
    quote: pick(random, ['', '', "'", '"']),
    sorted: some(random, 25),
    braces: some(random, 30) ? 60 : 0,
    comments: some(random, 45) ? 6 : 0,
  }
}

const PLAIN = /^[A-Za-z/][A-Za-z0-9/._:@-]*$/

function scalar(value: Data, { quote }: Hand): string {
  if (typeof value !== 'string') return String(value)
  if (PLAIN.test(value) && value !== 'true') return quote === '' ? value : `${quote}${value}${quote}`
  return quote === "'" ? `'${value}'` : `"${value}"`
}

function isSmall(value: Data): value is Fields | Data[] {
  return (
    typeof value === 'object' &&
    Object.values(value).every((one) => typeof one !== 'object') &&
    JSON.stringify(value).length < 60
  )
}

function inBraces(value: Data, hand: Hand): string {
  if (Array.isArray(value)) return `[${value.map((one) => inBraces(one, hand)).join(', ')}]`
  if (typeof value !== 'object') return scalar(value, hand)
  return `{${Object.entries(value)
    .map(([key, one]) => `${key}: ${inBraces(one, hand)}`)
    .join(', ')}}`
}

/** Writes a map or list in someone's hand, line by line. */
function write(value: Fields | Data[], column: number, hand: Hand, random: Random, out: string[]): void {
  const pad = ' '.repeat(column)
  const note = (): string => `# ${pick(random, NOTES)}`
  if (Array.isArray(value)) {
    for (const item of value) {
      if (some(random, hand.comments)) out.push(pad + note())
      const at = out.length
      if (typeof item !== 'object' || (isSmall(item) && some(random, hand.braces)))
        out.push(`${pad}- ${inBraces(item, hand)}`)
      else {
        write(item, column + 2, { ...hand, comments: 0 }, random, out)
        out[at] = `${pad}- ${(out[at] as string).trimStart()}`
      }
    }
    return
  }
  const entries = Object.entries(value)
  if (hand.sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1))
  for (const [key, child] of entries) {
    if (some(random, hand.comments)) out.push(pad + note())
    const behind = some(random, hand.comments) ? ` ${note()}` : ''
    const isEmpty = typeof child === 'object' && Object.keys(child).length === 0
    if (typeof child !== 'object' || isEmpty || (isSmall(child) && some(random, hand.braces))) {
      out.push(`${pad}${key}: ${inBraces(child, hand)}${behind}`)
    } else {
      out.push(`${pad}${key}:${behind}`)
      write(child, column + (Array.isArray(child) ? hand.dashes : hand.indent), hand, random, out)
    }
  }
}

function textOf(value: Fields, hand: Hand, random: Random): string {
  const out: string[] = []
  write(value, 0, hand, random, out)
  return `${out.join('\n')}\n`
}

/** A Deployment as one of many people writes it. */
export function unlikeDeployment(n: number): string {
  const random = randomOf(SEED + n * 13)
  return textOf(workload(n), handOf(random), random)
}

/** The same as the API server gives it back. */
export function liveDeployment(n: number): string {
  const random = randomOf(SEED + n * 17)
  const { metadata, ...rest } = workload(n) as { [key: string]: Fields }
  const annotations = {
    ...(metadata?.['annotations'] as Fields | undefined),
    'deployment.kubernetes.io/revision': String(1 + random(90)),
  }
  const live = {
    ...rest,
    metadata: {
      ...metadata,
      annotations,
      creationTimestamp: '2024-02-29T10:00:00Z',
      generation: 1 + random(90),
      resourceVersion: String(1000 + random(90_000)),
      uid: `7d6c4b5a-0000-4000-8000-${String(n).padStart(12, '0')}`,
    },
    status: { observedGeneration: 1 + random(90), readyReplicas: random(9) },
  }
  const hand: Hand = { indent: 2, dashes: 0, quote: '', sorted: true, braces: 0, comments: 0 }
  return textOf(live as Fields, hand, random)
}
