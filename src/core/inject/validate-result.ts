import { atObject } from '../kube/object-place.ts'
import { asDiagnostic, newFindings } from '../validate/findings.ts'
import { workloadSubject, type ObjectValidator } from '../validate/object-validator.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, formatJsonPath, isObject, type JsonPath, type JsonObject } from '../json/json.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { windowsNodesPath } from '../kube/node-system.ts'
import type { KubeVersion } from '../kube/version.ts'
import { refOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { podSecurityLowered, podSecurityViolations } from '../validate/pod-security/pod-security.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { invalidResult, type RequestersOf } from './result-invalid.ts'

/**
 * Validates the result for a workload. Errors that injection causes are always reported; errors that the input had
 * already are reported at their location, unless `tolerant`.
 */
export function validateWorkload(
  checker: ObjectValidator,
  before: KubeObject,
  after: KubeObject,
  tolerant: boolean,
  requestersOf: RequestersOf,
): Diagnostic[] {
  const forWindows = windowsFindings(checker, before, after)
  const found = checker.errors(after.data)
  if (found.length === 0) return invalidResult(forWindows, before, after.data, requestersOf)
  const known = before === after ? found : checker.errors(before.data)
  const caused = newFindings({ data: before.data, findings: known }, { data: after.data, findings: found })
  const old = tolerant ? [] : known.map((finding) => asDiagnostic(finding, before))
  return [...old, ...invalidResult([...caused, ...forWindows], before, after.data, requestersOf)]
}

/**
 * Fields that injection added to pods for Windows and that Windows does not support, where spec.os is not set. The API
 * server checks spec.os alone; the kubelet of a Windows node fails on the same fields.
 */
function windowsFindings(checker: ObjectValidator, before: KubeObject, after: KubeObject): Finding[] {
  if (before === after || !('templatePath' in before)) return []
  const spec = pathInObject(before as Workload, ['spec'])
  const place = windowsNodesPath(valueAt(after.data, spec))
  if (place === undefined || valueAt(after.data, [...spec, 'os']) !== undefined) return []
  const [was, is] = [withSystem(before.data, spec), withSystem(after.data, spec)]
  const findings = newFindings({ data: was, findings: checker.errors(was) }, { data: is, findings: checker.errors(is) })
  return findings.filter(({ code }) => code === 'POD_OS_CONFLICT')
}

/** A copy of an object whose pods are for Windows. */
function withSystem(data: JsonObject, [step, ...rest]: JsonPath): JsonObject {
  const copy = Object.assign(emptyObject(), data)
  if (step === undefined) copy['os'] = Object.assign(emptyObject(), { name: 'windows' })
  else if (isObject(data[step])) copy[step] = withSystem(data[step], rest)
  return copy
}

/**
 * Reports a workload whose pods no longer satisfy the same level of the Pod Security Standards: a namespace that
 * enforces the level would reject them.
 */
export function validatePodSecurity(
  before: Workload,
  after: Workload,
  kubeVersion: KubeVersion,
  command: 'inject' | 'uninject',
): Diagnostic[] {
  if (before.data === after.data) return []
  const is = workloadSubject(after, kubeVersion)
  const lowered = podSecurityLowered(workloadSubject(before, kubeVersion), is)
  if (lowered === undefined) return []
  const { from, to } = lowered
  const reasons = podSecurityViolations(from, is).map(({ message }) => message)
  const who = command === 'inject' ? 'the sidecars' : 'removing the sidecars'
  return [
    diagnostic(
      'POD_SECURITY_LOWERED',
      `${who} would lower its Pod Security level from ${from} to ${to}: ${reasons.join(', ')}`,
      {
        ...atObject(before),
        hint: `${command === 'inject' ? 'omit that sidecar' : 'make the rest meet that level'}, or allow it with --allow-lower-pod-security`,
      },
    ),
  ]
}

/** Validates the extra objects of a workload's sidecars. */
export function validateExtraObjects(
  checker: ObjectValidator,
  workload: Workload,
  objects: readonly JsonObject[],
): Diagnostic[] {
  return objects.flatMap((object) =>
    checker.errors(object).map((finding) => {
      const { kind, name } = refOf(object)
      const message = `with the sidecars, Kubernetes would reject ${kind} ${name}: ${formatJsonPath(finding.path)}: ${finding.message}`
      return diagnostic('RESULT_INVALID', message, { ...atObject(workload), hint: finding.hint })
    }),
  )
}
