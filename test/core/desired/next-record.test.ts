/** What the record says of a run: sidecars that stay, and where new ones start. */
import { describe, expect, it } from 'vitest'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { nextRecord } from '../../../src/core/desired/next-record.ts'
import type { ReconcileInput } from '../../../src/core/desired/reconcile-input.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { emptyRecord, fieldDigest, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { table } from '../../helpers/table.ts'

const GRACE = ['spec', 'terminationGracePeriodSeconds']
const KEY = 'spec.terminationGracePeriodSeconds'

interface Raise {
  /** What the record says that the sidecar that stays has put there. */
  recorded: number
  /** What a sidecar of this run wants there. */
  wanted?: number
}

/** The value whose digest the record has for the sidecar that stays. */
function digested(present: Json | undefined, { recorded, wanted }: Raise): number | undefined {
  const template: JsonObject = { spec: present === undefined ? {} : { terminationGracePeriodSeconds: present } }
  const record: OwnershipRecord = { ...emptyRecord(), sidecars: new Map([['kept', { version: '1', own: [GRACE], digests: new Map([[KEY, fieldDigest(GRACE, recorded)]]) }]]) }
  const draft = new DesiredPod(template, record, new Set(['new']))
  if (wanted !== undefined) draft.override('new', GRACE, wanted)
  const next = nextRecord({ template, record, draft, versions: new Map([['new', '1']]), renew: new Set(['new']), objects: new Map() } as unknown as ReconcileInput)
  return [45, 50, 60].find((seconds) => next.sidecars.get('kept')?.digests.get(KEY) === fieldDigest(GRACE, seconds))
}

table<Json | undefined, Raise, number>('a sidecar that stays has the digest of a number that another one raises', digested, [
  [45, { recorded: 45, wanted: 60 }, 60],
  [45, { recorded: 45, wanted: 45 }, 45],
  [45, { recorded: 45 }, 45],
  [50, { recorded: 45, wanted: 60 }, 45, 'not where someone changed the number, which still shows'],
  [60, { recorded: 45, wanted: 60 }, 45],
  [undefined, { recorded: 45, wanted: 60 }, 45, 'nor where someone removed it'],
])

describe('a sidecar that starts', () => {
  it.each([['first', undefined], ['last', 'last'], ['after:u', 'after:u']] as const)('%s is recorded with %s', (place, expected) => {
    const draft = new DesiredPod({ spec: {} }, emptyRecord(), new Set(['x']))
    if (place !== 'first') draft.starts.set('x', place)
    const next = nextRecord({ template: { spec: {} }, record: emptyRecord(), draft, versions: new Map([['x', '1']]), renew: new Set(['x']), objects: new Map() } as unknown as ReconcileInput)
    expect(next.sidecars.get('x')).toStrictEqual({ version: '1', own: [], digests: new Map(), ...(expected !== undefined && { start: expected }) })
  })
})
