import type { Json } from '../json/json.ts'
import { isEqual } from '../json/equality.ts'
import type { FieldPath } from '../field-path/field-path.ts'
import type { SettingGroup } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import type { PlanProblem } from './pod-paths.ts'

/** A setting that a sidecar requests. */
export interface WantedSetting {
  name: string
  address: FieldPath
  value: Json
}

/**
 * The names of settings to leave out, because the pod already has another setting of their group: the manifest's own
 * host does not go with the port of a sidecar. A group that is there completely, as wanted, is not left out.
 * @param where whose settings these are, for messages, such as `container "app"`
 */
export function keptTogether(
  draft: DesiredPod,
  sidecar: string,
  groups: readonly SettingGroup[],
  list: 'env' | 'annotations',
  wanted: readonly WantedSetting[],
  where: string,
  report: (problem: PlanProblem) => void,
): ReadonlySet<string> {
  const out = new Set<string>()
  for (const group of groups) {
    const members = wanted.filter(({ name }) => group[list].includes(name))
    const there = members.filter(
      ({ address }) => (draft.get(address) ?? null) !== null && !draft.ownersOf(address).has(sidecar),
    )
    const [first] = there
    const isAsWanted =
      there.length === members.length && there.every(({ address, value }) => isEqual(draft.get(address) ?? null, value))
    if (first === undefined || isAsWanted) continue
    for (const { name } of members) out.add(name)
    const has = there.map(({ name }) => name).join(', ')
    const owners = [...new Set(there.flatMap(({ address }) => Array.from(draft.ownersOf(address))))]
    const whose = owners.length > 0 ? `${has} from sidecar "${owners.join('", "')}"` : `its own ${has}`
    report({
      code: 'SETTING_KEPT',
      message: `${where} has ${whose}, so sidecar "${sidecar}" sets none of ${members.map(({ name }) => name).join(', ')}${group.meaning === undefined ? '' : `: ${group.meaning}`}`,
      ...(owners.length === 0 && { hint: `to use the values of the sidecar, remove ${has} from the manifest` }),
      address: first.address,
    })
  }
  return out
}
