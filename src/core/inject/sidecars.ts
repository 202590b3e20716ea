import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from '../options.ts'
import { appContainers, nameOf } from '../plan/pod.ts'
import type { PodDraft } from '../plan/draft.ts'
import { suggestionHint } from '../suggest.ts'
import { openTemplates, type Templates } from '../template/library.ts'
import { resolveTemplate } from '../template/resolve.ts'
import type { Sidecar, Template, TemplateContext } from '../template/types.ts'
import { orderTemplates } from './order.ts'

/** The sidecar that is used when none is chosen anywhere. */
export const DEFAULT_SIDECAR = 'logging'

/** The templates of a run, in the order in which they are injected. */
export interface Chosen {
  templates: Template[]
  diagnostics: Diagnostic[]
}

/** Finds the templates that are asked for: the user's own first, then the built-in ones. */
export async function chooseTemplates(options: InjectOptions): Promise<Chosen> {
  const { templates: known, diagnostics } = await openTemplates(options.templates, options.builtins)
  const chosen: Template[] = []
  for (const name of new Set(options.sidecars ?? [DEFAULT_SIDECAR])) {
    const template = known.find(name)
    if (template !== undefined) {
      chosen.push(template)
      if (known.isOwn(name)) diagnostics.push(...overrideNote(template, options))
    } else if (!known.isOwn(name)) {
      const hint = suggestionHint(name, known.names())
      diagnostics.push(diagnostic('SIDECAR_UNKNOWN', `no sidecar "${name}" is known`, hint === undefined ? {} : { hint }))
    }
  }
  diagnostics.push(...unusedParameters(options, known, chosen))
  const ordered = orderTemplates(chosen)
  return { templates: ordered.templates, diagnostics: [...diagnostics, ...ordered.diagnostics] }
}

/** Says that a template of the user stands in for a built-in one. */
function overrideNote({ name, place }: Template, { builtins }: InjectOptions): Diagnostic[] {
  if (builtins.read(name) === undefined) return []
  const message = `this template is used in place of the built-in one called "${name}"`
  return [diagnostic('TEMPLATE_OVERRIDES', message, { at: place(['metadata', 'name']) })]
}

/** A `--set` for a template that is not injected would be ignored in silence. */
function unusedParameters(options: InjectOptions, known: Templates, chosen: readonly Template[]): Diagnostic[] {
  const names = new Set(chosen.map((t) => t.name))
  const missing = new Set(options.parameters.map((p) => p.template).filter((name) => !names.has(name)))
  return [...missing].map((name) => {
    if (known.names().includes(name)) {
      const message = `a value is set for sidecar "${name}", which is not among the chosen ones`
      return diagnostic('PARAM_UNKNOWN', message, { hint: `choose it with --sidecar ${name}` })
    }
    const hint = suggestionHint(name, known.names())
    const message = `a value is set for sidecar "${name}", which is not known`
    return diagnostic('SIDECAR_UNKNOWN', message, hint === undefined ? {} : { hint })
  })
}

/** A template with the values of the command line and of the workload put in. */
export function resolveFor(
  template: Template,
  workload: Workload,
  draft: PodDraft,
  mode: 'native' | 'classic',
  options: InjectOptions,
): { sidecar?: Sidecar; diagnostics: Diagnostic[] } {
  const given = options.parameters
    .filter((p) => p.template === template.name)
    .map((p) => ({ name: p.name, value: p.value, origin: `--set ${p.template}.${p.name}` }))
  const { sidecar, diagnostics } = resolveTemplate(template, given, contextOf(workload, draft, mode))
  const marked = diagnostics.map((d) => Object.assign({ resource: workload.ref }, d))
  return sidecar === undefined || hasErrors(marked) ? { diagnostics: marked } : { sidecar, diagnostics: marked }
}

function contextOf(workload: Workload, draft: PodDraft, mode: 'native' | 'classic'): TemplateContext {
  const [app] = appContainers(draft)
  const ports = app !== undefined && Array.isArray(app['ports']) ? app['ports'].filter(isObject) : []
  const port = ports.find((p) => p['name'] === 'http') ?? ports[0]
  return {
    workload: { ...workload.ref, labels: textMap(workload.data, ['metadata', 'labels']) },
    app: {
      container: app === undefined ? '' : nameOf(app),
      image: app !== undefined && typeof app['image'] === 'string' ? app['image'] : '',
      port: typeof port?.['containerPort'] === 'number' ? port['containerPort'] : undefined,
      portName: typeof port?.['name'] === 'string' ? port['name'] : undefined,
    },
    mode,
  }
}

/** The string values of a map below an object, such as its labels or annotations. */
export function textMap(data: JsonObject, path: readonly string[]): Record<string, string> {
  const out = Object.create(null) as Record<string, string>
  let value: unknown = data
  for (const step of path) value = isObject(value as JsonObject) ? (value as JsonObject)[step] : undefined
  if (!isObject(value as JsonObject)) return out
  for (const [key, text] of Object.entries(value as JsonObject)) if (typeof text === 'string') out[key] = text
  return out
}
