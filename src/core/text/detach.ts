import type { Diagnostic, ResourceRef } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject, type Json } from '../json/json.ts'

/** Texts of which one is kept for all that are the same, up to this number. */
const MOST_TEXTS = 10_000

/**
 * Copies what is kept of a part of a long input when its text is gone (`SourceText.isStored`): a slice of a text, as
 * every name that was read is one, keeps all of the text in memory.
 */
export class StringDetacher {
  readonly #texts = new Map<string, string>()

  diagnostic(found: Diagnostic): Diagnostic {
    const { message, hint, resource, path, related } = found
    return {
      ...found,
      message: detachString(message),
      ...(hint !== undefined && { hint: this.#common(hint) }),
      ...(resource !== undefined && { resource: this.resource(resource) }),
      ...(path !== undefined && { path: path.map((step) => (typeof step === 'string' ? this.#common(step) : step)) }),
      ...(related !== undefined && { related: related.map((other) => ({ message: this.#common(other.message), at: other.at })) }),
    }
  }

  resource({ apiVersion, kind, namespace, name }: ResourceRef): ResourceRef {
    return { apiVersion: this.#common(apiVersion), kind: this.#common(kind), namespace: this.#common(namespace), name: detachString(name) }
  }

  /** A text that is likely to come again. */
  #common(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const own = detachString(text)
    if (this.#texts.size < MOST_TEXTS) this.#texts.set(own, own)
    return own
  }
}

/** The same text by itself. */
export function detachString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}

/** The same data with texts of its own. */
export function detachData<T extends Json>(data: T): T
export function detachData(data: Json): Json {
  if (typeof data === 'string') return detachString(data)
  if (Array.isArray(data)) return data.map((item) => detachData(item))
  if (!isObject(data)) return data
  const out = emptyObject()
  for (const [key, value] of Object.entries(data)) out[key] = detachData(value)
  return out
}
