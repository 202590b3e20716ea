import { getOrMake } from '../common/maps.ts'
import { emptyObject, isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { splitApiVersion, workloadKind } from '../kube/kinds.ts'
import { findKind, findListKind, type KindVerdict, type ServedVersions } from './served-kinds.ts'
import { templateOf } from '../kube/pod-template.ts'
import type { KubeVersion } from '../kube/version.ts'
import { refOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { podSecurityViolations, type PodSecurityLevel, type PodSecuritySubject } from './pod-security/pod-security.ts'
import { explainLaterValues } from './filled-in-later.ts'
import { validateDefinition } from '../schema/validate-schema.ts'
import type { CustomSchemas } from '../schema/custom-kinds.ts'
import { openSchema, type KubeSchema, type SchemaLoader } from '../schema/kube-schema.ts'
import { kubectlFindings } from '../schema/kubectl-schema.ts'
import type { CelCompiler } from '../cel/environment.ts'
import { validatePodSpec } from './pod/index.ts'
import type { ValidationScope, ValidationContext } from './rule.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { customPodFindings, customPods } from './custom-pods.ts'
import { mergeFindings, severityOf } from './findings.ts'
import { Field } from './objects/field.ts'
import { kindRules } from './objects/kinds.ts'
import { withoutReplacedVolumes } from './replaced-volumes.ts'
import { objectMeta, warnNoHostname } from './objects/metadata/index.ts'
import type { PodRules } from './pod-context.ts'

/** The result of validating one object. */
export interface ObjectValidation {
  /**
   * False if there is no schema for the kind: its group is not Kubernetes' own, and no CustomResourceDefinition defines
   * it.
   */
  readonly known: boolean
  /** Findings of the schema, then those of rules, without repetitions. */
  readonly findings: Finding[]
}

/** Validates objects as the API server of one version of Kubernetes does when they are created. */
export interface ObjectValidator {
  readonly schema: KubeSchema
  /**
   * @param data an object with apiVersion and kind, with null prototypes as readers make it; it is not changed
   * @param custom the kinds that CustomResourceDefinitions define; undefined for none
   */
  check(data: JsonObject, custom?: CustomSchemas): ObjectValidation
  /**
   * What kubectl rejects in an item of a list, besides what `check` finds. It validates a List, or a list of a built-in
   * kind, by the schema alone, as the API server has no operation to validate one.
   * Source: cli-runtime queryParamVerifierV3 HasSupport; kubectl pkg/validation paramVerifyingSchema.
   *
   * @param list the list that has the item
   */
  checkItem(item: JsonObject, list: JsonObject): readonly Finding[]
  /** Whether kubectl knows the kind of a list, which it must to take its items, and what else it rejects in it. */
  checkList(list: JsonObject, custom?: CustomSchemas): ObjectValidation
  /**
   * The findings of severity error, for which the API server rejects the object. Rules that can only warn are not run.
   */
  errors(data: JsonObject): Finding[]
}

export interface ObjectValidatorOptions {
  readonly kubeVersion: KubeVersion
  readonly loadSchema: SchemaLoader
  readonly podSecurity?: PodSecurityLevel | undefined
  /** Compiles the CEL expressions of admission policies, webhooks and device selectors. Default: none is compiled. */
  readonly compileCel?: CelCompiler | undefined
  /** Whether placeholders of Flux and envsubst count as valid values. Default: no. */
  readonly allowPlaceholders?: boolean | undefined
  /** API versions that are off by default and that the cluster serves. Default: none. */
  readonly served?: ServedVersions | undefined
}

/** Makes a validator for any number of objects; it opens the version's schema once. */
export function objectValidator(options: ObjectValidatorOptions): ObjectValidator {
  const schema = openSchema(options.kubeVersion, options.loadSchema)
  const verdicts = new Map<string, KindVerdict>()
  const verdictOf = (apiVersion: string, kind: string): KindVerdict => {
    // Either may contain spaces, so the length keeps different pairs apart.
    const key = `${apiVersion.length} ${apiVersion} ${kind}`
    return getOrMake(verdicts, key, () => findKind(schema, apiVersion, kind, options.served))
  }
  const strictly: CheckOptions = { ...options, custom: undefined, scope: 'errors' }
  let all: CheckOptions = { ...strictly, scope: 'all' }
  return {
    schema,
    check(data, custom) {
      if (all.custom !== custom) all = { ...all, custom }
      return checkObject(data, schema, all, verdictOf)
    },
    checkItem(item, list) {
      const [own, outer] = [refOf(item), refOf(list)]
      if (verdictOf(outer.apiVersion, outer.kind).state !== 'list') return []
      const verdict = verdictOf(own.apiVersion, own.kind)
      return verdict.state === 'served' ? kubectlFindings(schema, verdict.kind.definition, item) : []
    },
    checkList(list, custom) {
      const ref = refOf(list)
      return verdictOf(ref.apiVersion, ref.kind).state === 'list'
        ? { known: true, findings: listFindings(list, schema) }
        : checkListKind(ref, schema, custom, options.served)
    },
    errors: (data) =>
      checkObject(data, schema, strictly, verdictOf).findings.filter((found) => severityOf(found) === 'error'),
  }
}

interface CheckOptions extends ObjectValidatorOptions {
  readonly custom: CustomSchemas | undefined
  readonly scope: ValidationScope
}

/** Validates an object with other values, without tolerance for placeholders. */
type Recheck = (data: JsonObject) => readonly Finding[]

function checkObject(
  data: JsonObject,
  schema: KubeSchema,
  options: CheckOptions,
  verdictOf: (apiVersion: string, kind: string) => KindVerdict,
): ObjectValidation {
  const { apiVersion, kind } = refOf(data)
  const recheck: Recheck | undefined =
    options.allowPlaceholders === true
      ? (other) => checkObject(other, schema, { ...options, allowPlaceholders: false }, verdictOf).findings
      : undefined
  const verdict = verdictOf(apiVersion, kind)
  switch (verdict.state) {
    case 'refused': {
      // A CustomResourceDefinition may sit in a group that looks like Kubernetes' own (`*.k8s.io`).
      const found = customFindings(data, options, recheck)
      return { known: true, findings: found ?? verdict.findings }
    }
    case 'list': {
      const message = `a ${kind} without items is not an object that Kubernetes accepts`
      return { known: true, findings: [{ code: 'LIST_MALFORMED', path: ['kind'], message }] }
    }
    case 'foreign': {
      const found = customFindings(data, options, recheck)
      const pods = [
        ...explainLaterValues(data, customPodFindings(data, schema, options.scope), recheck),
        ...podSecurityFindings(data, options),
      ]
      return { known: found !== undefined, findings: mergeFindings(found ?? [], pods) }
    }
    case 'served': {
      const shape = withoutReplacedVolumes(data, validateDefinition(schema, verdict.kind.definition, data, []))
      const merged = explainLaterValues(
        data,
        mergeFindings(verdict.findings.concat(shape), ruleFindings(data, verdict.kind.namespaced, options)),
        recheck,
      )
      const more = podSecurityFindings(data, options).concat(definitionFindings(data, merged, options))
      return { known: true, findings: merged.concat(more) }
    }
  }
}

/** What kubectl rejects in a list itself: null for its items, and unknown fields of a list of one kind. */
function listFindings(list: JsonObject, schema: KubeSchema): Finding[] {
  const { apiVersion, kind } = refOf(list)
  const definition = schema.kind(apiVersion, kind)?.definition
  const outer = Object.assign(emptyObject(), list, { items: [] })
  const own = definition === undefined ? [] : validateDefinition(schema, definition, outer, [])
  const unknown = own.filter(({ code }) => code === 'FIELD_UNKNOWN')
  if (list['items'] !== null) return unknown
  return [...unknown, { code: 'LIST_MALFORMED', path: ['items'], message: 'items must be a list' }]
}

function checkListKind(
  { apiVersion, kind }: KubeObject['ref'],
  schema: KubeSchema,
  custom: CustomSchemas | undefined,
  served: ServedVersions | undefined,
): ObjectValidation {
  const verdict = findListKind(schema, apiVersion, kind, served)
  if (verdict.state !== 'refused' && verdict.state !== 'foreign') return { known: true, findings: [] }
  const isCustom = [kind, kind.replace(/List$/, '')].some((name) => custom?.find(apiVersion, name) !== undefined)
  if (isCustom) return { known: true, findings: [] }
  return verdict.state === 'refused' ? { known: true, findings: verdict.findings } : { known: false, findings: [] }
}

/**
 * Findings on patterns, defaults and CEL rules of a CustomResourceDefinition; none if it has an error already, as the
 * API server looks no further then.
 */
function definitionFindings(data: JsonObject, found: readonly Finding[], { custom }: CheckOptions): Finding[] {
  if (
    custom === undefined ||
    data['kind'] !== 'CustomResourceDefinition' ||
    found.some((one) => severityOf(one) === 'error')
  )
    return []
  return custom.checkDefinition(data)
}

/** Findings on a custom resource by its CustomResourceDefinition; undefined if none defines its kind. */
function customFindings(data: JsonObject, options: CheckOptions, recheck: Recheck | undefined): Finding[] | undefined {
  const { apiVersion, kind } = refOf(data)
  const custom = options.custom?.find(apiVersion, kind)
  if (custom === undefined) return undefined
  const merged = mergeFindings(custom.check(data), ruleFindings(data, custom.namespaced, options))
  return [...explainLaterValues(data, merged, recheck)]
}

function ruleFindings(
  data: JsonObject,
  isNamespaced: boolean,
  { kubeVersion, compileCel, scope }: CheckOptions,
): Finding[] {
  const { apiVersion, kind } = refOf(data)
  const { group, version } = splitApiVersion(apiVersion)
  const found: Finding[] = []
  const report = (finding: Finding): void => void found.push(finding)
  const ctx = { data, group, version, kind, isNamespaced, kubeVersion, compileCel, report }
  validateObject(ctx, (spec, path, pod) => validatePodSpec(spec, path, pod, report, scope))
  return found
}

/** The pod template of a built-in workload as a subject of Pod Security; undefined for kinds without one. */
function podSecuritySubject(data: JsonObject, kubeVersion: KubeVersion): PodSecuritySubject | undefined {
  const { apiVersion, kind } = refOf(data)
  const path = workloadKind(apiVersion, kind)?.templatePath
  return path === undefined ? undefined : subjectOf(kind, valueAt(data, path), path, kubeVersion)
}

/** One pod template of a workload, built-in or custom, as a subject of Pod Security. */
export function workloadSubject(workload: Workload, kubeVersion: KubeVersion): PodSecuritySubject {
  return subjectOf(workload.ref.kind, templateOf(workload), workload.templatePath, kubeVersion)
}

function subjectOf(
  kind: string,
  template: Json | undefined,
  path: JsonPath,
  kubeVersion: KubeVersion,
): PodSecuritySubject {
  const [spec, metadata] = ['spec', 'metadata'].map((key) => valueAt(template, [key]))
  return {
    kind,
    spec: isObject(spec) ? spec : {},
    specPath: [...path, 'spec'],
    metadata: isObject(metadata) ? metadata : undefined,
    metadataPath: [...path, 'metadata'],
    kubeVersion,
  }
}

function podSecurityFindings(data: JsonObject, { podSecurity, kubeVersion }: ObjectValidatorOptions): Finding[] {
  if (podSecurity === undefined) return []
  const own = podSecuritySubject(data, kubeVersion)
  const subjects = own === undefined ? customPods(data, kubeVersion) : [own]
  return subjects.flatMap((subject) =>
    podSecurityViolations(podSecurity, subject).map(({ message, places }): Finding => {
      const [first = subject.specPath, ...others] = places
      const full = `violates PodSecurity "${podSecurity}:v1.${kubeVersion.minor}": ${message}`
      const finding: Finding = { code: 'POD_SECURITY', path: first, message: full }
      if (others.length > 0) finding.related = others.map((place) => ({ path: place, message: 'here too' }))
      return finding
    }),
  )
}

const NAMES_PODS = new Set(['Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'])

/**
 * Validates one object as the API server does when it is created, on plain data: metadata, the kind's own rules, and
 * the rules of every pod in it. Nothing is validated in a list of objects: its items are validated one by one. Shapes
 * and types are left to the schema; a value of a wrong type is skipped.
 *
 * @param podRules the rules of a pod's spec, called for the Pod or for each pod template; they report by themselves
 */
export function validateObject(ctx: ValidationContext, podRules: PodRules): void {
  if (ctx.kind.endsWith('List') && Array.isArray(ctx.data.items)) return
  objectMeta(ctx)
  const rules = kindRules(ctx.group, ctx.version, ctx.kind)
  if (rules === undefined) return
  rules(Field.root(ctx), podRules)
  if (NAMES_PODS.has(ctx.kind)) warnNoHostname(ctx)
}
