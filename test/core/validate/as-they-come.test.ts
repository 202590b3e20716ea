import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { config, validate } from './support.ts'

const list = '{apiVersion: v1, kind: List, items: []}\n'
const bad = (name: string): string => config(name, ', dat: {}')
const policy = (expression: string): string => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: a}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: ${expression}}]
`
const definition = (kind = 'CustomResourceDefinition'): string => `apiVersion: apiextensions.k8s.io/v1
kind: ${kind}
metadata: {name: lamps.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: string}}}}}]
`
const lamp = '{apiVersion: example.com/v1, kind: Lamp, metadata: {name: a}, spec: 1}\n'

/** What is told, and when: after how many inputs, with the code of each finding. */
async function told(texts: readonly string[], definitions: readonly string[] = []): Promise<string[]> {
  const calls: string[] = []
  let begun = 0
  const sources = texts.map((text, n) => new SourceText(`${n}.yaml`, text))
  const result = await validate(sources, {
    definitions: definitions.map((text) => new SourceText('crd.yaml', text)),
    onProgress: (_, n) => void (begun = n),
    onFound: async (found) => void calls.push(`${begun}: ${found.map(({ code, at }) => `${at?.source.label} ${code}`).join(', ')}`),
  })
  const all = [...result.diagnostics, ...result.objects.flatMap(({ diagnostics }) => diagnostics)]
  expect(calls.flatMap((call) => call.replace(/^\d+: /, '').split(', '))).toEqual(all.map(({ code, at }) => `${at?.source.label} ${code}`))
  return calls
}

describe('findings', () => {
  it.each<[string, string[], string[]]>([
    ['are told input by input', [bad('a'), config('b'), bad('c') + '---\n' + bad('d')], ['1: 0.yaml FIELD_UNKNOWN', '3: 2.yaml FIELD_UNKNOWN, 2.yaml FIELD_UNKNOWN']],
    ['of an empty list are not, if an object follows', [list, bad('a'), list], ['2: 1.yaml FIELD_UNKNOWN']],
    ['of an empty list are told at last, if none follows', [list, list], ['2: 0.yaml LIST_EMPTY, 1.yaml LIST_EMPTY']],
    ['before the first object keep their order', ['a\n', list, bad('a')], ['3: 0.yaml DOCUMENT_NOT_OBJECT, 2.yaml FIELD_UNKNOWN']],
    ['know definitions of later inputs', [lamp, definition()], ['1: 0.yaml FIELD_TYPE']],
    ['know definitions with escapes in their kind', [lamp, definition(String.raw`"Custom\x52esourceDefinition"`)], ['1: 0.yaml FIELD_TYPE']],
    ['know definitions with escaped line breaks in their kind', [lamp, definition('"CustomResource\\\n  Definition"')], ['1: 0.yaml FIELD_TYPE']],
    ['know definitions whose kind is binary', [lamp, definition(`!!binary ${btoa('CustomResourceDefinition')}`)], ['1: 0.yaml FIELD_TYPE']],
    ['know expressions as soon as there are any', [policy('object.x +'), bad('a'), policy('"1"')], ['1: 0.yaml POLICY_FIELD', '2: 1.yaml FIELD_UNKNOWN', '3: 2.yaml POLICY_FIELD']],
  ])('%s', async (_, texts, expected) => {
    expect(await told(texts)).toEqual(expected)
  })

  it('of definitions come first', async () => {
    expect(await told([bad('a')], ['a: b\n'])).toEqual([expect.stringMatching(/^0: crd\.yaml /), '1: 0.yaml FIELD_UNKNOWN'])
  })
})
