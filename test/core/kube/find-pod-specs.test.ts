import { describe, expect, it } from 'vitest'
import { otherObjects } from '../../../src/core/inject/other-objects.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const CONTAINERS = 'containers: [{name: a, image: b}]'
const found = (text: string) => otherObjects(new SourceText('a.yaml', text), []).map(({ isKnown, podSpecs }) =>
  [isKnown, podSpecs.map(({ path, inline }) => (inline ? `${path} inline` : path))].flat())

describe('objects of other kinds', () => {
  it.each([
    ['a kind of Kubernetes', 'apiVersion: v1\nkind: Service\n', [true]],
    ['one of k8s.io', 'apiVersion: networking.k8s.io/v1\nkind: Ingress\n', [true]],
    ['a known kind without its pods', 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspec: {workloadRef: {kind: Deployment}}\n', [true]],
    ['a kind that is not known', 'apiVersion: example.com/v1\nkind: App\nspec: {image: a}\n', [false]],
    ['one with a template', `apiVersion: example.com/v1\nkind: App\nspec: {web: {template: {spec: {${CONTAINERS}}}}}\n`, [false, 'spec.web.template']],
    ['one with a list of them', `apiVersion: example.com/v1\nkind: App\nspec: {tasks: [{template: {spec: {${CONTAINERS}}}}, {template: {spec: {${CONTAINERS}}}}]}\n`, [false, 'spec.tasks[*].template']],
    ['one with a pod spec', `apiVersion: example.com/v1\nkind: App\nspec: {predictor: {${CONTAINERS}}}\n`, [false, 'spec.predictor inline']],
    ['one whose own spec is one', `apiVersion: example.com/v1\nkind: App\nspec: {${CONTAINERS}}\n`, [false, 'spec inline']],
    ['containers of another shape', 'apiVersion: example.com/v1\nkind: App\nspec: {a: {containers: [x]}}\n', [false]],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual([expected])
  })
})
