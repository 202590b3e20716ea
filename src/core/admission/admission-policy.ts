import type { JsonObject } from '../json/json.ts'
import { graceVariable, matchConditions, podVariables } from './pod-variables.ts'
import type { PolicyVariable } from './policy-variable.ts'
import type { SidecarParts } from './sidecar-parts.ts'
import { sidecarVariables } from './sidecar-variables.ts'

/** A sidecar and the CEL expression that selects the Pods that get it. */
export interface SelectedSidecar {
  parts: SidecarParts
  selected: string
}

/** The contents of a policy, for any engine. */
export interface AdmissionPlan {
  /** Name of the policy. */
  name: string
  sidecars: readonly SelectedSidecar[]
  /** The variables for the conditions of rules in the policy file. */
  rules: readonly PolicyVariable[]
  /** Names and patterns of namespaces that are excluded. */
  excludedNamespaces: readonly string[]
  failurePolicy: 'Fail' | 'Ignore'
  /** The label selector of the namespaces to which it applies. */
  namespaceSelector: JsonObject
}

/** The creation of Pods. */
const RESOURCE_RULES = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }]

/**
 * A MutatingAdmissionPolicy and its binding.
 * Source: k8s.io/api admissionregistration/v1 MutatingAdmissionPolicy, of Kubernetes 1.36.
 * @param version `v1` or `v1beta1`
 */
export function mutatingAdmissionPolicy(plan: AdmissionPlan, version: string): JsonObject[] {
  const apiVersion = `admissionregistration.k8s.io/${version}`
  return [
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: plan.name },
      spec: {
        failurePolicy: plan.failurePolicy,
        reinvocationPolicy: 'IfNeeded',
        matchConstraints: { resourceRules: RESOURCE_RULES },
        ...body(plan),
      },
    },
    {
      apiVersion,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: plan.name },
      spec: { policyName: plan.name, matchResources: { namespaceSelector: plan.namespaceSelector } },
    },
  ]
}

/**
 * A MutatingPolicy of Kyverno, which needs no binding.
 * Source: github.com/kyverno/api api/policies.kyverno.io/v1, of Kyverno 1.17 and later.
 */
export function kyvernoPolicy(plan: AdmissionPlan): JsonObject[] {
  return [
    {
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'MutatingPolicy',
      metadata: { name: plan.name },
      spec: {
        failurePolicy: plan.failurePolicy,
        reinvocationPolicy: 'IfNeeded',
        // Workloads that create Pods keep what is in Git, and existing Pods are not changed.
        autogen: { podControllers: { controllers: [] } },
        evaluation: { admission: { enabled: true }, mutateExisting: { enabled: false } },
        matchConstraints: { namespaceSelector: plan.namespaceSelector, resourceRules: RESOURCE_RULES },
        ...withPodsOnly(body(plan)),
      },
    },
  ]
}

/** Restricts a policy to Pods, even if Kyverno derives policies for other workloads from it. */
function withPodsOnly({ matchConditions: conditions = [], ...rest }: JsonObject): JsonObject {
  const isPod = { name: 'object-is-a-pod', expression: "object.kind == 'Pod'" }
  return { matchConditions: [isPod, ...(conditions as JsonObject[])], ...rest }
}

/** The CEL expressions, which are the same for both engines. Each mutation adds one sidecar, whole or not at all. */
function body({ sidecars, rules, excludedNamespaces }: AdmissionPlan): JsonObject {
  const made = sidecars.map(({ parts, selected }) => ({ parts, ...sidecarVariables(parts, selected) }))
  const variables = [
    ...podVariables(),
    ...rules,
    ...made.flatMap(({ decide }) => decide),
    ...graceVariable(made),
    ...made.flatMap(({ add }) => add),
  ]
  return {
    matchConditions: matchConditions(excludedNamespaces),
    variables: variables.map(({ name, expression }) => ({ name, expression })),
    mutations: made.map(({ parts, patch }) => ({
      patchType: 'JSONPatch',
      jsonPatch: {
        expression: `// Adds the sidecar ${parts.sidecar.name}.\n${patch}.map(change, JSONPatch{op: "add", path: change.path, value: change.value})`,
      },
    })),
  }
}
