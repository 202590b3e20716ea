import { diagnostic, type Diagnostic } from '../diagnostic.ts'
import { formatPath } from '../json.ts'
import type { Workload } from '../kube/workload.ts'
import type { KubeSchema } from '../schema/schema.ts'
import { checkObject, findingDiagnostic, severityOf } from '../validate/check-object.ts'
import type { Finding } from '../validate/rule.ts'

/**
 * Checks what injection made of a workload. What the input had wrong already is reported at its place, unless
 * `tolerant`; what injection brought in is always reported.
 */
export function checkWorkload(schema: KubeSchema, before: Workload, after: Workload, tolerant: boolean): Diagnostic[] {
  const found = errorsOf(schema, after)
  if (found.length === 0) return []
  const known = before === after ? found : errorsOf(schema, before)
  const { doc, node, ref } = before
  const place = { source: doc.source, document: doc.index, node, resource: ref }
  const out = tolerant ? [] : known.map((finding) => findingDiagnostic(finding, place))
  const names = new Map<string, number>()
  for (const finding of known) names.set(identity(finding), (names.get(identity(finding)) ?? 0) + 1)
  for (const finding of found) {
    const left = names.get(identity(finding)) ?? 0
    names.set(identity(finding), left - 1)
    if (left > 0) continue
    out.push(diagnostic('RESULT_INVALID', `with the sidecars, Kubernetes would refuse it: ${formatPath(finding.path)}: ${finding.message}`, {
      at: { source: doc.source, range: { start: node.outerStart, end: node.outerStart + 1 } },
      document: doc.index,
      resource: ref,
      path: finding.path,
      ...(finding.hint !== undefined && { hint: finding.hint }),
    }))
  }
  return out
}

function errorsOf(schema: KubeSchema, workload: Workload): Finding[] {
  return checkObject(schema, workload.data).findings.filter((finding) => severityOf(finding) === 'error')
}

/** A finding without the positions in lists, which injection shifts. */
function identity(finding: Finding): string {
  return `${finding.code} ${finding.path.filter((step) => typeof step === 'string').join('.')} ${finding.message}`
}
