import { isObject, type JsonObject } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'

/** A Compose file as data and nodes. */
export interface ComposeFile {
  doc: YamlDocument
  data: JsonObject
  services: JsonObject
}

/** What a text must hold to be worth reading as a Compose file. */
const SERVICES = /^["']?services["']?[ \t]*:|"services"\s*:/m

/** Whether an input is worth reading as a Compose file; a part of a long one never is. */
export function mayBeComposeFile(source: SourceText): boolean {
  return !source.isStored && !source.isContinued && SERVICES.test(source.text)
}

/**
 * Reads a text as a Compose file: one document, a map with `services` and without the `apiVersion` and `kind` of
 * Kubernetes. Source: the Compose Specification, spec.md.
 * @returns undefined where it is none, or cannot be read
 */
export function readComposeFile(source: SourceText): ComposeFile | undefined {
  if (!mayBeComposeFile(source)) return undefined
  const [doc, ...more] = splitDocuments(source)
    .flatMap(readRawDocument)
    .filter((one) => 'error' in one || one.root !== undefined)
  if (doc === undefined || 'error' in doc || more.length > 0 || !isObject(doc.data)) return undefined
  const { data } = doc
  const services = data['services']
  if (!isObject(services) || data['apiVersion'] !== undefined || data['kind'] !== undefined) return undefined
  return { doc, data, services }
}
