import type { Diagnostic } from '../diagnostic.ts'
import type { InjectOptions } from '../options.ts'
import { openTemplates } from '../template/library.ts'
import type { Template } from '../template/types.ts'

/** The templates that can be chosen. */
export interface Catalog {
  /** Sorted. */
  readonly names: readonly string[]
  /** The template of a name; undefined for one that is unknown, or has errors. */
  get(name: string): Template | undefined
  /** True for a name of the user's own templates. */
  isOwn(name: string): boolean
}

/** Opens the templates of a run, of which each is read once. Errors in the user's own are reported. */
export async function openCatalog(
  options: Pick<InjectOptions, 'templates' | 'builtins'>,
): Promise<{ catalog: Catalog; diagnostics: Diagnostic[] }> {
  const { templates, diagnostics } = await openTemplates(options.templates, options.builtins)
  const found = new Map<string, Template | undefined>()
  const get = (name: string): Template | undefined => {
    if (!found.has(name)) found.set(name, templates.find(name))
    return found.get(name)
  }
  return { catalog: { names: templates.names(), get, isOwn: templates.isOwn }, diagnostics }
}
