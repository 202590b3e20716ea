/** The ports that a sidecar opens on the node in a pod with hostNetwork. */
import { describe, expect, it } from 'vitest'
import { hostPortsProblem, portsOnNode } from '../../../src/core/desired/host-network.ts'
import type { Sidecar } from '../../../src/core/template/template.ts'
import { resolved } from '../template/support.ts'

describe('the ports on the node of a sidecar with', () => {
  it.each<[string, string[]]>([
    ['container: {image: a}', []],
    ['container: {image: a, ports: [{containerPort: 2020}]}', ['port 2020']],
    ['container: {image: a, ports: [{containerPort: 9125, protocol: UDP}, {containerPort: 1, protocol: TCP}]}', ['port 9125/UDP', 'port 1']],
    ['initContainers: [{name: i, image: a, ports: [{containerPort: 3}]}]', ['port 3']],
    ['container: {image: a, ports: [{containerPort: 2}]}\ninitContainers: [{name: i, image: a, ports: [{containerPort: 3}]}]', ['port 3', 'port 2']],
    ['pod: {fsGroup: 1}', []],
  ])('%s', (spec, expected) => expect(portsOnNode(resolved(spec).sidecar as Sidecar)).toEqual(expected))

  it('are named in a warning', () => {
    expect(hostPortsProblem('ship', ['port 1', 'port 2/UDP'])).toEqual({
      code: 'HOST_PORTS_OPENED',
      message: 'the pod uses the host network, so sidecar "ship" opens port 1, port 2/UDP on the node, for everyone who can reach it',
      hint: 'choose ports that are free on every node, or do not use the host network',
      address: ['spec', 'containers'],
    })
  })
})
