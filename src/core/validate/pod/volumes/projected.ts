import { append } from '../../../common/append.ts'
import type { PodPlace } from '../../place.ts'
import { byteLength, dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { nonReservedPath } from '../paths.ts'
import { labelSelector } from '../scheduling/selector.ts'
import { at, duplicate, forbidden, invalid, type PartRule, type PodScope, required } from '../scope.ts'
import { format, formatStrict, requiredOneOf } from '../text-rules.ts'
import { isSet, itemsOf, numberOf, optionalText, type Part, partOf, textOf } from '../values.ts'
import { checkFilePath, downwardApiFile, keyToPath } from './common.ts'
import { checkMode, requireText } from './fields.ts'

const CODE = 'VOLUME_FIELD_INVALID'

/** A file that a source puts into the volume. */
interface FilePath {
  readonly value: string
  readonly path: PodPlace
}

const SOURCES: Record<string, (source: Part, pod: PodScope) => FilePath[]> = {
  secret: keyed,
  configMap: keyed,
  downwardAPI: downward,
  serviceAccountToken: token,
  clusterTrustBundle: trustBundle,
  podCertificate,
}

/** Several sources in one volume. Source: `validateProjectedVolumeSource`, `validateProjectionSources`. */
export const projected: PartRule = (volume, pod) => {
  checkMode(volume, 'defaultMode', pod)
  const files = new Map<string, PodPlace>()
  for (const source of itemsOf(volume, 'sources')) {
    const given = Object.keys(SOURCES).filter((kind) => isSet(source.data, kind))
    for (const kind of given) {
      const part = partOf(source, kind)
      const added = part === undefined ? [] : (SOURCES[kind] as (typeof SOURCES)[string])(part, pod)
      // The API server only warns of a token's path that another source has.
      for (const file of kind === 'serviceAccountToken' ? [] : added) checkTaken(file, files, pod)
    }
    if (given.length < 2) continue
    const message = `may not specify more than 1 volume type per source, but has ${given.join(' and ')}`
    forbidden(pod, 'VOLUME_SOURCE_CONFLICT', source.path, message, 'write each as an item of its own')
  }
}

function checkTaken(file: FilePath, files: Map<string, PodPlace>, pod: PodScope): void {
  if (file.value === '') return
  const first = files.get(file.value)
  if (first === undefined) files.set(file.value, file.path)
  else {
    const message = `conflicting duplicate paths: another source already has a file "${file.value}"`
    duplicate(pod, 'VOLUME_PATH_DUPLICATE', file.path, message, first)
  }
}

function fileOf(part: Part, field: string): FilePath[] {
  const value = textOf(part.data, field)
  return value ? [{ value, path: at(part.path, field) }] : []
}

function keyed(source: Part, pod: PodScope): FilePath[] {
  requireText(source, 'name', pod)
  return itemsOf(source, 'items').flatMap((item) => {
    keyToPath(item, pod)
    return fileOf(item, 'path')
  })
}

function downward(source: Part, pod: PodScope): FilePath[] {
  return itemsOf(source, 'items').flatMap((item) => {
    downwardApiFile(item, pod)
    return fileOf(item, 'path')
  })
}

const TEN_MINUTES = 600
const MAX_TOKEN_SECONDS = 2 ** 32

function token(source: Part, pod: PodScope): FilePath[] {
  const seconds = numberOf(source.data, 'expirationSeconds')
  if (seconds !== undefined && (seconds < TEN_MINUTES || seconds > MAX_TOKEN_SECONDS)) {
    const fault = 'must be at least 10 minutes (600) and no more than 2^32 seconds'
    invalid(pod, CODE, at(source.path, 'expirationSeconds'), seconds, [fault])
  }
  checkFilePath(source, 'path', pod)
  return fileOf(source, 'path')
}

/** Source: `ValidateSignerName`. */
function signerFaults(name: string): string[] {
  const parts = name.split('/')
  if (parts.length !== 2) return ["must be a domain and a path of the form 'example.com/signer-name'"]
  const [domain, path] = parts as [string, string]
  const labels = domain.split('.')
  const faults = labels.flatMap(dns1123Label).slice(0, 1)
  if (labels.length < 2) faults.push('the domain must have at least two segments separated by dots')
  append(faults, path.split('.').flatMap(dns1123Subdomain).slice(0, 1))
  if (byteLength(domain) > 253 || byteLength(name) > 571)
    faults.push('must be no more than 571 characters, 253 for the domain')
  return faults
}

/** Source: `ValidateClusterTrustBundleName`. */
function bundleNameFaults(name: string): string[] {
  return dns1123Subdomain(name.slice(name.lastIndexOf(':') + 1))
}

/** A ClusterTrustBundle (KEP-3257). Source: `validateProjectionSources`. */
function trustBundle(source: Part, pod: PodScope): FilePath[] {
  const name = optionalText(source.data, 'name')
  const signer = optionalText(source.data, 'signerName')
  if (name !== undefined && signer !== undefined) {
    forbidden(pod, CODE, at(source.path, 'signerName'), 'only one of name and signerName may be used')
  } else if (name !== undefined) {
    requireText(source, 'name', pod)
    format(source, 'name', CODE, bundleNameFaults, pod)
    if (isSet(source.data, 'labelSelector')) {
      const message = 'labelSelector must be unset if name is specified'
      forbidden(pod, CODE, at(source.path, 'labelSelector'), message)
    }
  } else if (signer !== undefined) {
    formatStrict(source, 'signerName', CODE, signerFaults, pod)
    const selector = partOf(source, 'labelSelector')
    if (selector !== undefined) labelSelector(selector, pod)
  } else required(pod, source.path, 'either name or signerName must be specified')
  checkFilePath(source, 'path', pod)
  return fileOf(source, 'path')
}

const KEY_TYPES = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519']
const DAY = 86_400
const CERTIFICATE_PATHS = ['credentialBundlePath', 'keyPath', 'certificateChainPath']

/** A certificate for the pod (KEP-4317). Source: `validateProjectionSources`. */
function podCertificate(source: Part, pod: PodScope): FilePath[] {
  const signer = textOf(source.data, 'signerName')
  requireText(source, 'signerName', pod)
  format(source, 'signerName', CODE, signerFaults, pod)
  requiredOneOf(source, 'keyType', CODE, KEY_TYPES, pod)
  const kubernetes = /^(?:[^/]*\.)?kubernetes\.io(?:\/|$)/.test(signer ?? '')
  const most = kubernetes ? DAY : 91 * DAY
  const seconds = numberOf(source.data, 'maxExpirationSeconds')
  if (seconds !== undefined && (seconds < 3600 || seconds > most)) {
    const fault = `must be at least 3600 and no more than ${most}`
    invalid(pod, CODE, at(source.path, 'maxExpirationSeconds'), seconds, [fault])
  }
  const files = CERTIFICATE_PATHS.flatMap((field) => fileOf(source, field))
  for (const file of files) invalid(pod, 'VOLUME_PATH_INVALID', file.path, file.value, nonReservedPath(file.value))
  if (files.length === 0) required(pod, source.path, `specify at least one of ${CERTIFICATE_PATHS.join(', ')}`)
  return files
}
