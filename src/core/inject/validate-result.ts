import { asDiagnostic, newFindings } from '../validate/findings.ts'
import { workloadSubject, type ObjectValidator } from '../validate/object-validator.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatJsonPath, type JsonPath, type JsonObject } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'
import { refOf, type KubeObject, type Workload } from '../kube/workload.ts'
import { podSecurityLowered, podSecurityViolations } from '../validate/pod-security/pod-security.ts'
import type { Finding } from '../diagnostics/finding.ts'
import type { Requester } from './requested-by.ts'

/**
 * Checks what injection made of a workload. What the input had wrong already is reported at its place, unless
 * `tolerant`; what injection brought in is always reported.
 */
export function validateWorkload(
  checker: ObjectValidator,
  before: KubeObject,
  after: KubeObject,
  tolerant: boolean,
  askerOf: (path: JsonPath) => Requester | undefined,
): Diagnostic[] {
  const found = checker.errors(after.data)
  if (found.length === 0) return []
  const known = before === after ? found : checker.errors(before.data)
  const caused = newFindings({ data: before.data, findings: known }, { data: after.data, findings: found })
  const old = tolerant ? [] : known.map((finding) => asDiagnostic(finding, before))
  return [...old, ...caused.map((finding) => causedBy(finding, before, askerOf(finding.path)))]
}

/**
 * The level of the Pod Security Standards that a workload's pods satisfy must not sink: a namespace that enforces it
 * would refuse them.
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
  const { doc, node, ref } = before
  const who = command === 'inject' ? 'the sidecars' : 'removing the sidecars'
  return [
    diagnostic(
      'POD_SECURITY_LOWERED',
      `${who} would lower its Pod Security level from ${from} to ${to}: ${reasons.join(', ')}`,
      {
        at: { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } },
        document: doc.index,
        resource: ref,
        hint: `${command === 'inject' ? 'omit that sidecar' : 'make the rest meet that level'}, or allow it with --allow-lower-pod-security`,
      },
    ),
  ]
}

/** Checks the further objects that come with a workload's sidecars. */
export function validateExtraObjects(
  checker: ObjectValidator,
  workload: Workload,
  objects: readonly JsonObject[],
): Diagnostic[] {
  return objects.flatMap((object) =>
    checker.errors(object).map((finding) => {
      const { kind, name } = refOf(object)
      return causedBy({ ...finding, message: `${finding.message} (in ${kind} ${name})` }, workload)
    }),
  )
}

/** A finding on the result has no place in the input but that of its object; the template may have one. */
function causedBy({ path, message, hint }: Finding, { doc, node, ref }: KubeObject, asker?: Requester): Diagnostic {
  return diagnostic(
    'RESULT_INVALID',
    `with the sidecars, Kubernetes would reject it: ${formatJsonPath(path)}: ${message}`,
    {
      at: { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } },
      document: doc.index,
      resource: ref,
      path,
      ...(hint !== undefined && { hint }),
      ...(asker !== undefined && { related: [{ message: `requested by sidecar "${asker.name}" here`, at: asker.at }] }),
    },
  )
}
