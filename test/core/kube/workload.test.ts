import { describe, expect, it } from 'vitest'
import { splitApiVersion, workloadKind } from '../../../src/core/kube/kinds.ts'
import { expandObjects, objectsOf } from '../../../src/core/kube/objects.ts'
import { asWorkloads, refOf, valueAt } from '../../../src/core/kube/workload.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'

describe('kinds', () => {
  it.each<[string, string, string | undefined]>([
    ['v1', 'Pod', 'pod'], ['v1', 'PodTemplate', 'podtemplate'], ['v1', 'ReplicationController', 'replicationcontroller'],
    ['apps/v1', 'Deployment', 'deployment.apps'], ['apps/v1beta1', 'StatefulSet', 'statefulset.apps'], ['extensions/v1beta1', 'DaemonSet', 'daemonset.extensions'],
    ['batch/v1', 'Job', 'job.batch'], ['batch/v1beta1', 'CronJob', 'cronjob.batch'], ['batch/v2alpha1', 'ScheduledJob', 'scheduledjob.batch'],
    ['batch.volcano.sh/v1alpha1', 'Job', undefined], ['apps.kruise.io/v1', 'DaemonSet', undefined], ['v1', 'Deployment', undefined], ['apps/v1', 'Pod', undefined],
    ['v1', 'pod', undefined], ['v1', 'constructor', undefined], ['', 'Pod', 'pod'],
  ])('%s %s', (apiVersion, kind, name) => {
    expect(workloadKind(apiVersion, kind)?.shortName).toBe(name)
  })

  it('splits versions', () => {
    expect([splitApiVersion('v1'), splitApiVersion('apps/v1')]).toEqual([{ group: '', version: 'v1' }, { group: 'apps', version: 'v1' }])
  })
})

/** Objects of a text as kind, name and path, with a mark for workloads. */
function found(text: string): string[] {
  return splitDocuments(new SourceText('a', text)).flatMap(readRawDocument).flatMap((doc) => ('root' in doc ? objectsOf(doc) : []))
    .map((object) => `${object.ref.kind}/${object.ref.name}@${object.path.join('.')}${asWorkloads(object).length === 0 ? '' : '!'}`)
}

describe('objects', () => {
  it.each<[string, string, string[]]>([
    ['one', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n', ['Pod/a@!']],
    ['a generated name', 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n', ['Pod/a-*@!']],
    ['a list', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, {kind: Service}, 1, null]\n', ['Pod/@items.0!', 'Service/@items.1']],
    ['a typed list', 'apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}}, {apiVersion: v1, kind: Pod}]\n', ['Pod/a@items.0!', 'Pod/@items.1!']],
    ['a typed list with an item of no kind', 'apiVersion: v1\nkind: PodList\nitems: [{kind: ~, metadata: {name: a}}, {apiVersion: v1, metadata: {name: b}}]\n', ['Pod/a@items.0!', '/b@items.1']],
    ['lists in lists', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: Pod}]}]\n', ['Pod/@items.0.items.0!']],
    ['a list by its items alone', 'apiVersion: v1\nkind: ConfigMap\nitems: [{apiVersion: v1, kind: Pod}]\n', ['Pod/@items.0!']],
    ['a list without items', 'apiVersion: v1\nkind: List\n', ['List/@']],
    ['no object', '- a\n', []],
    ['through an alias', 'x: &a [{apiVersion: v1, kind: Pod}]\napiVersion: v1\nkind: List\nitems: *a\n', ['Pod/@items.0!']],
  ])('%s', (_, text, objects) => {
    expect(found(text)).toEqual(objects)
  })

  it.each<[string, string, string[], string[]]>([
    ['one', 'apiVersion: v1\nkind: Pod\n', ['Pod@'], []],
    ['an object without a kind', 'a: 1\n', ['@'], []],
    ['a list', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Pod}, {apiVersion: v1, kind: Service}]\n', ['Pod@items.0', 'Service@items.1'], []],
    ['an empty list', 'apiVersion: v1\nkind: List\nitems: []\n', [], []],
    ['a list with null as items', 'apiVersion: v1\nkind: List\nitems: ~\n', [], []],
    ['items that are no list', 'apiVersion: v1\nkind: List\nitems: {}\n', [], ['items: items must be a list']],
    ['items that are no objects', 'apiVersion: v1\nkind: List\nitems: [1, ~, {apiVersion: v1, kind: Pod}]\n', ['Pod@items.2'], ['items.0: an item of a list must be an object', 'items.1: an item of a list must be an object']],
    ['items without a kind', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1}, {}]\n', [], ['items.0: this item has no kind', 'items.1: this item has no apiVersion and no kind']],
    ['a typed list lends both or none', 'apiVersion: v1\nkind: PodList\nitems: [{}, {apiVersion: v1}]\n', ['Pod@items.0'], ['items.1: this item has no kind']],
    ['a list in a list, whatever is in it', 'apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: List, items: [1, {}]}]\n', [], ['items.0: nested List objects are not supported by kubectl']],
    ['a list in a list without a kind', 'apiVersion: v1\nkind: List\nitems: [{items: []}]\n', [], ['items.0: this item has no apiVersion and no kind']],
    ['no object', '- a\n', [], []],
  ])('that kubectl takes: %s', (_, text, objects, faults) => {
    const [doc] = splitDocuments(new SourceText('a', text)).flatMap(readRawDocument)
    const taken = doc !== undefined && 'root' in doc ? expandObjects(doc) : undefined
    expect(taken?.objects.map(({ ref, path }) => `${ref.kind}@${path.join('.')}`)).toEqual(objects)
    expect(taken?.diagnostics.map(({ path, message }) => `${path?.join('.')}: ${message}`)).toEqual(faults)
  })

  it('names what is not text by nothing', () => {
    expect(refOf({ apiVersion: 1, kind: [], metadata: 'x' })).toEqual({ apiVersion: '', kind: '', namespace: '', name: '' })
  })

  it('follows own keys only', () => {
    const data = { a: [{ b: 1 }] }
    expect([valueAt(data, ['a', 0, 'b']), valueAt(data, ['a', 'length']), valueAt(data, ['constructor']), valueAt(data, [])]).toEqual([1, undefined, undefined, data])
  })
})
