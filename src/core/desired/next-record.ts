import { addTo } from '../common/maps.ts'
import { fieldAt, formatFieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import type { JsonObject } from '../json/json.ts'
import { refOf } from '../kube/workload.ts'
import {
  digestOf,
  digestsIn,
  emptyRecord,
  fieldDigest,
  type OwnedSidecar,
  type OwnershipRecord,
} from '../ownership/record.ts'
import { aliasName } from '../ownership/record-text.ts'
import { isAsRecorded } from '../ownership/recorded-value.ts'
import type { DesiredPod, OwnedField } from './desired-pod.ts'
import { isIntact } from './ownership-proof.ts'
import type { ReconcileInput } from './reconcile-input.ts'
import { extraObjectId } from './sidecar-objects.ts'
import { earlierUses } from './volume-use.ts'

/** The record after this run: the recorded sidecars that stay, in their order, then the new ones. */
export function nextRecord({ template, record, draft, versions, renew, objects }: ReconcileInput): OwnershipRecord {
  const next = emptyRecord()
  const wantsOf = wantsByOwner(draft)
  const add = (name: string): void => {
    const version = versions.get(name)
    if (version === undefined) return
    const wants = wantsOf.get(name) ?? []
    const ids = new Map((objects.get(name) ?? []).map((object) => [extraObjectId(refOf(object)), digestOf(object)]))
    const own = wants.map((w) => w.address)
    const digests = new Map(wants.map(({ address, value }) => [formatFieldPath(address), fieldDigest(address, value)]))
    const start = draft.starts.get(name)
    next.sidecars.set(name, {
      version,
      own,
      digests,
      ...(ids.size > 0 && { objects: ids }),
      ...(start !== undefined && { start }),
    })
  }
  for (const [name, owned] of record.sidecars) {
    if (renew.has(name)) add(name)
    else next.sidecars.set(name, withRaised(template, draft, withDigests(template, owned)))
  }
  for (const name of versions.keys()) if (!next.sidecars.has(name)) add(name)
  next.created = [...record.created]
  next.uses = earlierUses(template, record, next)
  if (record.was.size === 0) return next
  const kept = ownedIn(next)
  for (const address of next.created) kept.add(formatFieldPath(address))
  for (const [key, text] of record.was) {
    if (aliasName(text) !== undefined || kept.has(key)) next.was.set(key, text)
  }
  return next
}

function wantsByOwner({ ownedFields }: DesiredPod): Map<string, OwnedField[]> {
  const out = new Map<string, OwnedField[]>()
  for (const want of ownedFields.values()) {
    for (const owner of want.owners) {
      addTo(out, owner, want)
    }
  }
  return out
}

/** Converts a sidecar from the old form of the record; one that was edited by hand since gets no digests. */
function withDigests(template: JsonObject, owned: OwnedSidecar): OwnedSidecar {
  if (owned.hash === undefined) return owned
  const { hash: _, ...rest } = owned
  return { ...rest, digests: isIntact(template, owned) ? digestsIn(template, owned.own) : new Map() }
}

/**
 * A sidecar that this run does not plan, with new digests where the run replaces what it added: a number that other
 * sidecars need higher.
 */
function withRaised(template: JsonObject, { ownedFields }: DesiredPod, owned: OwnedSidecar): OwnedSidecar {
  const digests = new Map(owned.digests)
  for (const address of owned.own) {
    const key = formatFieldPath(address)
    const wanted = ownedFields.get(key)?.value
    if (wanted === undefined) continue
    const present = fieldAt(template, address)
    if (present === undefined || isEqual(present, wanted)) continue
    // A value that was edited by hand keeps its digest, and so still counts as modified.
    if (isAsRecorded(digests.get(key), address, present)) digests.set(key, fieldDigest(address, wanted))
  }
  return { ...owned, digests }
}

/** All field paths that a record claims, formatted. */
export function ownedIn({ sidecars }: OwnershipRecord): Set<string> {
  return new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
}
