import { parseIp } from '../../../kube/ip.ts'
import type { Field } from '../field.ts'
import { distinct } from '../lists.ts'
import { legacyIpFaults } from './addresses.ts'
import { endpointIp } from './endpoint-ip.ts'
import { isHeadless } from './service-type.ts'

const CODE = 'SERVICE_ADDRESS'

/**
 * Cluster IPs, their families, and external IPs. `clusterIPs` is filled from `clusterIP` when it is absent.
 * Source: core validation ValidateServiceClusterIPsRelatedFields; registry/core/service initIPFamilyFields.
 */
export function serviceAddresses(spec: Field, type: string): void {
  for (const ip of spec.get('externalIPs').items()) endpointIp(ip, CODE)
  if (type === 'ExternalName') return
  if (isHeadless(spec) && (type === 'LoadBalancer' || type === 'NodePort')) {
    const given = spec.get('clusterIPs').empty ? spec.get('clusterIP') : spec.get('clusterIPs')
    const printed = firstOf(spec.get('clusterIPs'))
    printed.report('SERVICE_TYPE', `Invalid value: "None": may not be set to 'None' for ${type} services`, {
      at: given.path,
    })
  }
  let good = true
  const { ctx } = spec
  const report: typeof ctx.report = (finding) => {
    good = false
    ctx.report(finding)
  }
  const watched = spec.within({ ...ctx, report })
  bothFields(watched)
  families(watched)
  clusterIps(watched)
  if (good) familyPolicy(spec)
}

function firstOf(list: Field): Field {
  return list.items()[0] ?? list
}

/** `clusterIPs` begins with `clusterIP`, where both are written. */
function bothFields(spec: Field): void {
  const one = spec.get('clusterIP')
  const list = spec.get('clusterIPs')
  if (list.empty) return
  if (one.empty) list.invalid(CODE, 'must be empty when `clusterIP` is not specified')
  else if (list.items()[0]?.text !== one.text) list.invalid(CODE, 'first value must match `clusterIP`')
}

function families(spec: Field): void {
  const families = spec.get('ipFamilies').items()
  for (const family of families) family.oneOfStrict(CODE, ['IPv4', 'IPv6'])
  distinct(families, CODE)
  spec.get('ipFamilyPolicy').oneOfStrict(CODE, ['PreferDualStack', 'RequireDualStack', 'SingleStack'])
}

/** The policy allows as many families and addresses as are given. Source: registry/core/service initIPFamilyFields. */
function familyPolicy(spec: Field): void {
  const policy = spec.get('ipFamilyPolicy')
  if (policy.present ? policy.text !== 'SingleStack' : isDualByDefault(spec)) return
  const what = ['ipFamilies', 'clusterIPs'].find((key) => spec.get(key).items().length > 1)
  if (what === undefined) return
  policy.invalid(CODE, `must be RequireDualStack or PreferDualStack when multiple ${what} are given`, {
    shown: 'SingleStack',
    at: policy.present ? policy.path : spec.get(what).path,
  })
}

/** A headless Service without a selector is dual-stack by default, every other one single-stack. */
function isDualByDefault(spec: Field): boolean {
  return spec.get('clusterIP').text === 'None' && spec.get('selector').empty
}

function clusterIps(spec: Field): void {
  const list = spec.get('clusterIPs')
  const items = list.empty ? [spec.get('clusterIP')].filter((ip) => !ip.empty) : list.items()
  let good = true
  for (const [i, ip] of items.entries()) {
    if (i === 0 && ip.text === 'None') {
      if (items.length > 1) {
        good = false
        list.invalid(CODE, "'None' must be the first and only value")
      }
      continue
    }
    const faults = ip.text === undefined ? [] : legacyIpFaults(ip.text, spec.ctx.kubeVersion)
    if (faults.length === 0) continue
    good = false
    const path = list.empty ? [...list.path, 0] : ip.path
    const message = `Invalid value: ${JSON.stringify(ip.text)}: ${faults.join('; ')}`
    spec.ctx.report({ code: CODE, path, at: ip.path, message })
  }
  if (items.length > 2) list.invalid(CODE, 'may only hold up to 2 values')
  if (good) matchFamilies(spec, items)
}

/** At most one address per IP family, each of the family at the same index of `ipFamilies`. */
function matchFamilies(spec: Field, items: readonly Field[]): void {
  const found = items.map((ip) => parseIp(ip.text ?? '')?.family)
  if (items.length > 1 && new Set(found).size !== items.length) {
    spec.get('clusterIPs').invalid(CODE, 'may specify no more than one IP for each IP family')
  }
  const wanted = spec.get('ipFamilies').items()
  for (const [i, ip] of items.entries()) {
    const family = wanted[i]?.text
    if (ip.text === 'None' || found[i] === undefined || (family !== 'IPv4' && family !== 'IPv6')) continue
    if (family !== `IPv${found[i]}`)
      ip.invalid(CODE, `expected an ${family} value as indicated by \`ipFamilies[${i}]\``)
  }
}
