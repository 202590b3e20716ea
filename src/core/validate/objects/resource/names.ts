import { append } from '../../../common/append.ts'
import { byteLength, cIdentifier, csiDriverName, dns1123Subdomain } from '../../../kube/names.ts'
import type { Format } from '../field.ts'

/** Bytes of an identifier and of a pool's name. Source: resource DeviceMaxIDLength, PoolNameMaxLength. */
const MAX_ID = 32
const MAX_POOL = 253

/**
 * A name with or without the domain of a driver. Names with several slashes are accepted as they are (kubernetes#141869).
 * Source: resource validation validateQualifiedName.
 */
export const qualifiedAttribute: Format = (name) => {
  const parts = name.split('/')
  const id = parts[parts.length - 1] ?? ''
  if (parts.length > 2) return []
  const faults: string[] = []
  if (parts.length === 2)
    append(faults, parts[0] === '' ? ['the domain must not be empty'] : csiDriverName(parts[0] ?? ''))
  if (id === '' && parts.length === 2) return [...faults, 'the name must not be empty']
  if (byteLength(id) > MAX_ID) faults.push(`may not be more than ${MAX_ID} bytes`)
  return [...faults, ...cIdentifier(id)]
}

/** A name with the domain of a driver. Source: resource validation validateFullyQualifiedName. */
export const fullyQualifiedAttribute: Format = (name) => [
  ...qualifiedAttribute(name),
  ...(name.includes('/') ? [] : ['a fully qualified name must be a domain and a name separated by a slash']),
]

/** Subdomains with slashes between. Source: resource validation validatePoolName. */
export const poolName: Format = (name) => [
  ...(byteLength(name) > MAX_POOL ? [`may not be more than ${MAX_POOL} bytes`] : []),
  ...name.split('/').flatMap(dns1123Subdomain),
]
