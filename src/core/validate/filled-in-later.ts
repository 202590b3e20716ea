import type { Finding } from '../diagnostics/finding.ts'
import { formatJsonPath, isObject, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { fillPlaceholders, findPlaceholder, hasPlaceholder, isPlaceholder } from './placeholder.ts'

const ENCRYPTED = 'ENC['

/**
 * Adapts findings on values that are filled in before the object is applied: placeholders of Flux and envsubst, and
 * values encrypted by SOPS. Findings on a placeholder say that it is one. Findings on encrypted values and on the key
 * `sops` are dropped, because whoever decrypts the object removes them (sops `stores.SopsMetadataKey`).
 * @param recheck validates the object with other values; if given, placeholders count as valid values. Default: they do
 * not.
 */
export function explainLaterValues(
  data: JsonObject,
  findings: readonly Finding[],
  recheck?: (data: JsonObject) => readonly Finding[],
): readonly Finding[] {
  const first = recheck === undefined ? undefined : findPlaceholder(data)
  if (recheck === undefined || first === undefined) return explain(data, findings)
  const kept = findings.filter((found) => isDuplicate(found) || !isAboutPlaceholder(data, found))
  const open = findings.filter((found) => !kept.includes(found) && !canBeAnything(data, found))
  return [
    ...explain(data, [...kept, ...neverValid(data, open, recheck)]),
    {
      code: 'VALUE_NOT_CHECKED',
      path: first,
      message: 'placeholders of Flux or envsubst in this object count as valid values and were not checked',
    },
  ]
}

/** Values tried for a placeholder inside a longer text, to see whether any of them makes the text valid. */
const PROBES = ['1', 'a', 'aaaa', '', '10.0.0.1']

/** Findings on texts that no value of their placeholder makes valid: `UPPER_${x}` is never a name. */
function neverValid(
  data: JsonObject,
  open: readonly Finding[],
  recheck: (data: JsonObject) => readonly Finding[],
): readonly Finding[] {
  return PROBES.reduce((left, probe) => {
    if (left.length === 0) return left
    const places = new Set(recheck(fillPlaceholders(data, probe)).map(placeOf))
    return left.filter((found) => places.has(placeOf(found)))
  }, open)
}

function placeOf({ path, at = path }: Finding): string {
  return formatJsonPath(at)
}

/**
 * Whether some value may cure a finding that cannot be tried out: it is on a value that is only a placeholder, on
 * several values, or on a key.
 */
function canBeAnything(data: JsonObject, { path: named, at: path = named }: Finding): boolean {
  const value = valueAt(data, path)
  return typeof value !== 'string' || isPlaceholder(value) || !hasPlaceholder(value)
}

/** A duplicate stays one whatever is filled in: the same placeholder twice is the same value twice. */
function isDuplicate({ message }: Finding): boolean {
  return /\bduplicate\b/i.test(message)
}

/** Whether a finding depends on a value, or a key, that is filled in later. */
function isAboutPlaceholder(data: JsonObject, { code, on, path: named, at: path = named }: Finding): boolean {
  if (path.some((step) => typeof step === 'string' && hasPlaceholder(step))) return true
  // A key that must not exist is wrong with any value.
  if (on === 'key' || code === 'FIELD_UNKNOWN') return false
  const value = valueAt(data, path)
  if (typeof value === 'string') return hasPlaceholder(value)
  // Selector and labels are compared, and the finding is at one of them.
  const compared = code === 'SELECTOR_MISMATCH' ? [value, valueAt(data, ['spec', 'selector'])] : []
  return compared.some((one) => one !== undefined && findPlaceholder(one) !== undefined)
}

function explain(data: JsonObject, findings: readonly Finding[]): readonly Finding[] {
  const isEncrypted = isEncryptedBySops(data)
  if (findings.length === 0) return findings
  const kept = isEncrypted ? findings.filter((found) => !isAboutEncryption(data, found)) : findings
  const explained = kept.map((found) => withPlaceholder(data, found))
  if (kept.length === findings.length) return explained
  const message = 'the object is encrypted by SOPS; its encrypted values were not checked'
  return [
    ...explained,
    {
      code: 'VALUE_NOT_CHECKED',
      path: ['sops'],
      on: 'key',
      message,
      hintFor: (file) =>
        file === '-'
          ? 'to check them, decrypt the input first'
          : `to check them: sops decrypt ${file} | sidecarctl validate -`,
    },
  ]
}

function isEncryptedBySops({ sops }: JsonObject): boolean {
  return isObject(sops) && typeof sops['mac'] === 'string' && typeof sops['version'] === 'string'
}

function isAboutEncryption(data: JsonObject, { code, path }: Finding): boolean {
  if (code === 'FIELD_UNKNOWN') return path.length === 1 && path[0] === 'sops'
  const value = valueAt(data, path)
  return typeof value === 'string' && value.startsWith(ENCRYPTED)
}

function withPlaceholder(data: JsonObject, found: Finding): Finding {
  if (!isAboutPlaceholder(data, found) || isDuplicate(found)) return found
  const value = valueAt(data, found.at ?? found.path)
  if (found.code === 'FIELD_TYPE' && typeof value === 'string' && !isPlaceholder(value)) return found
  return {
    ...found,
    message: `${found.message}, a placeholder of Flux or envsubst`,
    hint: 'substitute it first, for example with flux envsubst or envsubst; or use --allow-placeholders, which accepts it as a valid value',
  }
}
