import { dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { bytesOf } from '../bytes.ts'
import type { Field } from '../field.ts'
import { distinct } from '../lists.ts'

const CODE = 'CLUSTER_FIELD'
/** Longest name of a signer, in bytes: a domain, a slash, and a namespace and name with a dot between. */
const MAX_SIGNER = 253 + 1 + 253 + 63 + 1

/** `domain/path`, the domain of two labels or more. Source: certificates validation ValidateSignerName. */
function signerName(field: Field): void {
  if (field.empty) return field.required('FIELD_REQUIRED')
  field.format(CODE, (name) => {
    const segments = name.split('/')
    const [domain = '', path = ''] = segments
    if (segments.length !== 2)
      return ["must be a fully qualified domain and path of the form 'example.com/signer-name'"]
    const labels = domain.split('.')
    const bad = [...labels.flatMap(dns1123Label).slice(0, 1), ...path.split('.').flatMap(dns1123Subdomain).slice(0, 1)]
    if (labels.length < 2) bad.push('should be a domain with at least two segments separated by dots')
    if (domain.length > 253 || name.length > MAX_SIGNER) bad.push(`must be no more than ${MAX_SIGNER} characters`)
    return bad
  })
}

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]
const MIN_SECONDS = 600

/** Source: certificates validation ValidateCertificateSigningRequestCreate. */
export function signingRequest(object: Field): void {
  const spec = object.get('spec')
  request(spec.get('request'))
  const usages = spec.get('usages')
  usages.nonEmpty()
  for (const usage of usages.items()) usage.oneOfStrict(CODE, USAGES)
  distinct(usages.items(), CODE)
  const signer = spec.get('signerName')
  if (signer.text === 'kubernetes.io/legacy-unknown')
    signer.invalid(CODE, 'the legacy signerName is not allowed via this API version')
  else signerName(signer)
  systemMasters(spec)
  const seconds = spec.get('expirationSeconds')
  if (seconds.number !== undefined && seconds.number < MIN_SECONDS) {
    seconds.invalid(CODE, 'may not specify a duration less than 600 seconds (10 minutes)')
  }
}

/** The object identifier of an organization in DER; a tag, a length and its text follow. */
const ORGANIZATION = String.fromCharCode(0x06, 0x03, 0x55, 0x04, 0x0a)
const MASTERS = `${String.fromCharCode('system:masters'.length)}system:masters`

/** Nobody may request client certificates of system:masters. Source: admission CertificateSubjectRestriction. */
function systemMasters(spec: Field): void {
  if (spec.get('signerName').text !== 'kubernetes.io/kube-apiserver-client') return
  const der = derOf(bytesOf(spec.get('request')) ?? '')
  const values = der?.split(ORGANIZATION).slice(1) ?? []
  if (values.some((value) => value.startsWith(MASTERS, 1)))
    spec.get('request').forbidden(CODE, 'use of kubernetes.io/kube-apiserver-client with system:masters is not allowed')
}

/** A PEM block with a PKCS #10 request. Its signature cannot be verified here. */
function request(field: Field): void {
  const pem = bytesOf(field)
  const fault = pem === undefined ? undefined : requestFault(pem)
  if (fault !== undefined) field.invalid(CODE, fault)
}

function requestFault(pem: string): string | undefined {
  const block = /-----BEGIN ([^-\n]*)-----\r?\n([\s\S]*?)-----END ([^-\n]*)-----/.exec(pem)
  const type = 'PEM block type must be CERTIFICATE REQUEST'
  if (block === null || block[1] !== 'CERTIFICATE REQUEST' || block[3] !== block[1]) return type
  const der = derOf(pem)
  return der !== undefined && isSequenceOfThree(der) ? undefined : 'must be a PKCS #10 certificate request'
}

/** The content of the first PEM block. */
function derOf(pem: string): string | undefined {
  const body = /-----BEGIN [^-\n]*-----\r?\n([\s\S]*?)-----END /.exec(pem)?.[1]
  return body === undefined ? undefined : decoded(body.replace(/^[^\n]*:[^\n]*\n/gm, ''))
}

function decoded(base64: string): string | undefined {
  try {
    return atob(base64.replace(/\s/g, ''))
  } catch {
    return undefined
  }
}

/** The outermost form of a request in DER: a sequence of two sequences and a bit string, and nothing after it. */
function isSequenceOfThree(der: string): boolean {
  const outer = element(der, 0)
  if (outer?.tag !== 0x30 || outer.end !== der.length) return false
  let at = outer.start
  for (const tag of [0x30, 0x30, 0x03]) {
    const inner = element(der, at)
    if (inner?.tag !== tag || inner.end > outer.end) return false
    at = inner.end
  }
  return at === outer.end
}

/** One element of DER at an offset; undefined where its length is not readable. */
function element(der: string, offset: number): { tag: number; start: number; end: number } | undefined {
  const byte = (at: number): number => der.charCodeAt(at)
  if (offset + 2 > der.length) return undefined
  const first = byte(offset + 1)
  if (first < 0x80) return { tag: byte(offset), start: offset + 2, end: offset + 2 + first }
  const count = first & 0x7f
  if (count === 0 || count > 4 || offset + 2 + count > der.length) return undefined
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + byte(offset + 2 + i)
  return { tag: byte(offset), start: offset + 2 + count, end: offset + 2 + count + length }
}

/** Source: certificates validation ValidateClusterTrustBundle, ValidateClusterTrustBundleName. */
export function trustBundle(object: Field): void {
  const signer = object.get('spec', 'signerName')
  if (!signer.empty) signerName(signer)
  object.get('metadata', 'name').format('METADATA_NAME', (name) => bundleName(name, signer.text ?? ''))
  const bundle = object.get('spec', 'trustBundle')
  if (bundle.empty) bundle.required('FIELD_REQUIRED')
  else if (bundle.text !== undefined && !bundle.text.includes('-----BEGIN CERTIFICATE-----')) {
    bundle.invalid(CODE, 'no valid trust anchors: must be one or more PEM blocks of type CERTIFICATE', {
      shown: '<value omitted>',
    })
  }
}

function bundleName(name: string, signer: string): readonly string[] {
  if (signer === '')
    return name.includes(':')
      ? ['ClusterTrustBundle without signer name must not have ":" in its name']
      : dns1123Subdomain(name)
  const prefix = `${signer.replaceAll('/', ':')}:`
  if (!name.startsWith(prefix))
    return [`ClusterTrustBundle for signerName ${signer} must be named with prefix ${prefix}`]
  return dns1123Subdomain(name.slice(prefix.length))
}
