import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { knownName, textMap, type Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { chosenContainers, nameOf } from '../desired/pod-paths.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import type { ChosenSidecar } from '../selection/selection.ts'
import { resolveTemplate } from '../template/resolve-template.ts'
import type { Sidecar, Template, TemplateContext } from '../template/template.ts'

/** Says that a template of the user stands in for a built-in one. */
export function overrideNote({ name, place }: Template, { builtins }: InjectOptions): Diagnostic[] {
  if (builtins.read(name) === undefined) return []
  const message = `this template overrides the built-in template "${name}"`
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
  const { doc, node, ref } = workload
  const at = { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } }
  const marked = diagnostics.map((one) =>
    Object.assign({ resource: ref, ...(one.code === 'PARAM_REQUIRED' && { at, document: doc.index }) }, one),
  )
  return sidecar === undefined || hasErrors(marked) ? { diagnostics: marked } : { sidecar, diagnostics: marked }
}

function contextOf(workload: Workload, draft: DesiredPod, mode: 'native' | 'classic'): TemplateContext {
  const [app] = chosenContainers(draft)
  const ports = app !== undefined && Array.isArray(app['ports']) ? app['ports'].filter(isObject) : []
  const port = ports.find((p) => p['name'] === 'http') ?? ports[0]
  const { name, isGenerated } = knownName(workload.data)
  return {
    // Of a name that will be generated the text before the random part, without the dash between them.
    workload: {
      ...workload.ref,
      name: isGenerated ? name.replace(/[-.]{1,58}$/, '') : name,
      labels: textMap(workload.data, ['metadata', 'labels']),
    },
    app: {
      container: app === undefined ? '' : nameOf(app),
      image: app !== undefined && typeof app['image'] === 'string' ? app['image'] : '',
      port: typeof port?.['containerPort'] === 'number' ? port['containerPort'] : undefined,
      portName: typeof port?.['name'] === 'string' ? port['name'] : undefined,
    },
    mode,
  }
}
