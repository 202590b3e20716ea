// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const ports = (...list: JsonObject[]): JsonObject => container({ ports: list })
const here = 'containers[0].ports'

describe('ports', () => {
  test.each<[string, JsonObject, string[]]>([
    ['a plain one', ports({ containerPort: 80 }), []],
    [
      'named ones',
      ports({ containerPort: 80, name: 'http' }, { containerPort: 81, name: 'http2', protocol: 'UDP' }),
      [],
    ],
    ['no number', ports({ name: 'http' }), [`FIELD_REQUIRED ${here}[0].containerPort`]],
    ['zero', ports({ containerPort: 0 }), [`FIELD_REQUIRED ${here}[0].containerPort`]],
    ['null', ports({ containerPort: null }), [`FIELD_REQUIRED ${here}[0].containerPort`]],
    ['a string is left to the schema', ports({ containerPort: '80' }), []],
    ['negative', ports({ containerPort: -1 }), [`PORT_NUMBER_INVALID ${here}[0].containerPort`]],
    ['too high', ports({ containerPort: 65536 }), [`PORT_NUMBER_INVALID ${here}[0].containerPort`]],
    [
      'a host port too high',
      ports({ containerPort: 1, hostPort: 70000 }),
      [`PORT_NUMBER_INVALID ${here}[0].hostPort`],
    ],
    ['a host port of zero', ports({ containerPort: 1, hostPort: 0 }), []],
    [
      'a long name',
      ports({ containerPort: 1, name: 'a-very-long-name' }),
      [`PORT_NAME_INVALID ${here}[0].name`],
    ],
    ['a name of digits', ports({ containerPort: 1, name: '80' }), [`PORT_NAME_INVALID ${here}[0].name`]],
    [
      'a name twice',
      ports({ containerPort: 1, name: 'a' }, { containerPort: 2, name: 'a' }),
      [`PORT_NAME_DUPLICATE ${here}[1].name`],
    ],
    [
      'a protocol in lower case',
      ports({ containerPort: 1, protocol: 'tcp' }),
      [`PORT_PROTOCOL_UNSUPPORTED ${here}[0].protocol`],
    ],
    [
      'the same name in two containers',
      {
        containers: [
          { name: 'a', image: 'a', ports: [{ containerPort: 1, name: 'p' }] },
          { name: 'b', image: 'b', ports: [{ containerPort: 2, name: 'p' }] },
        ],
      },
      [],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('ports of the host', () => {
  const one = { name: 'a', image: 'a', ports: [{ containerPort: 1, hostPort: 80 }] }
  const two = { name: 'b', image: 'b', ports: [{ containerPort: 2, hostPort: 80 }] }
  const udp = { name: 'b', image: 'b', ports: [{ containerPort: 2, hostPort: 80, protocol: 'UDP' }] }
  const other = { name: 'b', image: 'b', ports: [{ containerPort: 2, hostPort: 80, hostIP: '1.1.1.1' }] }
  test.each<[string, JsonObject, string[]]>([
    ['two containers', { containers: [one, two] }, ['HOST_PORT_DUPLICATE containers[1].ports[0].hostPort']],
    ['another protocol', { containers: [one, udp] }, []],
    ['another address', { containers: [one, other] }, []],
    ['an init container runs before', { containers: [one], initContainers: [two] }, []],
    [
      'an init container by itself',
      container({}, { initContainers: [{ ...one, ports: [...one.ports, ...two.ports] }] }),
      ['HOST_PORT_DUPLICATE initContainers[0].ports[1].hostPort'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe("on the host's network", () => {
  const net = (port: JsonObject, more: JsonObject[] = []): JsonObject =>
    container({ ports: [port, ...more] }, { hostNetwork: true })
  test.each<[string, JsonObject, string[], Options?]>([
    ['the same port', net({ containerPort: 80, hostPort: 80 }), []],
    ['no host port', net({ containerPort: 80 }), []],
    [
      'another port',
      net({ containerPort: 80, hostPort: 81 }),
      ['HOST_PORT_MISMATCH containers[0].ports[0].hostPort'],
    ],
    [
      'a Pod defaults and then clashes',
      net({ containerPort: 80 }, [{ containerPort: 80 }]),
      ['HOST_PORT_DUPLICATE containers[0].ports[1].hostPort', '~PORT_DUPLICATE containers[0].ports[1]'],
      { kind: 'Pod' },
    ],
    [
      'a template does not default',
      net({ containerPort: 80 }, [{ containerPort: 80 }]),
      ['~PORT_DUPLICATE containers[0].ports[1]'],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})
