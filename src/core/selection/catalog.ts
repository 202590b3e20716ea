import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { openTemplates, type TemplateLibrary } from '../template/library.ts'
import type { Template } from '../template/template.ts'
import type { SourceText } from '../text/source.ts'

/** The templates that can be chosen. */
export interface Catalog {
  /** Sorted. */
  readonly names: readonly string[]
  /** True for a name that is among them. */
  has(name: string): boolean
  /** The template of a name; undefined for one that is unknown, or has errors. */
  get(name: string): Template | undefined
  /** True for a name of the user's own templates. */
  isOwn(name: string): boolean
}

/** Opens the templates of a run; each is read once. Errors in the user's own are reported. */
export async function openCatalog(options: {
  readonly templates: readonly SourceText[]
  readonly builtins: TemplateLibrary
}): Promise<{ catalog: Catalog; diagnostics: Diagnostic[] }> {
  const { templates, diagnostics } = await openTemplates(options.templates, options.builtins)
  const found = new Map<string, Template | undefined>()
  const get = (name: string): Template | undefined => {
    if (!found.has(name)) found.set(name, templates.find(name))
    return found.get(name)
  }
  // A run that names its sidecars need not list all templates; they are listed once a name is unknown.
  let names: readonly string[] | undefined
  const catalog: Catalog = {
    get names() {
      return (names ??= templates.names())
    },
    has: (name) => (names === undefined && get(name) !== undefined) || catalog.names.includes(name),
    get,
    isOwn: templates.isOwn,
  }
  return { catalog, diagnostics }
}
