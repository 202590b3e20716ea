import { isObject, type JsonPath, type JsonObject } from '../json/json.ts'
import { CUSTOM_WORKLOAD_KINDS, splitApiVersion } from '../kube/kinds.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import type { KubeVersion } from '../kube/version.ts'
import { podTemplates, refOf, valueAt } from '../kube/workload.ts'
import type { PodSecuritySubject } from './pod-security/pod-security.ts'
import { validateDefinition } from '../schema/validate-schema.ts'
import type { KubeSchema } from '../schema/kube-schema.ts'
import { validatePodSpec } from './pod/index.ts'
import type { ValidationScope } from './rule.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { mergeFindings } from './findings.ts'

/**
 * The pod templates in an object of a custom workload kind (a Rollout, a CloneSet, a Knative Service) as subjects of
 * Pod Security; empty for other kinds.
 */
export function customPods(data: JsonObject, kubeVersion: KubeVersion): PodSecuritySubject[] {
  return podTemplates(data, refOf(data), CUSTOM_WORKLOAD_KINDS).map((found) => {
    const template = templateOf({ data, ...found })
    const [spec, metadata] = ['spec', 'metadata'].map((key) => valueAt(template, [key]))
    return {
      kind: refOf(data).kind,
      spec: isObject(spec) ? spec : {},
      specPath: pathInObject(found, ['spec']),
      metadata: isObject(metadata) ? metadata : undefined,
      metadataPath: pathInObject(found, ['metadata']),
      kubeVersion,
    }
  })
}

/** Codes of findings on types. Findings on unknown fields are left out, because the project may define such fields. */
const OF_TYPES: ReadonlySet<string> = new Set(['FIELD_TYPE', 'FIELD_RANGE', 'FIELD_FORMAT'])

/**
 * Findings on the pods that come from such an object: types by the schema of pod specs, and the pod rules. All are
 * warnings, because the API server accepts the object itself and rejects only its pods.
 */
export function customPodFindings(data: JsonObject, schema: KubeSchema, scope: ValidationScope): Finding[] {
  const { group } = splitApiVersion(refOf(data).apiVersion)
  return customPods(data, schema.version).flatMap(({ spec, specPath, kind, metadata, metadataPath }) => {
    const found: Finding[] = []
    validatePodSpec(
      spec,
      specPath,
      { kubeVersion: schema.version, kind, metadata, metadataPath, extraVolumes: [] },
      (finding) => void found.push(finding),
      scope,
    )
    const types = validateDefinition(schema, 'V1PodSpec', spec, specPath).filter(({ code }) => OF_TYPES.has(code))
    const kept = mergeFindings(types, found).filter(({ path }) => !isFilledIn(group, path.slice(specPath.length)))
    for (const finding of kept) finding.severity = 'warning'
    return kept
  })
}

/**
 * Fields that a project fills in before it makes pods.
 * Source: knative.dev/serving pkg/apis/serving/v1 revision_defaults.go; kserve pkg/apis/serving/v1beta1 custom
 * predictors; spark-operator, which has the image beside the template.
 */
const FILLED_IN: Readonly<Record<string, readonly string[]>> = {
  'serving.knative.dev': ['name', 'port'],
  'serving.kserve.io': ['name', 'port'],
  'sparkoperator.k8s.io': ['name', 'image'],
}

function isFilledIn(group: string, path: JsonPath): boolean {
  const fields = Object.hasOwn(FILLED_IN, group) ? (FILLED_IN[group] ?? []) : []
  return (path[0] === 'containers' || path[0] === 'initContainers') && fields.includes(String(path.at(-1)))
}
