import type { PodPlace } from '../../place.ts'
import { dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { containerResourceName } from './names.ts'
import { at, duplicate, invalid, type PodRule, required } from '../scope.ts'
import { isSet, itemsOf, optionalText, textOf } from '../values.ts'
import { amountsOf, checkAmounts } from './requirements.ts'

const CLAIM_SOURCES = ['resourceClaimName', 'resourceClaimTemplateName']

/** Claims for devices (KEP-4381). Source: `validatePodResourceClaims`. */
export const resourceClaims: PodRule = (pod) => {
  const names = new Map<string, PodPlace>()
  for (const claim of itemsOf(pod.spec, 'resourceClaims')) {
    const name = textOf(claim.data, 'name')
    const path = at(claim.path, 'name')
    if (name === '') required(pod, path, 'a resource claim needs a name')
    else if (name !== undefined) {
      const first = names.get(name)
      if (first === undefined) invalid(pod, 'RESOURCE_CLAIM_INVALID', path, name, dns1123Label(name))
      else duplicate(pod, 'RESOURCE_CLAIM_INVALID', path, `duplicate value "${name}" among resource claims`, first)
      names.set(name, first ?? path)
    }
    const given = CLAIM_SOURCES.filter((source) => isSet(claim.data, source))
    if (given.length !== 1) {
      const message = `a resource claim must specify exactly one of ${CLAIM_SOURCES.join(' and ')}`
      pod.report({ code: 'RESOURCE_CLAIM_INVALID', path: claim.path, message })
    }
    for (const source of given) {
      const target = optionalText(claim.data, source)
      if (target === undefined) continue
      invalid(pod, 'RESOURCE_CLAIM_INVALID', at(claim.path, source), target, dns1123Subdomain(target))
    }
  }
}

/** The resources that the runtime itself needs, which are validated like limits. Source: `validateOverhead`. */
export const overhead: PodRule = (pod) => {
  checkAmounts(amountsOf(pod.spec, 'overhead'), containerResourceName, at(pod.spec.path, 'overhead'), pod)
}
