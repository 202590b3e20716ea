import { parseCidr, type Cidr } from '../../../kube/ip.ts'
import { portName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { portInRange } from '../numbers.ts'
import { labelSelector } from '../selector.ts'
import { legacyCidr } from './addresses.ts'

const CODE = 'NETWORK_POLICY_FIELD'

/** Source: networking validation ValidateNetworkPolicySpec. */
export function networkPolicy(object: Field): void {
  const spec = object.get('spec')
  labelSelector(spec.get('podSelector'))
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const rule of spec.get(direction).items()) {
      for (const port of rule.get('ports').items()) onePort(port)
      for (const peer of rule.get(peers).items()) onePeer(peer)
    }
  }
  const types = spec.get('policyTypes')
  if (types.items().length > 2) types.invalid(CODE, 'may not specify more than two policyTypes')
  else for (const type of types.items()) type.oneOfStrict(CODE, ['Ingress', 'Egress'])
}

/** Source: networking validation ValidateNetworkPolicyPort. */
function onePort(item: Field): void {
  item.get('protocol').oneOfStrict(CODE, ['TCP', 'UDP', 'SCTP'])
  const port = item.get('port')
  const end = item.get('endPort')
  if (!port.present || port.text !== undefined) {
    const why = port.present ? 'non-numeric' : 'not specified'
    if (end.present) end.invalid(CODE, `may not be specified when \`port\` is ${why}`)
    port.formatStrict(CODE, portName)
    return
  }
  for (const field of [port, end]) portInRange(field, CODE)
  if (end.number !== undefined && port.number !== undefined && end.number < port.number) {
    end.invalid(CODE, 'must be greater than or equal to `port`')
  }
}

/** Source: networking validation ValidateNetworkPolicyPeer. */
function onePeer(peer: Field): void {
  const selectors = [peer.get('podSelector'), peer.get('namespaceSelector')]
  const block = peer.get('ipBlock')
  for (const selector of selectors) labelSelector(selector)
  if (block.present) ipBlock(block)
  if (selectors.every((selector) => !selector.present)) {
    if (!block.present) peer.required('FIELD_REQUIRED', 'must specify a peer')
  } else if (block.present) peer.forbidden(CODE, 'may not specify both ipBlock and another peer')
}

/** Source: networking validation ValidateIPBlock. */
function ipBlock(block: Field): void {
  const whole = block.get('cidr')
  if (whole.empty) return whole.required('FIELD_REQUIRED')
  legacyCidr(whole, CODE)
  const outer = parseCidr(whole.text ?? '')
  if (outer === undefined) return
  for (const item of block.get('except').items()) {
    legacyCidr(item, CODE)
    const inner = parseCidr(item.text ?? '')
    if (inner !== undefined && !isStrictSubset(inner, outer)) item.invalid(CODE, 'must be a strict subset of `cidr`')
  }
}

function isStrictSubset(inner: Cidr, outer: Cidr): boolean {
  if (inner.address.family !== outer.address.family || outer.prefix >= inner.prefix) return false
  const bits = outer.address.family === 4 && outer.prefix <= 32 ? outer.prefix + 96 : outer.prefix
  return outer.address.bytes.every((byte, i) => {
    const kept = Math.max(0, Math.min(8, bits - i * 8))
    const mask = (0xff << (8 - kept)) & 0xff
    return (byte & mask) === ((inner.address.bytes[i] ?? 0) & mask)
  })
}
