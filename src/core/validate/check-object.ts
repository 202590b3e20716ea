import { CODES } from '../codes.ts'
import { diagnostic, type Diagnostic, type ResourceRef } from '../diagnostic.ts'
import { formatPath, type JsonObject } from '../json.ts'
import { splitApiVersion } from '../kube/kinds.ts'
import { findKind } from '../kube/served.ts'
import { checkSchema } from '../schema/check.ts'
import type { KubeSchema } from '../schema/schema.ts'
import type { SourceText } from '../text/source.ts'
import { locate } from '../yaml/data.ts'
import type { YamlNode } from '../yaml/node.ts'
import { validateObject } from './index.ts'
import { validatePodSpec } from './pod/index.ts'
import type { Finding } from './rule.ts'

/** What was found out about one object. */
export interface ObjectCheck {
  /** `custom`: a kind of a group that is not Kubernetes' own, which has no schema here. */
  state: 'checked' | 'custom'
  findings: Finding[]
}

/**
 * Checks one object as the API server does when it is applied with strict field validation: whether its kind is
 * served, its shape, and the rules of its kind. Lists are taken apart before.
 */
export function checkObject(schema: KubeSchema, data: JsonObject): ObjectCheck {
  const apiVersion = typeof data['apiVersion'] === 'string' ? data['apiVersion'] : ''
  const kind = typeof data['kind'] === 'string' ? data['kind'] : ''
  const verdict = findKind(schema, apiVersion, kind)
  if (verdict.state === 'refused') return { state: 'checked', findings: verdict.findings }
  const subject = { ...splitApiVersion(apiVersion), kind, data }
  const findings: Finding[] = verdict.state === 'served' ? [...verdict.findings] : []
  findings.push(...checkSchema(schema, subject))
  const ruled: Finding[] = []
  const report = (finding: Finding): void => {
    ruled.push(finding)
  }
  validateObject({ ...subject, kubeVersion: schema.version, report }, (spec, path, pod) => {
    validatePodSpec(spec, path, pod, report)
  })
  const ruledPaths = new Set(ruled.filter((f) => severityOf(f) === 'error').map((f) => formatPath(f.path)))
  // A rule says more about a missing field than the schema, so its finding stays.
  const own = findings.filter((f) => f.code !== 'FIELD_REQUIRED' || !ruledPaths.has(formatPath(f.path)))
  return { state: verdict.state === 'foreign' ? 'custom' : 'checked', findings: once([...own, ...ruled]) }
}

/** The severity of a finding: its own, or its code's. */
export function severityOf(finding: Finding): Diagnostic['severity'] {
  return finding.severity ?? CODES[finding.code].severity
}

function once(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((f) => [`${f.code} ${formatPath(f.path)} ${f.message}`, f]))
  return [...seen.values()]
}

/** Where an object stands: what a finding needs to become a diagnostic. */
export interface ObjectPlace {
  source: SourceText
  document: number
  node: YamlNode
  resource: ResourceRef
}

/** A finding as a diagnostic, with its field named as the API server names it and its place in the text. */
export function findingDiagnostic(finding: Finding, { source, document, node, resource }: ObjectPlace): Diagnostic {
  const { code, path, message, hint, related } = finding
  const rangeOf = (where: Finding['path'], on?: Finding['on']): Diagnostic['at'] => ({ source, range: locate(node, where, on) })
  return diagnostic(code, `${formatPath(path)}: ${message}`, {
    severity: severityOf(finding),
    at: rangeOf(finding.at ?? path, finding.on) as NonNullable<Diagnostic['at']>,
    document,
    resource,
    path,
    ...(hint !== undefined && { hint }),
    ...(related !== undefined && {
      related: related.map((r) => ({ message: r.message, at: { source, range: locate(node, r.path) } })),
    }),
  })
}
