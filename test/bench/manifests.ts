/**
 * Inputs of the measurements, made from numbers: the same on every machine. Workloads differ as those of real
 * repositories do (see `workloads.ts`), so that nobody wins by remembering one.
 */
import { randomOf } from '../fuzz/mutate.ts'
import { liveDeployment, unlikeDeployment, workload } from './workloads.ts'

const SEED = 20240229
const WORDS = ['ledger', 'basket', 'search', 'orders', 'stock', 'prices', 'mailer', 'invoice', 'rating', 'parcel']
const TEAMS = ['shop', 'billing', 'search', 'platform']

interface Service {
  name: string
  team: string
  number: (from: number, below: number) => number
}

function service(n: number): Service {
  const random = randomOf(SEED + n)
  return {
    name: `${WORDS[n % WORDS.length]}-${n}`,
    team: TEAMS[random(TEAMS.length)] as string,
    number: (from, below) => from + random(below - from),
  }
}

/** A Deployment of about 730 bytes in the style that people write, for scenarios about one of them. */
export function smallDeployment(n: number): string {
  const { name, team, number } = service(n)
  const memory = number(2, 20) * 32
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${team}
  labels:
    app: ${name}
    team: ${team}
spec:
  replicas: ${number(1, 9)}
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: app
          image: registry.example.com/${team}/${name}:${number(1, 20)}.${number(0, 40)}
          ports:
            - name: http
              containerPort: ${number(3000, 9999)}
          env:
            - {name: REGION, value: "${number(10, 99)}"} # moves in May
          readinessProbe:
            httpGet: {path: /ready, port: http}
            periodSeconds: ${number(5, 60)}
          resources:
            requests: {cpu: ${number(1, 50) * 10}m, memory: ${memory}Mi}
            limits: {memory: ${memory * 2}Mi}
`
}

function configMap(n: number): string {
  const { name, team, number } = service(n)
  const lines = Array.from({ length: 8 }, (_, k) => `    key-${k} = ${number(0, 1e6)} # of ${name}\n`)
  return `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-${name}
  namespace: ${team}
data:
  level: "${number(0, 9)}"
  app.conf: |
${lines.join('')}`
}

function definition(n: number): string {
  const { name, number } = service(n)
  const kind = `Kind${n}`
  const fields = Array.from(
    { length: 6 },
    (_, k) =>
      `                field${k}:\n                  type: string\n                  maxLength: ${number(1, 200)}\n                  description: Field ${k} of ${name}.\n`,
  )
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: kind${n}s.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: ${kind}, plural: kind${n}s, singular: kind${n}, listKind: ${kind}List}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
${fields.join('')}`
}

/** A stream of documents. */
export function stream(count: number, document: (n: number) => string = unlikeDeployment): string {
  return Array.from({ length: count }, (_, n) => document(n)).join('---\n')
}

/** One document in ten is a Deployment; the others are ConfigMaps and definitions of custom resources. */
export function mostlyOther(n: number): string {
  if (n % 10 === 0) return unlikeDeployment(n)
  return n % 3 === 0 ? definition(n) : configMap(n)
}

/** One Deployment with so many variables. */
export function longList(count: number): string {
  const items = Array.from(
    { length: count },
    (_, n) => `            - name: V${n}\n              value: ${service(n).name}\n`,
  )
  return smallDeployment(0).replace(/^ {12}- \{name: REGION.*\n/m, items.join(''))
}

/** One Deployment whose pod has so many containers more. */
export function manyContainers(count: number): string {
  const items = Array.from(
    { length: count },
    (_, n) => `        - name: worker-${n}\n          image: ${service(n).name}:1\n`,
  )
  return smallDeployment(0) + items.join('')
}

/** A ConfigMap on one line, with so many keys that stand in it twice. */
export function repeatedKeys(count: number): string {
  const pairs = Array.from({ length: count }, (_, n) => `key-${n}: a, key-${n}: ${service(n).name}`)
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {${pairs.join(', ')}}}\n`
}

/** One Deployment with a script of so many characters, in lines of 75. */
export function longScalar(length: number): string {
  const line = `              ${'echo done; '.repeat(6)}\n`
  return `${smallDeployment(0)}          args:\n            - |\n${line.repeat(Math.ceil(length / line.length))}`
}

/** One Deployment with a value of so many characters on one line. */
export function longLine(length: number): string {
  return `${smallDeployment(0)}          args: ["${'0123456789'.repeat(Math.ceil(length / 10))}"]\n`
}

/** So many Deployments as one JSON list on one line. */
export function oneLineList(count: number): string {
  const items = Array.from({ length: count }, (_, n) => workload(n))
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items })}\n`
}

/** So many Deployments as `kubectl get -o yaml` prints them: one List, with what a cluster adds to each. */
export function liveList(count: number): string {
  const items = Array.from(
    { length: count },
    (_, n) =>
      `- ${liveDeployment(n)
        .trimEnd()
        .replaceAll(/\n(?=.)/g, '\n  ')}\n`,
  )
  return `apiVersion: v1\nitems:\n${items.join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`
}

/** An object of a custom kind with so many braces in each other. */
export function nested(n: number, depth: number): string {
  return `apiVersion: example.com/v1\nkind: Tree\nmetadata: {name: tree-${n}}\nspec: ${'{a: '.repeat(depth)}1${'}'.repeat(depth)}\n`
}
