/** Which sidecars must move among the init containers, and which places lead in a circle. */
import { describe, expect, it } from 'vitest'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { initContainerNames, isInCycle, isInitContainer, movedSidecars } from '../../../src/core/desired/start-order.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { emptyRecord, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { table } from '../../helpers/table.ts'

const address = (name: string): ['spec', 'initContainers', { id: string }] => ['spec', 'initContainers', { id: name }]
/** `a=last b` as names with places; a sidecar is named as its container, and `a+a2` has two. */
const words = (text: string): { name: string; own: string[]; place: ItemPlace | undefined }[] =>
  text.split(' ').filter((word) => word !== '').map((word) => {
    const [own = '', place] = word.split('=') as [string, ItemPlace?]
    return { name: own.split('+')[0] as string, own: own.split('+'), place }
  })

/** A pod with init containers, what the record says of them, and what is wanted. */
function planned(pod: string, recorded: string, wanted: string): { template: JsonObject; record: OwnershipRecord; draft: DesiredPod } {
  const template: JsonObject = { spec: { initContainers: pod.split(' ').map((name) => ({ name })) } }
  const record = emptyRecord()
  for (const { name, own, place } of words(recorded))
    record.sidecars.set(name, { version: '1', own: own.map(address), digests: new Map(), ...(place !== undefined && { start: place }) })
  const draft = new DesiredPod(template, record, new Set([...words(wanted), ...words(recorded)].map(({ name }) => name)))
  for (const { name, own, place } of words(wanted)) {
    if (place !== undefined) draft.starts.set(name, place)
    for (const one of own) draft.set(name, address(one), { name: one }, place ?? 'first')
  }
  return { template, record, draft }
}

const moved = (pod: string, run: string): string => {
  const [recorded = '', wanted = recorded] = run.split('|')
  return [...movedSidecars(planned(pod, recorded, wanted))].toSorted().join(' ')
}

table<string, string, string>('a sidecar moves where its place does not hold, or is another one than before', moved, [
  ['a u', 'a', ''],
  ['u a', 'a', '', 'what was put first stays where the user moved it'],
  ['a u', 'a | a=last', 'a'],
  ['u a', 'a=last | a', 'a'],
  ['u a v', 'a=after:u | a=before:v', 'a', 'though it would be there'],
  ['u a v', 'a=after:u', ''],
  ['u x a v', 'a=after:u', '', 'something of the user\'s may come between'],
  ['a u v', 'a=after:u', 'a'],
  ['u a v', 'a=before:u', 'a'],
  ['a u v', 'a=after:gone', '', 'beside nothing it stays'],
  ['u a v', 'a=before:gone', ''],
  ['u a', 'a=last', ''],
  ['u a v', 'a=last', 'a'],
  ['u a b', 'a=last b=last', '', 'behind the last there may be others that are last'],
  ['u a b', 'a=last b=after:a', ''],
  ['u a b', 'a=last b', 'a', 'but none that is elsewhere by its place'],
  ['u a b', 'a=last b=after:u', 'a', 'as beside one of the user\'s'],
  ['a b c', 'a=last b=after:c c=after:b', 'a b c', 'or in a circle'],
  ['u a b', 'a=last b=last | a=last', 'b', 'one that goes is where its record says'],
])

table<string, string, string>('what starts beside one that moves goes with it', moved, [
  ['a b u', 'a=before:u b=after:a | a=last b=after:a', 'a b'],
  ['u c b a', 'a=last b=before:a c=before:b | a=after:u b=before:a c=before:b', 'a b c'],
  ['a u', 'a=before:b | a=before:b b=last', 'a', 'as does one beside what comes only now'],
  ['a u', 'a | b=last a', '', 'what is elsewhere stays'],
  ['i u a', 'i+a=after:u', 'i', 'all init containers of a sidecar move, which is named here by its first'],
])

describe('places lead in a circle', () => {
  it.each([
    ['a=after:b b=after:a', 'a b'],
    ['a=after:a', 'a'],
    ['a=after:b b=after:c c=before:a', 'a b c'],
    ['a=after:b b=after:c c=after:b', 'b c'],
    ['a=after:b b=last', ''],
    ['a=after:u', ''],
    ['a b', ''],
  ])('%s: %s', (wanted, expected) => {
    const { draft } = planned('u', '', wanted)
    expect(words(wanted).map(({ name }) => name).filter((name) => isInCycle(draft, name)).join(' ')).toBe(expected)
  })
})

table<JsonObject, null, (string | undefined)[]>('the names of init containers', (spec) => initContainerNames({ spec }), [
  [{ initContainers: [{ name: 'a' }, { name: 'b' }] }, null, ['a', 'b']],
  [{ initContainers: [{ image: 'a' }, 'b', { name: '' }] }, null, [undefined, undefined, undefined]],
  [{ initContainers: {} }, null, []],
  [{}, null, []],
])

it.each<[string, boolean]>([
  ['spec.initContainers[a]', true], ['spec.containers[a]', false], ['spec.initContainers', false], ['spec.initContainers[a].image', false], ['metadata.initContainers[a]', false], ['spec', false],
])('%s is a whole init container: %s', (path, expected) => expect(isInitContainer(parseFieldPath(path) as FieldPath)).toBe(expected))

it('a volume of the name of an init container has no place among these', () => {
  const { template, record, draft } = planned('u a', 'a=last', 'a=last')
  draft.set('v', ['spec', 'volumes', { id: 'u' }], { name: 'u' })
  expect([...movedSidecars({ template, record, draft })]).toEqual([])
})
