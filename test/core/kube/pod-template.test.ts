import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { inlineKindRow, workloadKindRow } from '../../../src/core/kube/kinds.ts'
import { asTemplate, fromText, pathInObject, templateOf, toText } from '../../../src/core/kube/pod-template.ts'

const INLINE = inlineKindRow('example.com', 'Server', ['spec', 'server'])
const PLAIN = workloadKindRow('example.com', 'Server')

describe('a pod spec inline', () => {
  it.each<[JsonObject, JsonObject]>([
    [{ containers: [] }, { metadata: {}, spec: { containers: [] } }],
    [{ labels: { a: 'b' }, annotations: null, volumes: [] }, { metadata: { labels: { a: 'b' }, annotations: null }, spec: { volumes: [] } }],
    [{ metadata: { labels: {} }, spec: 1 }, { metadata: {}, spec: { metadata: { labels: {} }, spec: 1 } }],
  ])('%j is the pod template %j', (inline, template) => {
    expect(asTemplate(inline, INLINE)).toEqual(template)
    expect(templateOf({ data: { spec: { server: inline } }, templatePath: INLINE.templatePath, workloadKind: INLINE })).toEqual(template)
    expect(asTemplate(inline, PLAIN)).toBe(inline)
  })

  it.each([undefined, null, 'a', []])('of another type is left as it is: %j', (value) => {
    expect(asTemplate(value, INLINE)).toEqual(value)
  })
})

describe('places in it', () => {
  it.each<[(string | number)[], (string | number)[]]>([
    [['metadata', 'annotations', 'a/b'], ['annotations', 'a/b']],
    [['metadata', 'labels'], ['labels']],
    [['spec', 'volumes'], ['volumes']],
    [['spec', 'containers', 0, 'env'], ['containers', 0, 'env']],
    [['spec', 'metadata'], ['metadata']],
    [['spec', 'spec', 'labels'], ['spec', 'labels']],
  ])('%j of the pod template is %j of the text', (place, text) => {
    expect(toText(place, INLINE)).toEqual(text)
    expect(fromText(text, INLINE)).toEqual(place)
    expect(pathInObject({ templatePath: ['spec', 'server'], workloadKind: INLINE }, place)).toEqual(['spec', 'server', ...text])
    expect([toText(place, PLAIN), fromText(place, PLAIN)]).toEqual([place, place])
  })

  it.each([[[]], [['metadata']], [['spec']]])('%j is the whole map', (place) => {
    expect(toText<string>(place, INLINE)).toEqual([])
    expect(fromText([], INLINE)).toEqual([])
  })

  it('keeps the identities of items in an address', () => {
    expect(toText(['spec', 'containers', { id: 'web' }, 'ports'], INLINE)).toEqual(['containers', { id: 'web' }, 'ports'])
  })
})
