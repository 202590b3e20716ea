import type { Diagnostic, SourceLocation } from '../diagnostics/diagnostic.ts'
import { isObject, itemsOf, type Json } from '../json/json.ts'
import { LATEST, type KubeVersion } from '../kube/version.ts'
import { LIMITS } from '../common/limits.ts'
import { neededParameters } from '../template/needed-parameters.ts'
import { templateProblem } from '../template/parse-template.ts'
import type { ParameterSpec, Template } from '../template/template.ts'
import { readVersionRange } from '../template/version-range.ts'
import { SourceText } from '../text/source.ts'
import type { InjectOptions } from './options.ts'
import { inject } from './run.ts'

const MODES = ['native', 'classic'] as const
/** Kinds that never end with a classic sidecar, which no template can prevent. */
const JOBS: ReadonlySet<string> = new Set(['Job', 'CronJob'])
const EXAMPLE = 'example.yaml'

type Values = ReadonlyMap<string, Json>

/**
 * Injects a template into an example workload in each of its modes: with its defaults, and with each value that a
 * parameter can have. Parameters that need a value get their example.
 * @param options templates, schemas and built-in templates, as for `inject`
 * @returns each error once, at its place in the template, with the first values that cause it
 */
export async function tryTemplate(
  template: Template,
  options: Pick<InjectOptions, 'templates' | 'builtins' | 'loadSchema'>,
): Promise<Diagnostic[]> {
  const { combinations, problems } = combinationsOf(template)
  if (problems.length > 0) return problems
  const found = new Map<string, Diagnostic>()
  const kind = exampleKind(template)
  const workload = new SourceText(EXAMPLE, (WORKLOADS[kind] as string).replace('KIND', kind))
  const modes = MODES.filter((mode) => [mode, 'auto'].includes(template.mode) && (mode === 'native' || !JOBS.has(kind)))
  const kubeVersion = versionFor(template)
  for (const values of combinations) {
    for (const mode of modes) {
      const { diagnostics } = await inject([workload], {
        ...options,
        sidecars: [template.name],
        parameters: [...values].map(([name, value]) => ({ template: template.name, name, value, data: true })),
        modes: new Map([[template.name, mode]]),
        kubeVersion,
        validate: true,
        allowLowerPodSecurity: true,
        costs: false,
      })
      for (const one of diagnostics) {
        if (one.severity !== 'error') continue
        const placed = inTemplate(one, template, [...values], mode)
        const key = `${placed.code} ${placed.at?.range.start ?? ''} ${String(one.path?.at(-1))}`
        if (!found.has(key)) found.set(key, placed)
      }
    }
  }
  return [...found.values()]
}

/**
 * The values to try: the defaults, then each possible value of each parameter; and problems of parameters that need an
 * example but have none.
 */
function combinationsOf(template: Template): { combinations: Values[]; problems: Diagnostic[] } {
  const problems = new Map<string, Diagnostic>()
  const all = [...template.parameters.values()]
  const changes: (readonly [string, Json])[][] = [
    [],
    ...all.flatMap((spec) => wordsOf(spec).map((word): [string, Json][] => [[spec.name, word]])),
  ]
  const most = LIMITS.triedValues.value
  if (changes.length > most) {
    const message = `the parameters have more than ${most} values to try the template with`
    return { combinations: [], problems: [templateProblem(template.place, ['spec', 'parameters'], message)] }
  }
  const combinations = changes.map((change) => {
    const needed = neededParameters(template, new Map(change))
    for (const { name, example } of needed) {
      if (example !== undefined) continue
      const message = `parameter "${name}" requires a value, but has no example to try the template with`
      const path = ['spec', 'parameters', name]
      problems.set(name, templateProblem(template.place, path, message, 'give it an example'))
    }
    return new Map([...change, ...needed.map(({ name, example }): [string, Json] => [name, example ?? null])])
  })
  return { combinations, problems: [...problems.values()] }
}

function wordsOf({ type, enum: words, default: given }: ParameterSpec): readonly Json[] {
  const values = words ?? (type === 'boolean' ? [true, false] : [])
  return values.filter((value) => value !== given)
}

function isNotExample(place: SourceLocation | undefined): place is SourceLocation {
  return place !== undefined && place.source.label !== EXAMPLE
}

/** A problem at its place in the template, with the values that cause it. */
function inTemplate(one: Diagnostic, template: Template, values: readonly [string, Json][], mode: string): Diagnostic {
  const { resource: _, related, document: __, at, ...rest } = one
  const place = [at, ...(related ?? []).map((other) => other.at)].find(isNotExample) ?? template.place(['spec'])
  const shown = values.map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return { ...rest, message: `${rest.message} (${[...shown, `${mode} mode`].join(', ')})`, at: place }
}

/** The latest version of Kubernetes that the template supports. */
function versionFor({ spec }: Template): KubeVersion {
  const requires = isObject(spec['requires']) ? spec['requires']['kubernetes'] : undefined
  const range = typeof requires === 'string' ? readVersionRange(requires) : undefined
  return { minor: Math.min(LATEST.minor, range?.maxMinor ?? Infinity) }
}

const POD = `spec:
      containers:
        - name: web
          image: example.com/web:1.0
          ports: [{name: http, containerPort: 31999}]
`
const SELECTED = `apiVersion: apps/v1
kind: KIND
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    ${POD}`
const JOB = `template:
    ${POD.replace('containers:', 'restartPolicy: Never\n      containers:')}`

/** Example workloads by kind, since a template may support some kinds only. */
const WORKLOADS: Readonly<Record<string, string>> = {
  Deployment: SELECTED,
  StatefulSet: SELECTED.replace('spec:\n  sel', 'spec:\n  serviceName: web\n  sel'),
  DaemonSet: SELECTED,
  ReplicaSet: SELECTED,
  Pod: `apiVersion: v1\nkind: KIND\nmetadata: {name: web, namespace: shop}\n${POD.replaceAll(/^ {4}/gm, '')}`,
  Job: `apiVersion: batch/v1\nkind: KIND\nmetadata: {name: web, namespace: shop}\nspec:\n  ${JOB}`,
  CronJob:
    'apiVersion: batch/v1\nkind: KIND\nmetadata: {name: web, namespace: shop}\nspec:\n  schedule: "5 4 * * *"\n  jobTemplate:\n' +
    `    spec:\n      ${JOB.replaceAll(/\n(?=.)/g, '\n    ')}`,
}

/** A kind of workload that the template supports. */
function exampleKind({ spec }: Template): string {
  const requires = isObject(spec['requires']) ? spec['requires']['kinds'] : undefined
  const kinds = itemsOf(requires)
  return (
    kinds.find((name): name is string => typeof name === 'string' && Object.hasOwn(WORKLOADS, name)) ?? 'Deployment'
  )
}
