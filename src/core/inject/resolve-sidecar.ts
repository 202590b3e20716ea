import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { appContainers, nameOf } from '../desired/pod-paths.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import type { ChosenSidecar } from '../selection/selection.ts'
import { resolveTemplate } from '../template/resolve-template.ts'
import type { Sidecar, Template, TemplateContext } from '../template/template.ts'

/** Says that a template of the user stands in for a built-in one. */
export function overrideNote({ name, place }: Template, { builtins }: InjectOptions): Diagnostic[] {
  if (builtins.read(name) === undefined) return []
  const message = `this template is used in place of the built-in one called "${name}"`
  return [diagnostic('TEMPLATE_OVERRIDES', message, { at: place(['metadata', 'name']) })]
}

/** A template with the values of all levels and of the workload put in. */
export function resolveSidecar(
  { template, values }: ChosenSidecar,
  workload: Workload,
  draft: DesiredPod,
  mode: 'native' | 'classic',
): { sidecar?: Sidecar; diagnostics: Diagnostic[] } {
  const { sidecar, diagnostics } = resolveTemplate(template, values, contextOf(workload, draft, mode))
  const marked = diagnostics.map((d) => Object.assign({ resource: workload.ref }, d))
  return sidecar === undefined || hasErrors(marked) ? { diagnostics: marked } : { sidecar, diagnostics: marked }
}

function contextOf(workload: Workload, draft: DesiredPod, mode: 'native' | 'classic'): TemplateContext {
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
