import type { InjectOptions } from '../options.ts'
import { formatAddress } from '../plan/address.ts'
import type { PlanProblem } from '../plan/pod.ts'
import type { Unproven } from '../plan/proof.ts'
import { annotationAddress, OLD_RECORD } from '../plan/record.ts'

/** What is said of a claim that is not proved: an error, or with --force a warning of what is lost. */
export function claimProblem({ sidecar, address, why }: Unproven, force: InjectOptions['force']): PlanProblem {
  if (why !== 'modified') {
    const isLost = why === 'foreign' && force === 'yes'
    const ways = `; if it did come with the sidecar, name its template with -t${why === 'foreign' ? ', or use --force' : ''}`
    return {
      code: isLost ? 'INJECTED_LOST' : 'RECORD_UNPROVEN',
      message: `the record says that this came with sidecar "${sidecar}", which adds no such thing${isLost ? '; it is lost' : ''}`,
      hint: `restore the record from version control${ways}`,
      address,
    }
  }
  const isWhole = formatAddress(address) === formatAddress(annotationAddress(OLD_RECORD))
  const what = isWhole ? `something that sidecar "${sidecar}" added was modified since` : `modified after sidecar "${sidecar}" added it`
  return {
    code: force === undefined ? 'INJECTED_MODIFIED' : 'INJECTED_LOST',
    message: `${what}, and the changes ${force === undefined ? 'would be' : 'are'} lost`,
    hint: 'move the changes elsewhere, or discard them with --force',
    address,
  }
}
