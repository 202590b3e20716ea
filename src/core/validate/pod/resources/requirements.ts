import type { Json } from '../../../json/json.ts'
import type { PodPlace } from '../../place.ts'
import { dns1123Label } from '../../../kube/names.ts'
import {
  compareQuantities,
  isWholeQuantity,
  parseAmount,
  parseQuantity,
  type Quantity,
  quantitySign,
  wholeValue,
} from '../../../kube/quantity.ts'
import { at, forbidden, invalid, named, type PartRule, type PodScope, required, show } from '../scope.ts'
import { childOf, itemsOf, type Part, partOf, textOf } from '../values.ts'
import { containerResourceName, isCounted, isHugePages, isOvercommitAllowed } from './names.ts'

/** An amount of a resource, as written and as read. */
export interface Amount {
  readonly name: string
  readonly text: Json
  readonly quantity: Quantity
  readonly path: PodPlace
}

/** The amounts under `limits` or `requests`; what is not a quantity is left to the schema. */
export function amountsOf(resources: Part, list: string): Amount[] {
  const amounts: Amount[] = []
  const map = childOf(resources.data, list)
  if (map === undefined) return amounts
  for (const name of Object.keys(map)) {
    const text = map[name] as Json
    const quantity = parseAmount(text)
    if (quantity !== undefined) amounts.push({ name, text, quantity, path: at(resources.path, list, name) })
  }
  return amounts
}

/** Requests and limits of a container. Source: `ValidateContainerResourceRequirements`. */
export const containerResources: PartRule = (container, pod) => {
  const resources = partOf(container, 'resources')
  if (resources === undefined) return
  checkRequirements(resources, containerResourceName, pod)
  checkClaims(resources, pod)
}

/**
 * Validates limits and requests.
 * Source: `validateResourceRequirements`.
 * @param nameFaults the format of names
 */
export function checkRequirements(resources: Part, nameFaults: (name: string) => string[], pod: PodScope): void {
  const limits = amountsOf(resources, 'limits')
  const requests = amountsOf(resources, 'requests')
  checkAmounts([...limits, ...requests], nameFaults, resources.path, pod)
  for (const request of requests) {
    const limit = limits.find(({ name }) => name === request.name)
    checkRequest(request, limit, resources, pod)
  }
}

/**
 * Validates amounts by themselves: names, values, and that huge pages need cpu or memory.
 * @param nameFaults the format of names
 * @param path the field that has the amounts
 */
export function checkAmounts(
  amounts: readonly Amount[],
  nameFaults: (name: string) => string[],
  path: PodPlace,
  pod: PodScope,
): void {
  for (const amount of amounts) checkAmount(amount, nameFaults, pod)
  if (!amounts.some(({ name }) => isHugePages(name))) return
  if (!amounts.some(({ name }) => name === 'cpu' || name === 'memory')) {
    forbidden(pod, 'RESOURCE_HUGE_PAGES', path, 'HugePages require cpu or memory', 'add cpu or memory to them')
  }
}

function checkAmount(amount: Amount, nameFaults: (name: string) => string[], pod: PodScope): void {
  const { name, text, quantity, path } = amount
  for (const fault of nameFaults(name)) {
    pod.report({
      code: 'RESOURCE_NAME_INVALID',
      path,
      on: 'key',
      message: `invalid resource name "${name}": ${fault}`,
      hint: 'use cpu, memory, ephemeral-storage, hugepages-<size>, or a device such as example.com/device',
    })
  }
  const faults: string[] = []
  if (quantitySign(quantity) < 0) faults.push('must be greater than or equal to 0')
  if (isCounted(name) && !isWholeQuantity(quantity)) faults.push('must be an integer')
  if (isHugePages(name) && !isMultipleOfPage(name, quantity)) {
    faults.push(`must be a positive multiple of the page size of ${name}`)
  }
  invalid(pod, 'RESOURCE_QUANTITY_INVALID', path, text, faults)
}

/** Both are whole bytes, rounded up. Source: `IsHugePageResourceValueDivisible`. */
function isMultipleOfPage(name: string, quantity: Quantity): boolean {
  const page = parseQuantity(name.slice('hugepages-'.length))
  if (page === undefined || quantitySign(page) <= 0 || !isWholeQuantity(page)) return false
  return wholeValue(quantity) % wholeValue(page) === 0n
}

function checkRequest(request: Amount, limit: Amount | undefined, resources: Part, pod: PodScope): void {
  const { name } = request
  const overcommit = isOvercommitAllowed(name)
  if (limit === undefined) {
    if (overcommit) return
    const message = `a limit must be set for ${name}, which cannot be overcommitted`
    const limits = at(resources.path, 'limits')
    const hint = `set limits."${name}" to ${show(request.text)}`
    return required(named(pod, limits), at(limits, name), message, hint)
  }
  const order = compareQuantities(request.quantity, limit.quantity)
  if (order <= 0 && (overcommit || order === 0)) return
  const relation = overcommit ? 'less than or equal to' : 'equal to'
  pod.report({
    code: 'RESOURCE_REQUEST_OVER_LIMIT',
    path: at(resources.path, 'requests'),
    at: request.path,
    message: `request ${show(request.text)} must be ${relation} the ${name} limit of ${show(limit.text)}`,
    related: [{ path: limit.path, message: 'the limit' }],
  })
}

/** Claims of a container name resource claims of the pod (KEP-4381). Source: `validateResourceClaimNames`. */
function checkClaims(resources: Part, pod: PodScope): void {
  const claims = itemsOf(resources, 'claims')
  if (claims.length === 0) return
  const seen = new Map<string, Set<string>>()
  for (const claim of claims) {
    const name = textOf(claim.data, 'name')
    const request = textOf(claim.data, 'request')
    if (name === undefined || request === undefined) continue
    const path = at(claim.path, 'name')
    const item = named(pod, claim.path)
    if (name === '') {
      required(item, path, 'the name of the resource claim is required')
      continue
    }
    if (request !== '') {
      invalid(pod, 'RESOURCE_CLAIM_INVALID', at(claim.path, 'request'), request, dns1123Label(request))
    }
    // A claim without a request means all its requests.
    const before = seen.get(name) ?? new Set<string>()
    const overlap = before.has('') || before.has(request) || (request === '' && before.size > 0)
    if (overlap) invalid(item, 'RESOURCE_CLAIM_INVALID', path, name, ['duplicate value'])
    seen.set(name, before.add(request))
    if (!pod.claims.has(name))
      invalid(item, 'RESOURCE_CLAIM_INVALID', path, name, ["not found among the pod's resourceClaims"])
  }
}
