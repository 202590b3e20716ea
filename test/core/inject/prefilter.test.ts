import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { verdicts } from './prefilter-verdicts.ts'

describe('the prefilter', () => {
  it.each<[name: string, text: string]>([
    ['an escaped line break in the kind', 'kind: "Po\\\n  d"\napiVersion: v1\n'],
    ['an escaped line break in a key', 'kind: ConfigMap\n? "ki\\\n  nd"\n: Pod\napiVersion: v1\n'],
    ['a comment behind an explicit key', 'kind: ConfigMap\n? kind # c\n: Pod\napiVersion: v1\n'],
    ['NEL before the colon of an explicit key', 'kind: ConfigMap\n? kind\u0085: Pod\napiVersion: v1\n'],
    ['an alias for a key', 'x: &k kind\nkind: ConfigMap\n*k : Pod\napiVersion: v1\n'],
    ['a key in base 64', 'kind: ConfigMap\n!!binary a2luZA==: Pod\napiVersion: v1\n'],
    ['a key in base 64, by a tag with an escape', 'kind: ConfigMap\n!!bin%61ry a2luZA==: Pod\napiVersion: v1\n'],
    ['a key in base 64, by a handle for its tag', '%TAG !e! tag:yaml.org,2002:bin\r---\rkind: ConfigMap\r!e!ary a2luZA==: Pod\rapiVersion: v1\n'],
    ['a kind with a digit', 'kind: Pod2\napiVersion: example.com/v1\nspec: {template: {spec: {containers: [{name: a}]}}}\n'],
    ['a group with an escaped line break', 'kind: Rollout\napiVersion: "argopro\\\n  j.io/v1"\nspec: {template: {spec: {containers: [{name: a}]}}}\n'],
    ['items below another kind than a list', 'kind: ConfigMap\napiVersion: v1\nitems:\n- {kind: Pod, apiVersion: v1}\n'],
  ])('leaves to the reader %s', (_name, text) => {
    expect(verdicts(new SourceText('a', text))).toEqual([{ text, isForeign: false, workloads: 1 }])
  })
})
