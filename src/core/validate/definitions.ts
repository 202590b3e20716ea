import { getOrMake } from '../common/maps.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject, type Json, type JsonObject } from '../json/json.ts'
import type { CustomKind, CustomSchemas } from '../schema/custom-kinds.ts'
import type { KubeSchema } from '../schema/kube-schema.ts'
import { detachString } from '../text/detach.ts'
import type { SourceText } from '../text/source.ts'
import { maySplitWords } from '../yaml/read/odd-spelling.ts'
import { splitDocuments, type RawDocument } from '../yaml/read/split.ts'
import { isDefinition } from './input-validator.ts'
import { objectsIn, readObjects } from './read-objects.ts'

const DEFINITION = 'CustomResourceDefinition'

/** False for a text without CustomResourceDefinitions. */
function mayDefine(source: SourceText): boolean {
  const { text } = source
  // Few texts with escapes hold any, so these are parsed instead of loading what definitions need.
  return text.includes(DEFINITION) || (maySplitWords(text) && definitionsIn(splitDocuments(source)).length > 0)
}

/** False for a text in which no scalar can contain a word. */
function mayHold(text: string, word: string): boolean {
  return text.includes(word) || maySplitWords(text)
}

/** Where the definitions of a validation come from. Those in inputs override the given ones. */
export interface DefinitionSources {
  readonly inputs: readonly SourceText[]
  readonly given: readonly JsonObject[]
}

/** The definitions of one document, or of one part of a long input. */
interface DefinitionGroup {
  /** False if none of them can define the kind. */
  mayDefine(kind: string): boolean
  /** Parses them. */
  read(): JsonObject[]
}

/**
 * Documents are searched for the names of at most this many kinds. For more kinds every definition is parsed, so that
 * the time does not grow with kinds times documents.
 */
const MAX_SEARCHES = 64
/** Names that every YAML style writes unchanged, apart from what `maySplitWords` finds. */
const WORD = /^[\w-]+$/

/**
 * The custom kinds of all definitions. A definition is parsed when an object of its kind is validated, as inputs often
 * define many kinds that they do not use. If two definitions have the same kind, the last one counts.
 */
class DefinedKinds {
  readonly #sources: DefinitionSources
  #groups: readonly DefinitionGroup[] | undefined
  readonly #schemasOf: (definitions: readonly JsonObject[]) => CustomSchemas
  readonly #read = new Map<DefinitionGroup, CustomSchemas>()
  readonly #found = new Map<string, CustomKind | undefined>()
  readonly #searched = new Set<string>()

  constructor(sources: DefinitionSources, schemasOf: (definitions: readonly JsonObject[]) => CustomSchemas) {
    this.#sources = sources
    this.#schemasOf = schemasOf
  }

  find(apiVersion: string, kind: string): CustomKind | undefined {
    const key = `${apiVersion} ${kind}`
    if (!this.#found.has(key)) this.#found.set(key, this.#search(apiVersion, kind))
    return this.#found.get(key)
  }

  #search(apiVersion: string, kind: string): CustomKind | undefined {
    this.#searched.add(kind)
    const isSearched = this.#searched.size <= MAX_SEARCHES && WORD.test(kind)
    this.#groups ??= groupsIn(this.#sources)
    for (const group of this.#groups) {
      if (isSearched && !this.#read.has(group) && !group.mayDefine(kind)) continue
      const found = this.#kindsOf(group).find(apiVersion, kind)
      if (found !== undefined) return found
    }
    return undefined
  }

  #kindsOf(group: DefinitionGroup): CustomSchemas {
    return getOrMake(this.#read, group, () => this.#schemasOf(group.read()))
  }
}

/** Last group first. */
function groupsIn({ inputs, given }: DefinitionSources): DefinitionGroup[] {
  return [{ mayDefine: () => true, read: () => [...given] }, ...inputs.flatMap(groupsOf)].toReversed()
}

function groupsOf(source: SourceText): DefinitionGroup[] {
  if (source.isStored)
    return [{ mayDefine: () => true, read: () => definitionsIn(splitDocuments(source)).map(detachData) }]
  return splitDocuments(source).flatMap((document) => {
    const textOf = (): string => source.text.slice(document.start, document.end)
    if (!mayHold(textOf(), DEFINITION)) return []
    return [{ mayDefine: (kind: string) => mayHold(textOf(), kind), read: () => definitionsIn([document]) }]
  })
}

function definitionsIn(documents: readonly RawDocument[]): JsonObject[] {
  return documents
    .flatMap(objectsIn)
    .filter(isDefinition)
    .map(({ data }) => data)
}

/** The CustomResourceDefinitions in an input, and its diagnostics, such as that it holds none. */
export function readDefinitions(source: SourceText): { definitions: JsonObject[]; problems: readonly Diagnostic[] } {
  const items = [...readObjects(source)]
  const definitions = items.flatMap(({ object }) => (object !== undefined && isDefinition(object) ? [object.data] : []))
  const problems = items.flatMap(({ diagnostics }) => diagnostics)
  if (definitions.length > 0 || hasErrors(problems)) return { definitions, problems }
  const at = { source, range: { start: 0, end: 0 } }
  const hint = 'definitions have apiVersion apiextensions.k8s.io/v1 and kind CustomResourceDefinition'
  return {
    definitions,
    problems: [...problems, diagnostic('CRD_NONE', 'no CustomResourceDefinition in this input', { at, hint })],
  }
}

/** A copy of data whose strings do not keep the text of the input alive. */
function detachData<T extends Json>(data: T): T
function detachData(data: Json): Json {
  if (typeof data === 'string') return detachString(data)
  if (Array.isArray(data)) return data.map((item) => detachData(item))
  if (!isObject(data)) return data
  const out = emptyObject()
  for (const [key, value] of Object.entries(data)) out[key] = detachData(value)
  return out
}

/**
 * Returns the custom kinds for the schema of a Kubernetes version; undefined without any definition. Their module, and
 * the one for CEL rules, is loaded only if needed.
 */
export async function loadCustomKinds({
  inputs,
  given,
}: DefinitionSources): Promise<((schema: KubeSchema) => CustomSchemas) | undefined> {
  const defining = inputs.filter(mayDefine)
  if (defining.length === 0 && given.length === 0) return undefined
  const { customSchemas, mayHaveRules } = await import('../schema/custom-kinds.ts')
  const { embeddedResourceFindings } = await import('./embedded-resources.ts')
  const hasRules = mayHaveRules(given) || defining.some(({ text }) => mayHold(text, 'x-kubernetes-validations'))
  const cel = hasRules ? await import('../cel/support.ts') : undefined
  return (schema) => {
    const schemasOf = (definitions: readonly JsonObject[]): CustomSchemas =>
      customSchemas(schema, definitions, { cel, embeddedResources: embeddedResourceFindings })
    const kinds = new DefinedKinds({ inputs: defining, given }, schemasOf)
    const { checkDefinition } = schemasOf([])
    return { find: (apiVersion, kind) => kinds.find(apiVersion, kind), checkDefinition }
  }
}
