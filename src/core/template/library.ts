import { append } from '../common/append.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { clone, isObject, type Json, type JsonObject } from '../json/json.ts'
import { LIMITS } from '../common/limits.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import type { SourceText } from '../text/source.ts'
import { validateTemplate } from './validate-template.ts'
import { readTemplateDocument } from './template-document.ts'
import { extendDocument } from './extend.ts'
import { readBuiltinPattern } from './pattern.ts'
import { parseTemplate, templateProblem, type TemplateDocument } from './parse-template.ts'
import type { Sidecar, Template } from './template.ts'

/** The templates that can be named: the user's own, and those that come with the program. */
export interface Templates {
  /** A template by name, the user's own before a built-in one; undefined for one that is unknown, or has errors. */
  find(name: string): Template | undefined
  /** All names, sorted. */
  names(): readonly string[]
  /** True for a name of the user's own templates, whether it has errors or not. */
  isOwn(name: string): boolean
}

/**
 * Reads and checks the user's templates, each with what it extends; of two with the same name the later one wins.
 * Built-in templates are read when they are asked for.
 */
export async function openTemplates(
  sources: readonly SourceText[],
  builtins: TemplateLibrary,
): Promise<{ templates: Templates; diagnostics: Diagnostic[] }> {
  const read = sources.map(readTemplateDocument)
  const documents = read.flatMap(({ document }) => document ?? [])
  const own = new Map(documents.map((document) => [headerName(document), document]))
  const known = (): string[] => [...new Set([...builtins.names, ...own.keys()])].sort()
  const diagnostics: Diagnostic[] = []
  const checked = new Map<string, Template>()
  for (const { document, diagnostics: problems } of read) {
    append(diagnostics, problems)
    if (document === undefined) continue
    const { template, diagnostics: more } = await checkOwn(document, { own, builtins, known })
    append(diagnostics, more)
    if (template !== undefined) checked.set(template.name, template)
  }
  return {
    templates: {
      find: (name) => (own.has(name) ? checked.get(name) : builtinTemplate(name, builtins)),
      names: known,
      isOwn: (name) => own.has(name),
    },
    diagnostics,
  }
}

/** Where a template's base is looked for. */
interface Bases {
  own: ReadonlyMap<string, TemplateDocument>
  builtins: TemplateLibrary
  known: () => string[]
}

async function checkOwn(document: TemplateDocument, bases: Bases): ReturnType<typeof validateTemplate> {
  const complete = withBases(document, bases, [headerName(document)])
  return 'code' in complete ? { diagnostics: [complete] } : await validateTemplate(complete)
}

function headerName({ data }: TemplateDocument): string {
  const name = isObject(data['metadata']) ? data['metadata']['name'] : undefined
  return typeof name === 'string' ? name : ''
}

function extendsOf({ data }: TemplateDocument): Json | undefined {
  return isObject(data['spec']) ? data['spec']['extends'] : undefined
}

/**
 * A template merged with all that it extends, or why that is not possible. A template that extends its own name extends
 * the built-in one that it replaces.
 */
function withBases(document: TemplateDocument, bases: Bases, from: readonly string[]): TemplateDocument | Diagnostic {
  const wanted = extendsOf(document)
  // A value that is not a text is reported with the other problems of the format.
  if (typeof wanted !== 'string') return document
  const problem = (message: string, hint?: string): Diagnostic =>
    templateProblem(document.place, ['spec', 'extends'], message, hint)
  if (wanted === from.at(-1)) {
    const base = builtinDocument(wanted, bases.builtins)
    return base === undefined ? problem('a template cannot extend itself') : extendDocument(document, base)
  }
  if (from.length >= LIMITS.extendsDepth.value) {
    return problem(`more than ${LIMITS.extendsDepth.value} templates extend one another`)
  }
  if (from.includes(wanted)) return problem(`templates extend each other in a cycle: ${[...from, wanted].join(', ')}`)
  const ownBase = bases.own.get(wanted)
  const base =
    ownBase === undefined ? builtinDocument(wanted, bases.builtins) : withBases(ownBase, bases, [...from, wanted])
  if (base === undefined) return problem(`unknown template ${wanted}`, didYouMeanHint(wanted, bases.known()))
  return 'code' in base ? base : extendDocument(document, base)
}

/** A built-in template; these are checked by tests, so a broken one is a bug. */
export function builtinTemplate(name: string, builtins: TemplateLibrary): Template | undefined {
  const document = builtinDocument(name, builtins)
  if (document === undefined) return undefined
  const { template, diagnostics } = parseTemplate(document, readBuiltinPattern)
  if (template === undefined)
    throw new Error(`the built-in template ${name} is broken: ${diagnostics[0]?.message ?? ''}`)
  return template
}

/**
 * The document of a built-in template with all that it extends. Where the build made it ready its text is read only when
 * a place in it is asked for.
 */
export function builtinDocument(name: string, builtins: TemplateLibrary): TemplateDocument | undefined {
  const made = builtins.ready?.(name)
  if (made === undefined) return readBuiltin(name, builtins, [])
  let read: TemplateDocument | undefined
  const place: TemplateDocument['place'] = (path) => {
    read ??= readBuiltin(name, builtins, [])
    if (read === undefined) throw new Error(`the text of the built-in template ${name} is missing`)
    return read.place(path)
  }
  const { document: data, sidecar } = made
  return { data, place, checked: true, ready: sidecar && (clone(sidecar) as unknown as Sidecar) }
}

function readBuiltin(name: string, builtins: TemplateLibrary, from: readonly string[]): TemplateDocument | undefined {
  const source = builtins.read(name)
  if (source === undefined) return undefined
  const { document } = readTemplateDocument(source)
  const wanted = document === undefined ? undefined : extendsOf(document)
  if (document === undefined || typeof wanted !== 'string') return document
  const base = from.includes(wanted) ? undefined : readBuiltin(wanted, builtins, [...from, name])
  if (base === undefined) throw new Error(`the built-in template ${name} extends ${wanted}, which is not there`)
  return extendDocument(document, base)
}
/** What the build makes of a built-in template, as plain data. */
export interface ReadyTemplate {
  /** Its document with all that it extends. */
  document: JsonObject
  /** The `Sidecar` that it becomes where no parameter is given, if that is the same in every workload. */
  sidecar?: JsonObject
}
/** The templates that come with the program, read only when one is asked for. */
export interface TemplateLibrary {
  /** Names of the built-in templates, sorted. */
  readonly names: readonly string[]
  /** The text of a built-in template; undefined for a name that is not in `names`. */
  read(name: string): SourceText | undefined
  /** The same as the build made it ready; undefined where it did not. */
  ready?(name: string): ReadyTemplate | undefined
}
