import type { Finding } from '../diagnostics/finding.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'

/** `${name}`, `${name:=default}` and the like, as Flux (postBuild substitution) and envsubst fill them in. */
const PLACEHOLDER = /^\$\{[A-Za-z_]\w*(?:[:\-=+?,#/^%][^}]*)?\}$/
const ENCRYPTED = 'ENC['

/**
 * Findings about values that are filled in before the object is applied, named for what they are: placeholders of Flux
 * and envsubst, and what SOPS encrypted. The encrypted values and the key `sops` are no errors: whoever decrypts the
 * object removes them (sops `stores.SopsMetadataKey`).
 */
export function explainLaterValues(data: JsonObject, findings: readonly Finding[]): readonly Finding[] {
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
      hint: 'to check them: sops decrypt FILE | sidecarctl validate -',
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
  if (found.code !== 'FIELD_TYPE' && found.code !== 'FIELD_FORMAT') return found
  const value = valueAt(data, found.path)
  if (typeof value !== 'string' || !PLACEHOLDER.test(value)) return found
  return {
    ...found,
    message: `${found.message}, a placeholder of Flux or envsubst`,
    hint: 'substitute it first, for example with flux envsubst or envsubst, and validate the output',
  }
}
