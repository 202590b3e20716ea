import { parseCidr } from '../../../kube/ip.ts'
import { dns1123Subdomain } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { textsOf } from '../lists.ts'
import { pathSegment } from '../metadata/names.ts'
import { canonicalCidrFaults, canonicalIpFaults } from './addresses.ts'

const CODE = 'CLUSTER_FIELD'

/** Source: networking validation ValidateServiceCIDR. */
export function serviceCidr(object: Field): void {
  const list = object.get('spec', 'cidrs')
  if (list.empty) return list.required('FIELD_REQUIRED', 'at least one CIDR required')
  const count = list.items().length
  if (count > 2) list.invalid(CODE, 'may only hold up to 2 values')
  const families = textsOf(list).map((text) => parseCidr(text)?.address.family)
  if (count === 2 && (families.includes(undefined) || families[0] === families[1])) {
    list.invalid(CODE, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64')
  }
  for (const item of list.items()) item.formatStrict(CODE, canonicalCidrFaults)
}

/**
 * Source: networking validation ValidateIPAddress, ValidateIPAddressName: the name is the address in its shortest form.
 */
export function ipAddressObject(object: Field): void {
  const name = object.get('metadata', 'name')
  const base = object.get('metadata', 'generateName')
  if (name.text !== undefined) name.formatStrict(CODE, canonicalIpFaults)
  else if (!base.empty) base.invalid(CODE, 'a generated name is not an IP address')
  const parent = object.get('spec', 'parentRef')
  if (!parent.present) return parent.required('FIELD_REQUIRED')
  parent.get('group').format(CODE, dns1123Subdomain)
  for (const key of ['resource', 'name']) parent.get(key).requiredFormat(CODE, pathSegment)
  parent.get('namespace').format(CODE, pathSegment)
}
