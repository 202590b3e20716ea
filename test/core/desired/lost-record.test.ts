/** Containers that look like those of a sidecar, of which no record says anything. */
import { describe, expect, it } from 'vitest'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { adoptUnrecorded, isAlike, missingItems, setApartUnrecorded, unrecordedProblem, unrecordedSidecars } from '../../../src/core/desired/lost-record.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { emptyRecord, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import type { Sidecar, Template } from '../../../src/core/template/template.ts'
import { table, type Row } from '../../helpers/table.ts'
import { resolved, template } from '../template/support.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const recordOf = (own: { [sidecar: string]: string[] }): OwnershipRecord => {
  const record = emptyRecord()
  for (const [name, list] of Object.entries(own)) record.sidecars.set(name, { version: '1', own: list.map(at), digests: new Map() })
  return record
}

table<Json, JsonObject, boolean>('a container looks like that of a sidecar by its name and image', isAlike, [
  [{ name: 'x', image: 'a:1' }, { name: 'x', image: 'a:1' }, true],
  [{ name: 'x', image: 'a:1', args: ['b'] }, { name: 'x', image: 'a:2' }, true],
  [{ name: 'x', image: 'a@sha256:0' }, { name: 'x', image: 'a' }, true],
  [{ name: 'x', image: 'a:1@sha256:0' }, { name: 'x', image: 'a:2' }, true],
  [{ name: 'x', image: 'host:5000/a' }, { name: 'x', image: 'host:5000/a:1' }, true],
  [{ name: 'x', image: 'host:5000/a' }, { name: 'x', image: 'host:5001/a' }, false],
  [{ name: 'x', image: 'b:1' }, { name: 'x', image: 'a:1' }, false],
  [{ name: 'x', image: 'ab' }, { name: 'x', image: 'ac' }, false],
  [{ name: 'y', image: 'a:1' }, { name: 'x', image: 'a:1' }, false],
  [{ name: 'x' }, { name: 'x' }, false],
  [{ name: 'x', image: '' }, { name: 'x', image: '' }, false],
  [{ name: 'x', image: 1 }, { name: 'x', image: 'a' }, false],
  [{ name: 'x', image: 'a' }, { name: 'x', image: 1 }, false],
  ['x', { name: 'x', image: 'a:1' }, false],
])

describe('what such a container is told', () => {
  const sidecar = { name: 'ship' } as Sidecar
  const HINT = 'restore the annotation injected.sidecarctl.dev/ship from version control, or remove the container and what belongs to it; if it is your own, rename it or name it in the annotation sidecarctl.dev/override'
  it.each<[JsonObject, JsonObject, boolean, string, string]>([
    [{ name: 'x', image: 'a:1' }, { name: 'x', image: 'a:2' }, false, 'image', 'spec.containers[x].image'],
    [{ name: 'x', args: ['b'], image: 'a:1' }, { name: 'x', image: 'a:2' }, false, 'args, image', 'spec.containers[x].args'],
    [{ name: 'x' }, { name: 'x', args: ['b'] }, false, 'args', 'spec.containers[x].name'],
    [{ name: 'x', tty: null }, { name: 'x', args: ['b'], stdin: true }, false, 'args, stdin', 'spec.containers[x].name'],
    [{ name: 'x' }, { name: 'x' }, true, 'its place in containers', 'spec.containers[x].name'],
  ])('%j for %j, in another list: %s', (present, container, isElsewhere, what, address) => {
    const problem = unrecordedProblem(sidecar, container, present, at('spec.containers[x]'), isElsewhere)
    expect({ ...problem, address: formatFieldPath(problem.address) }).toEqual({
      code: 'RECORD_LOST',
      message: `container "x" looks like that of sidecar "ship", but no record says that it was injected, and it differs from the template in ${what}`,
      hint: HINT,
      address,
    })
  })
})

/** Templates by name; each has a container of an image. */
const TEMPLATES: { [name: string]: string } = {
  ship: 'container: {image: "a/ship:2"}',
  named: 'container: {name: main, image: "a/main:1"}',
  free: 'parameters: {image: {type: string, default: "a/free:1"}}\ncontainer: {image: "${{params.image}}"}',
  open: 'parameters: {image: {type: string}}\ncontainer: {image: "${{ params.image }}"}',
  behind: 'parameters: {image: {type: string, default: "a/behind:1"}}\ncontainer: {image: "host/${{ params.image }}"}',
  before: 'parameters: {image: {type: string, default: "a/before:1"}}\ncontainer: {image: "${{ params.image }}-slim"}',
  bare: 'pod: {fsGroup: 1}',
}
const find = (name: string): Template | undefined => {
  const spec = TEMPLATES[name]
  return spec === undefined ? undefined : { ...(template(spec).template as Template), name }
}

table<JsonObject, { [sidecar: string]: string[] }, string[]>('containers of known sidecars without a record are found', (spec, own) =>
  unrecordedSidecars({ spec }, recordOf(own), find).map(({ sidecar, address }) => `${sidecar} at ${formatFieldPath(address)}`), [
  [{ containers: [{ name: 'ship', image: 'a/ship:1' }] }, {}, ['ship at spec.containers[ship]']],
  [{ initContainers: [{ name: 'ship', image: 'a/ship:1' }] }, {}, ['ship at spec.initContainers[ship]']],
  [{ containers: [{ name: 'free', image: 'a/free:9' }] }, {}, ['free at spec.containers[free]'], 'by the default of a parameter'],
  [{ containers: [{ name: 'open', image: 'a/open:9' }] }, {}, [], 'which may have none'],
  [{ containers: [{ name: 'behind', image: 'a/behind:1' }, { name: 'before', image: 'a/before:1' }] }, {}, [], 'which may be a part of the image'],
  [{ containers: [{ name: 'ship', image: 'other/ship:1' }] }, {}, [], 'by their image'],
  [{ containers: [{ name: 'named', image: 'a/main:1' }, { name: 'main', image: 'a/main:1' }] }, {}, [], 'only where the sidecar is called as its container'],
  [{ containers: [{ name: 'bare' }, { name: 'other', image: 'a/ship:1' }, { name: 'Not a name', image: 'a' }, 'ship', null] }, {}, []],
  [{ containers: [{ name: 'ship', image: 'a/ship:1' }] }, { ship: [] }, [], 'not where there is a record of the sidecar'],
  [{ containers: [{ name: 'ship', image: 'a/ship:1' }] }, { other: ['spec.containers[ship]'] }, [], 'nor where it is that of another sidecar'],
  [{ containers: 'ship' }, {}, []],
  [{}, {}, []],
])

table<JsonObject, string[], string[]>('items of a record that are gone', (spec, own) => missingItems({ spec }, recordOf({ ship: own }), 'ship'), [
  [{ containers: [{ name: 'ship' }] }, ['spec.containers[ship]', 'spec.volumes[v]'], ['spec.volumes[v]']],
  [{ containers: [{ name: 'ship' }], volumes: [{ name: 'v' }] }, ['spec.containers[ship]', 'spec.volumes[v]'], []],
  [{ fsGroup: null }, ['spec.fsGroup'], [], 'null is there'],
])
it('there are none of a sidecar without a record', () => expect(missingItems({}, recordOf({}), 'ship')).toEqual([]))

const SHIP = 'container: {image: a}\nsharedFolders: [{volume: logs, path: /log}]'
const SHARED: JsonObject = { name: 'demo', image: 'a' }
const LOGS: JsonObject = { name: 'logs', emptyDir: {} }
const MOUNT: JsonObject = { name: 'logs', mountPath: '/log' }
/** What is taken for a sidecar's where its container is wanted as it is. */
function adopted(spec: JsonObject, text: string): string[] {
  const draft = new DesiredPod({ spec }, emptyRecord(), new Set())
  const { container, ...sidecar } = resolved(text).sidecar as Sidecar
  for (const list of ['containers', 'initContainers'])
    if (container !== undefined && draft.get(at(`spec.${list}[demo]`)) !== undefined) draft.set('demo', at(`spec.${list}[demo]`), container)
  const isAdopted = adoptUnrecorded(draft, { ...sidecar, container })
  return isAdopted ? [...draft.ownedFields.keys()] : ['nothing']
}
const adoptions: readonly Row<JsonObject, string, string[]>[] = [
  [{ containers: [SHARED] }, 'container: {image: a}', ['spec.containers[demo]']],
  [{ initContainers: [SHARED], containers: [] }, 'container: {image: a}', ['spec.initContainers[demo]']],
  [{ containers: [{ ...SHARED, image: 'b' }] }, 'container: {image: a}', ['nothing'], 'not a container that differs'],
  [{ containers: [] }, 'container: {image: a}', ['nothing']],
  [{ containers: [SHARED] }, 'pod: {fsGroup: 1}', ['nothing'], 'nor that of a sidecar without one'],
  [{ containers: [SHARED, { name: 'app', volumeMounts: [MOUNT] }], volumes: [LOGS] }, SHIP, ['spec.containers[demo]', 'spec.volumes[logs]', 'spec.containers[app].volumeMounts[/log]'], 'with the folder that it shares'],
  [{ containers: [SHARED, { name: 'app', volumeMounts: [{ ...MOUNT, readOnly: true }] }], volumes: [LOGS] }, SHIP, ['spec.containers[demo]', 'spec.volumes[logs]', 'spec.containers[app].volumeMounts[/log]']],
  [{ containers: [SHARED, { name: 'app', volumeMounts: [{ ...MOUNT, subPath: 'a' }] }], volumes: [{ name: 'logs', hostPath: {} }] }, SHIP, ['spec.containers[demo]'], 'unless that differs'],
  [{ containers: [SHARED, { name: 'app' }] }, SHIP, ['spec.containers[demo]'], 'or is not there'],
]
table('what is exactly as a sidecar would add it is taken for its own', adopted, adoptions)

table<JsonObject, string, string[]>('what looks like a sidecar is not the app', (spec, text) => {
  const draft = new DesiredPod({ spec }, emptyRecord(), new Set())
  setApartUnrecorded(draft, resolved(text).sidecar as Sidecar)
  return [...draft.sidecarNames]
}, [
  [{ containers: [{ name: 'demo', image: 'a:1' }, { name: 'app' }] }, 'container: {image: "a:2"}', ['demo']],
  [{ initContainers: [{ name: 'demo', image: 'a:1' }], containers: [{ name: 'app' }] }, 'container: {image: "a:2"}', ['demo']],
  [{ containers: [{ name: 'demo', image: 'b' }, { name: 'app' }] }, 'container: {image: "a:2"}', []],
  [{ containers: [{ name: 'demo', image: 'a:1' }] }, 'container: {image: "a:2"}', [], 'unless no other is left'],
  [{ containers: [{ name: 'demo', image: 'a:1' }, { name: 'app' }] }, 'pod: {fsGroup: 1}', []],
])
