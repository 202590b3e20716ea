import { detachString, MOST_TEXTS } from '../text/detach.ts'
import type { Diagnostic, ResourceRef } from './diagnostic.ts'

/**
 * Copies strings that outlive the text of a part of a long input (`SourceText.isStored`): a slice of a text, as
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
      ...(related !== undefined && {
        related: related.map((other) => ({ message: this.#common(other.message), at: other.at })),
      }),
    }
  }

  resource({ apiVersion, kind, namespace, name }: ResourceRef): ResourceRef {
    return {
      apiVersion: this.#common(apiVersion),
      kind: this.#common(kind),
      namespace: this.#common(namespace),
      name: detachString(name),
    }
  }

  /** A string that is likely to occur again. */
  #common(text: string): string {
    const known = this.#texts.get(text)
    if (known !== undefined) return known
    const own = detachString(text)
    if (this.#texts.size < MOST_TEXTS) this.#texts.set(own, own)
    return own
  }
}
