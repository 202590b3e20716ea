import { append } from '../common/append.ts'
import { hasErrors, type Diagnostic, diagnostic } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from '../inject/options.ts'
import { isObject, itemsOf, type Json, type JsonObject } from '../json/json.ts'
import type { LabelSelector } from '../kube/selector.ts'
import { EXCLUDED_NAMESPACES } from '../selection/read-policy.ts'
import { yamlText } from '../template/yaml-text.ts'
import { kyvernoPolicy, mutatingAdmissionPolicy, type AdmissionPlan, type SelectedSidecar } from './admission-policy.ts'
import { planExport } from './plan-export.ts'
import { sampleProblems } from './sample.ts'
import { verdictsOf } from './verdicts.ts'

/** The engines for which policies can be exported. */
export type ExportTarget = 'mutating-admission-policy' | 'kyverno'

/** The settings of an export, in addition to its sidecars. */
export interface AdmissionSettings {
  name: string
  namespaces: LabelSelector
  failurePolicy: 'Fail' | 'Ignore'
  version: 'v1' | 'v1beta1'
}

/** A policy as the text of a file, or the errors that prevent it. */
export interface AdmissionExport {
  /** Empty if there are errors. */
  text: string
  diagnostics: readonly Diagnostic[]
  /** Differences between what Pods get and what `inject` does, in sentences. */
  notes: readonly string[]
}

/** Exports the policy for an engine, with comments on what it does. */
export async function admissionExport(
  target: ExportTarget,
  options: InjectOptions,
  { name, namespaces, failurePolicy, version }: AdmissionSettings,
): Promise<AdmissionExport> {
  const { sidecars, rules, diagnostics: planned, notes } = await planExport(options)
  const diagnostics: Diagnostic[] = [...planned]
  const sample = hasErrors(diagnostics) ? undefined : await sampleProblems(sidecars, options)
  append(diagnostics, sample?.diagnostics ?? [])
  if (hasErrors(diagnostics)) return { text: '', diagnostics, notes }
  const plan: AdmissionPlan = {
    name,
    sidecars,
    rules,
    excludedNamespaces: options.policy?.excludedNamespaces ?? EXCLUDED_NAMESPACES,
    failurePolicy,
    namespaceSelector: selectorObject(namespaces),
  }
  const objects = target === 'kyverno' ? kyvernoPolicy(plan) : mutatingAdmissionPolicy(plan, version)
  append(diagnostics, sizeProblems(objects[0] as JsonObject))
  if (hasErrors(diagnostics)) return { text: '', diagnostics, notes }
  const all = [
    ...sidecars.flatMap(({ parts }) => verdictsOf(parts)),
    ...notesOf(sidecars),
    ...notes,
    ...(sample?.notes ?? []),
  ]
  return { text: `${header(sidecars, options, all)}${objects.map(yamlText).join('---\n')}`, diagnostics, notes: all }
}

function header(
  sidecars: readonly SelectedSidecar[],
  { kubeVersion }: InjectOptions,
  notes: readonly string[],
): string {
  const list = sidecars.map(({ parts: { sidecar, mode } }) => `${sidecar.name} ${sidecar.version} (${mode})`).join(', ')
  const lines = [
    `Made by sidecarctl export for Kubernetes 1.${kubeVersion.minor}; edit the templates and the policy file, not this file.`,
    `Pods get what sidecarctl inject gives them: ${list}.`,
    'A Pod that has a sidecar already, from Git or from this policy, does not get it again. Compared with inject:',
    ...notes.map((note) => `- ${note}`),
  ]
  return lines.map((line) => `# ${line.replaceAll(/[^ -~]/g, '?')}\n`).join('')
}

/** The differences that apply to every export, and to these sidecars. */
function notesOf(sidecars: readonly SelectedSidecar[]): string[] {
  const hasContainers = sidecars.some(({ parts }) => parts.containers.length > 0)
  return [
    'approximate: where inject reports an error (a name or port that is taken, two volumes at a shared folder), the Pod is left alone.',
    'approximate: a Pod or namespace with parameters of its own for a sidecar (sidecarctl.dev/NAME.PARAMETER) does not get it.',
    ...(hasContainers
      ? ['approximate: a container of the name of a sidecar overrides nothing; the Pod is left alone.']
      : []),
    'approximate: a Pod that asks for sidecars by name gets them in the order of the policy.',
    'approximate: Pods of Deployments and other workloads are seen as Pods, so that workload.kind is Pod.',
    `limits: an expression holds at most ${MOST_CODE_POINTS} characters, and all that a sidecar evaluates costs at most 10,000,000 units.`,
  ]
}

/** A label selector in the form of Kubernetes objects. */
function selectorObject(selector: LabelSelector): JsonObject {
  const operators = { in: 'In', notin: 'NotIn', exists: 'Exists', absent: 'DoesNotExist' } as const
  if (selector.every((one) => one.operator === 'in' && one.values.length === 1))
    return {
      matchLabels: Object.fromEntries(selector.map((one) => [one.key, 'values' in one ? (one.values[0] as Json) : ''])),
    }
  return {
    matchExpressions: selector.flatMap((one): JsonObject[] =>
      one.operator === 'gt' || one.operator === 'lt'
        ? []
        : [{ key: one.key, operator: operators[one.operator], ...('values' in one && { values: [...one.values] }) }],
    ),
  }
}

/** The most characters of an expression. Source: cel-go parser/options.go, expressionSizeCodePointLimit. */
const MOST_CODE_POINTS = 100_000

/** The most bytes of an object in etcd by default (`--max-request-bytes`), less some for what the API server adds. */
const MOST_BYTES = 1_500_000

/** Errors for what is longer in a policy than the API server accepts. */
function sizeProblems(policy: JsonObject): Diagnostic[] {
  const hint = 'export fewer sidecars at a time, each with a --name of its own'
  const spec = isObject(policy['spec']) ? policy['spec'] : {}
  const variables: Json[] = itemsOf(spec['variables'])
  const long = variables.filter(isObject).flatMap(({ name, expression }) => {
    const length = typeof expression === 'string' ? [...expression].length : 0
    return length <= MOST_CODE_POINTS
      ? []
      : [
          diagnostic(
            'EXPORT_IMPOSSIBLE',
            `the expression of ${String(name)} has ${length} characters, and ${MOST_CODE_POINTS} are allowed`,
            { hint },
          ),
        ]
  })
  const bytes = JSON.stringify(policy).length
  return bytes <= MOST_BYTES
    ? long
    : [
        ...long,
        diagnostic('EXPORT_IMPOSSIBLE', `the policy has ${bytes} bytes, and the API server stores ${MOST_BYTES}`, {
          hint,
        }),
      ]
}
