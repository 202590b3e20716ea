import { qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

const CODE = 'CLUSTER_FIELD'
/** Strategies of coordinated leader election (KEP-4355); a strategy of another project has a name with a domain. */
const STRATEGIES = ['OldestEmulationVersion']

/** Source: coordination validation ValidateLeaseSpec. */
export function lease(object: Field): void {
  const spec = object.get('spec')
  const duration = spec.get('leaseDurationSeconds')
  if (duration.number !== undefined && duration.number <= 0) duration.invalid(CODE, 'must be greater than 0')
  spec.get('leaseTransitions').nonNegative('NUMBER_NEGATIVE')
}

/** Source: coordination validation ValidateLeaseCandidateSpec. */
export function leaseCandidate(object: Field): void {
  const spec = object.get('spec')
  spec.get('leaseName').nonEmpty()
  const binary = semver(spec.get('binaryVersion'))
  const emulated = semver(spec.get('emulationVersion'))
  spec.get('binaryVersion').nonEmpty()
  if (binary !== undefined && emulated !== undefined && compare(binary, emulated) < 0) {
    spec.get('binaryVersion').invalid(CODE, 'must be greater than or equal to `emulationVersion`')
  }
  const strategy = spec.get('strategy')
  if (strategy.empty) strategy.required('FIELD_REQUIRED')
  else if (strategy.text?.includes('/') === true) strategy.format(CODE, qualifiedName)
  else strategy.oneOf(CODE, STRATEGIES)
  if (strategy.text === STRATEGIES[0] && spec.get('emulationVersion').empty) {
    spec
      .get('emulationVersion')
      .required('FIELD_REQUIRED', "must be specified when `strategy` is 'OldestEmulationVersion'")
  }
}

/** Major, minor and patch of a semantic version; reports any other text. */
function semver(field: Field): readonly number[] | undefined {
  if (field.text === undefined || field.text === '') return undefined
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/.exec(field.text)
  if (match === null) field.invalid(CODE, 'must be a valid semantic version')
  return match?.slice(1, 4).map(Number)
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((part, i) => part !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}
