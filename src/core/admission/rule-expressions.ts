import { isObject, itemsOf, type Json } from '../json/json.ts'
import type { LabelSelector } from '../kube/selector.ts'
import type { Rule } from '../selection/policy.ts'
import { allOf, anyOf, celLiteral, celString } from './cel-literal.ts'
import { POD } from './names.ts'
import { globPattern } from './pod-variables.ts'
import type { PolicyVariable } from './policy-variable.ts'

/** The kind and name of the workload that a Pod belongs to. */
const KIND = 'variables.pod_workload_kind'
const NAME = 'variables.pod_workload_name'

/** Kinds of workloads that the owner of a Pod shows, with their groups. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['Pod', ''],
  ['ReplicationController', ''],
  ['Deployment', 'apps'],
  ['ReplicaSet', 'apps'],
  ['StatefulSet', 'apps'],
  ['DaemonSet', 'apps'],
  ['Job', 'batch'],
])

/** The conditions of a rule as a CEL expression, or why a Pod does not show whether they are met. */
export type RuleExpression = { expression: string; notes: readonly string[] } | { problem: string; hint: string }

/** Translates the conditions of a rule to CEL, for a Pod and the workload that created it. */
export function ruleExpression({ match, labels }: Rule): RuleExpression {
  const conditions: string[] = []
  const notes: string[] = []
  for (const [key, value] of Object.entries(match)) {
    if (key === 'paths')
      return { problem: 'the API server cannot see files', hint: 'use namespaces, labels or names instead of paths' }
    if (key === 'kinds') {
      const unknown = texts(value).find((kind) => wantedKind(kind) === undefined)
      if (unknown !== undefined)
        return {
          problem: `a Pod does not show that it belongs to a ${unknown}`,
          hint: `use labels, or kinds among ${[...KINDS.keys()].join(', ')}`,
        }
      if (texts(value).some((kind) => kind.startsWith('Job'))) notes.push('kind Job also holds for Pods of CronJobs')
    }
    if (key === 'labels' || key === 'annotations')
      notes.push(`${key} are those of the Pod, not of the workload that created it`)
    conditions.push(
      key === 'labels' ? labelExpression(labels ?? []) : (EXPRESSIONS[key] as (value: Json) => string)(value),
    )
  }
  return { expression: allOf(conditions), notes }
}

const texts = (value: Json): string[] => itemsOf(value).map(String)

const EXPRESSIONS: Readonly<Record<string, (value: Json) => string>> = {
  kinds: (value) => anyOf(texts(value).map((kind) => wantedKind(kind) as string)),
  namespaces: (value) => globs('request.namespace', texts(value)),
  names: (value) => globs(NAME, texts(value)),
  annotations: (value) =>
    allOf(
      Object.entries(isObject(value) ? value : {}).map(
        ([key, glob]) =>
          `${celString(key)} in ${POD.annotations} && ${POD.annotations}[${celString(key)}].matches(${celString(`(?s)${globPattern(String(glob))}`)})`,
      ),
    ),
}

function wantedKind(wanted: string): string | undefined {
  const [kind = '', ...rest] = wanted.split('.')
  const group = KINDS.get(kind)
  if (group === undefined || (wanted.includes('.') && rest.join('.') !== group)) return undefined
  return wanted.includes('.') ? `${KIND} == ${celString(wanted)}` : `${KIND}.startsWith(${celString(`${kind}.`)})`
}

function isPattern(text: string): boolean {
  return /[*?]/.test(text)
}

/** CEL expression: whether a text is one of some names, or matches one of some patterns. */
function globs(text: string, patterns: readonly string[]): string {
  const names = patterns.filter((one) => !isPattern(one))
  return anyOf([
    ...(names.length === 0 ? [] : [`${text} in ${celLiteral(names)}`]),
    ...patterns.filter(isPattern).map((one) => `${text}.matches(${celString(globPattern(one))})`),
  ])
}

function labelExpression(selector: LabelSelector): string {
  return allOf(
    selector.map((requirement) => {
      const key = celString(requirement.key)
      const value = `${POD.labels}[${key}]`
      const isThere = `${key} in ${POD.labels}`
      switch (requirement.operator) {
        case 'exists':
          return isThere
        case 'absent':
          return `!(${isThere})`
        case 'in':
          return `${isThere} && ${value} in ${celLiteral([...requirement.values])}`
        case 'notin':
          return `!(${isThere} && ${value} in ${celLiteral([...requirement.values])})`
        default:
          return `${isThere} && ${value}.matches('^[+-]?[0-9]{1,18}$') && int(${value}) ${requirement.operator === 'gt' ? '>' : '<'} ${requirement.value}`
      }
    }),
  )
}

/** The variables for the workload that a Pod belongs to, if rules use them. */
export function workloadVariables(rules: readonly PolicyVariable[]): PolicyVariable[] {
  const text = rules.map(({ expression }) => expression).join('\n')
  const usesName = text.includes(NAME)
  if (!usesName && !text.includes(KIND)) return []
  const owner = 'variables.pod_owners[0]'
  const isDeployment = `${owner}.kind == 'ReplicaSet' && ${owner}.apiVersion.startsWith('apps/') && 'pod-template-hash' in ${POD.labels}`
  return [
    {
      name: 'pod_owners',
      expression:
        '// The controller that made the Pod, if there is one.\nobject.metadata.?ownerReferences.orValue([]).filter(o, o.?controller.orValue(false))',
    },
    {
      name: 'pod_workload_kind',
      expression: [
        '// Kind and group of the workload that the Pod belongs to; a ReplicaSet with a hash is that of a Deployment.',
        "size(variables.pod_owners) == 0 ? 'Pod.' :",
        `(${isDeployment} ? 'Deployment.apps' :`,
        ` ${owner}.kind + '.' + (${owner}.apiVersion.contains('/') ? ${owner}.apiVersion.split('/')[0] : ''))`,
      ].join('\n'),
    },
    ...(usesName
      ? [
          {
            name: 'pod_workload_name',
            expression: [
              '// Name of that workload.',
              "size(variables.pod_owners) == 0 ? object.metadata.?name.orValue('') :",
              `(${isDeployment} && ${owner}.name.endsWith('-' + ${POD.labels}['pod-template-hash']) ?`,
              `  ${owner}.name.substring(0, size(${owner}.name) - size(${POD.labels}['pod-template-hash']) - 1) : ${owner}.name)`,
            ].join('\n'),
          },
        ]
      : []),
  ]
}
