/** Containers that other injectors add. */
import { expect, it } from 'vitest'
import { isKnownInjectorContainer, knownInjectorImages, knownInjectorNames } from '../../../src/core/desired/known-injectors.ts'
import type { Json } from '../../../src/core/json/json.ts'

it.each<[Json, boolean]>([
  // By name.
  [{ name: 'istio-proxy' }, true],
  [{ name: 'vault-agent', image: 'example.com/own:1' }, true],
  [{ name: 'istio-proxy-2' }, false],
  // By image.
  [{ name: 'x', image: 'docker.io/istio/proxyv2:1.27' }, true],
  [{ name: 'x', image: 'istio/proxyv2' }, true],
  [{ name: 'x', image: 'cr.l5d.io/linkerd/proxy@sha256:0' }, true],
  [{ name: 'x', image: 'linkerd/proxy-init:1' }, true],
  [{ name: 'x', image: 'daprio/daprd:1' }, true],
  [{ name: 'x', image: 'docker.io/kumahq/kuma-dp:1' }, true],
  [{ name: 'x', image: 'example.com/istio/proxyv2-exporter:1' }, false],
  [{ name: 'x', image: 'example.com/myistio/proxyv2:1' }, false],
  [{ name: 'app', image: 'nginx' }, false],
  // Neither.
  [{}, false],
  [{ name: 1, image: ['istio/proxyv2'] }, false],
  ['istio-proxy', false],
  [null, false],
])('%j: %s', (container, expected) => expect(isKnownInjectorContainer(container)).toBe(expected))

it('their names and images are the same in exports', () => {
  expect(knownInjectorNames().filter((name) => !isKnownInjectorContainer({ name }))).toEqual([])
  expect(knownInjectorNames()).toContain('istio-proxy')
  expect(knownInjectorImages()).toBe('(?:^|/)(?:istio/proxyv2|linkerd/proxy|linkerd/proxy-init|daprio/daprd|kuma-dp)(?::|@|$)')
})
