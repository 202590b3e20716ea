import { unprovenClaims, type Unproven } from '../desired/ownership-proof.ts'
import type { PlanProblem } from '../desired/pod-paths.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import type { Json } from '../json/json.ts'
import { annotationAddress, OLD_RECORD } from '../ownership/record.ts'
import type { InjectOptions } from './options.ts'
import type { WorkloadChange, WorkloadContext } from './workload-context.ts'
import type { TemplateFinder } from './workload-result.ts'

/**
 * Reports claims of the record that must not be acted on: of sidecars that are replaced or removed, and of others whose
 * fields these share.
 */
export function reportUnprovenClaims(
  { options: { force }, report, isRecorded }: WorkloadContext,
  { template, record, renew, draft }: WorkloadChange,
  { find, isOwn }: TemplateFinder,
): void {
  const wanted = (address: FieldPath): Json | undefined => draft.ownedFields.get(formatFieldPath(address))?.value
  const evidence = { template, record, isRecorded, find, isOwn, wanted }
  const touched = new Set([
    ...draft.ownedFields.keys(),
    ...[...record.sidecars].flatMap(([name, { own }]) => (renew.has(name) ? own.map(formatFieldPath) : [])),
  ])
  for (const [name, owned] of record.sidecars) {
    const claims = unprovenClaims(name, owned, evidence)
    const isOld = owned.hash !== undefined
    const problems = renew.has(name)
      ? lossProblems(name, claims, (claim) => isOld && wanted(claim.address) === undefined, force)
      : sharedClaimProblems(claims.filter(({ address }) => touched.has(formatFieldPath(address))))
    for (const problem of problems) report.problem(problem)
  }
}

/** A sidecar that stays keeps fields that it shares with others, so it must have added them as well. */
function sharedClaimProblems(claims: readonly Unproven[]): PlanProblem[] {
  return claims
    .filter(({ why }) => why !== 'modified')
    .map((claim) => claimProblem({ ...claim, why: 'forged' }, undefined))
}

/**
 * The problems of the claims of a sidecar that is replaced or removed.
 * @param isVague true for a modified field that no run would set, in a record of the old form: that has one digest for
 *   everything, so such fields can only be reported together
 */
function lossProblems(
  sidecar: string,
  claims: readonly Unproven[],
  isVague: (claim: Unproven) => boolean,
  force: InjectOptions['force'],
): PlanProblem[] {
  const reported = claims.filter(({ why }) => why !== 'modified' || force !== 'silent')
  const vague = reported.filter((claim) => claim.why === 'modified' && isVague(claim))
  const problems = reported.filter((claim) => !vague.includes(claim)).map((claim) => claimProblem(claim, force))
  if (vague.length === 0) return problems
  return [...problems, claimProblem({ sidecar, address: annotationAddress(OLD_RECORD), why: 'modified' }, force)]
}

/** The problem of a claim that is not proved: an error, or with --force a warning about what is lost. */
function claimProblem({ sidecar, address, why }: Unproven, force: InjectOptions['force']): PlanProblem {
  if (why !== 'modified') {
    const isLost = why === 'foreign' && force === 'yes'
    const ways = `; if the sidecar did add it, name its template with -t${why === 'foreign' ? ', or use --force' : ''}`
    return {
      code: isLost ? 'INJECTED_LOST' : 'RECORD_UNPROVEN',
      message: `the record says that sidecar "${sidecar}" added this, but that sidecar adds no such item${isLost ? '; it is lost' : ''}`,
      hint: `restore the record from version control${ways}`,
      address,
    }
  }
  const isWhole = formatFieldPath(address) === formatFieldPath(annotationAddress(OLD_RECORD))
  const what = isWhole
    ? `something that sidecar "${sidecar}" added was modified`
    : `modified after sidecar "${sidecar}" added it`
  return {
    code: force === undefined ? 'INJECTED_MODIFIED' : 'INJECTED_LOST',
    message: `${what}, and the changes ${force === undefined ? 'would be' : 'are'} lost`,
    hint: 'move the changes elsewhere, or discard them with --force',
    address,
  }
}
