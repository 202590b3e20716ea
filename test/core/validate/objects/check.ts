import { isObject, formatJsonPath, type Json, type JsonObject } from '../../../../src/core/json/json.ts'
import { codeInfo } from '../../../../src/core/diagnostics/codes.ts'
import { validateObject } from '../../../../src/core/validate/object-validator.ts'
import type { PodContext, PodRules } from '../../../../src/core/validate/pod-context.ts'
import type { Finding } from '../../../../src/core/diagnostics/finding.ts'

/** All findings on one object of a kind whose objects are in a namespace; pods are not looked into. */
export function findings(object: JsonObject, minor = 36, podRules: PodRules = () => {}): Finding[] {
  const found: Finding[] = []
  const apiVersion = String(object.apiVersion)
  const slash = apiVersion.indexOf('/')
  const group = slash < 0 ? '' : apiVersion.slice(0, slash)
  const version = apiVersion.slice(slash + 1)
  const report = (finding: Finding): void => void found.push(finding)
  validateObject(
    { data: object, group, version, kind: String(object.kind), isNamespaced: true, kubeVersion: { minor }, report },
    podRules,
  )
  return found
}

export function severityOf(finding: Finding): string {
  return finding.severity ?? codeInfo(finding.code).severity
}

/** The errors as `CODE path`, in order. */
export function errors(object: JsonObject, minor = 36): string[] {
  return list(object, minor, 'error')
}

/** The warnings as `CODE path`, in order. */
export function warnings(object: JsonObject, minor = 36): string[] {
  return list(object, minor, 'warning')
}

function list(object: JsonObject, minor: number, severity: string): string[] {
  return findings(object, minor)
    .filter((finding) => severityOf(finding) === severity)
    .map((finding) => `${finding.code} ${formatJsonPath(finding.path)}`)
}

/** A copy with values put at paths such as `spec.ports.0.port`; undefined removes. */
export function changed(object: JsonObject, changes: Record<string, Json | undefined>): JsonObject {
  const copy = structuredClone(object)
  for (const [path, value] of Object.entries(changes)) put(copy, path.split('.'), value)
  return copy
}

function put(target: Json, steps: readonly string[], value: Json | undefined): void {
  const [step = '', ...rest] = steps
  if (Array.isArray(target)) {
    const index = Number(step)
    if (rest.length === 0) target[index] = value ?? null
    else put((target[index] ??= {}), rest, value)
  } else if (isObject(target)) {
    if (rest.length > 0) put((target[step] ??= {}), rest, value)
    else if (value === undefined) delete target[step]
    else target[step] = value
  }
}

/** The surroundings with which the pod rules were called, by path of the spec. */
export function podsOf(object: JsonObject, minor = 36): Map<string, PodContext> {
  const pods = new Map<string, PodContext>()
  findings(object, minor, (_spec, path, pod) => void pods.set(formatJsonPath(path), pod))
  return pods
}

const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } }

/** A valid workload of apps/v1. */
export function workload(kind: string): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: structuredClone(TEMPLATE) },
  }
}

/** A valid Job's spec. */
export function jobSpec(): JsonObject {
  return { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'run', image: 'busybox' }] } } }
}
