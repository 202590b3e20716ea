import { describe, expect, it } from 'vitest'
import { helpToCheck } from '../../../src/core/check/index.ts'
import { packResult, unpackTask } from '../../../src/core/check/share.ts'
import type { PackedResult, PackedTask, SharedCheck } from '../../../src/core/check/types.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { config, loadSchema, validate } from './support.ts'

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: toys.shop.example}
spec:
  group: shop.example
  scope: Namespaced
  names: {kind: Toy, plural: toys, singular: toy, listKind: ToyList}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {size: {type: integer}}}}
`
const PADDING = `# ${'x'.repeat(2000)}\n`

const TWO = 'two documents in JSON'
const JSON_OBJECT = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}, "data": {"a": 1}}\n'

/** A long input with all that a result can hold: valid and invalid objects, kinds to be defined, and what is no object. */
const LONG = Array.from({ length: 200 }, (_, n) => {
  switch (n % 8) {
    case 1: return `apiVersion: v1\nkind: Pod\nmetadata: {name: p${n}}\nspec: {containers: [{name: A, image: ""}], volumes: [{name: v, emptyDir: {}}, {name: v, emptyDir: {}}]}\n`
    case 2: return `apiVersion: shop.example/v1\nkind: Toy\nmetadata: {name: t${n}}\nsize: ${n % 16 === 2 ? 'big' : 3}\n`
    case 3: return 'just: [a, map\n'
    case 4: return TWO
    case 5: return 'kind: ConfigMap\n'
    case 6: return '# nothing\n'
    default: return config(`c${n}`)
  }
}).map((text) => (text === TWO ? JSON_OBJECT + JSON_OBJECT : PADDING + text)).join('---\n')
const INPUTS = [new SourceText('a.yaml', config('first')), new SourceText('b.yaml', LONG), new SourceText('c.yaml', LONG, 'utf-8', true), new SourceText('d.yaml', config('last'))]

/** A second thread, as far as data goes: it takes some units of the middle, and has copies of all that it is given. */
function secondThread(from: number, to: number, units: number[] = []): (task: PackedTask) => SharedCheck {
  return (task) => {
    let [mine, theirs] = [0, from]
    const packed: PackedResult[] = []
    const done = helpToCheck(unpackTask(structuredClone(task)), loadSchema, () => (theirs < to ? theirs++ : Infinity), (n, result) => {
      units.push(n)
      packed.push(packResult(n, result))
    })
    return {
      next: () => (mine === from ? (mine = to + 1) - 1 : mine++),
      results: async () => {
        await done
        return structuredClone(packed)
      },
    }
  }
}

describe('a check that two threads share', () => {
  it('finds the same as one alone', async () => {
    const units: number[] = []
    const alone = await validate(INPUTS)
    expect(await validate(INPUTS, { share: secondThread(2, 9, units) })).toEqual(alone)
    expect(units).toEqual([2, 3, 4, 5, 6, 7, 8])
    const codes = new Set(alone.objects.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))
    expect([...codes]).toEqual(expect.arrayContaining(['YAML_SYNTAX', 'KIND_NOT_CHECKED', 'DOCUMENT_NO_KIND']))
    // Documents behind others that held two count on.
    const [last] = alone.objects.filter(({ source }) => source.label === 'c.yaml').slice(-1)
    expect(last?.document).toBeGreaterThan(200)
  })

  it.each<[string, string[], string[]]>([
    ['among the inputs', ['a', 'b', CRD], []],
    ['given', ['a', 'b'], [CRD]],
    ['in both places', ['a', CRD, 'b'], [CRD.replaceAll('Toy', 'Car').replaceAll('toy', 'car')]],
  ])('knows definitions that are %s', async (_, order, given) => {
    const inputs = order.map((text, n) => (text === CRD ? new SourceText('crd.yaml', CRD) : new SourceText(`${text}${n}.yaml`, LONG)))
    const options = { definitions: given.map((text, n) => new SourceText(`given${n}.yaml`, text)) }
    const alone = await validate(inputs, options)
    expect(alone.objects.some(({ resource, status }) => resource?.kind === 'Toy' && status === 'invalid')).toBe(true)
    expect(await validate(inputs, { ...options, share: secondThread(1, 5) })).toEqual(alone)
    expect(await validate(inputs, { ...options, share: secondThread(5, 90) })).toEqual(alone)
  })

  it('does itself what the other took and did not bring back', async () => {
    const share = (task: PackedTask): SharedCheck => ({ ...secondThread(2, 9)(task), results: async () => [] })
    expect(await validate(INPUTS, { share })).toEqual(await validate(INPUTS))
  })

  it('does all where the other comes too late, and does not wait for it', async () => {
    let n = 0
    const share = (): SharedCheck => ({ next: () => n++, results: async () => await new Promise(() => undefined) })
    expect(await validate(INPUTS, { share })).toEqual(await validate(INPUTS))
  })
})
