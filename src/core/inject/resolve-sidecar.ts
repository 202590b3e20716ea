import { atObject } from '../kube/object-place.ts'
import { append } from '../common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { mapsOf } from '../json/json.ts'
import { knownName, textMap, type Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { chosenContainers, nameOf } from '../desired/pod-paths.ts'
import type { DesiredPod } from '../desired/desired-pod.ts'
import type { ChosenSidecar } from '../selection/selection.ts'
import { imagesOf, missedPins, withSettings, type SidecarSettings } from '../selection/sidecar-settings.ts'
import { resolveTemplate } from '../template/resolve-template.ts'
import type { Sidecar, Template, TemplateContext } from '../template/template.ts'

/** Notes that a template of the user overrides a built-in one. */
export function overrideNote({ name, place }: Template, { builtins }: InjectOptions): Diagnostic[] {
  if (builtins.read(name) === undefined) return []
  const message = `this template overrides the built-in template "${name}"`
  return [diagnostic('TEMPLATE_OVERRIDES', message, { at: place(['metadata', 'name']) })]
}

/**
 * Resolves a template with the values of all levels and of the workload.
 * @returns the sidecar, or none where there are errors
 */
export function resolveSidecar(
  { template, values }: ChosenSidecar,
  workload: Workload,
  draft: DesiredPod,
  mode: 'native' | 'classic',
  settings: SidecarSettings | undefined,
): { sidecar?: Sidecar; diagnostics: Diagnostic[] } {
  const { sidecar, diagnostics } = resolveTemplate(template, values, contextOf(workload, draft, mode))
  const marked = diagnostics.map((one) =>
    Object.assign(one.code === 'PARAM_REQUIRED' ? atObject(workload) : { resource: workload.ref }, one),
  )
  if (sidecar === undefined || hasErrors(marked)) return { diagnostics: marked }
  if (settings === undefined) return { sidecar, diagnostics: marked }
  append(
    marked,
    imagesOf(sidecar).flatMap(({ image }) => unpinned(image, settings)),
  )
  return { sidecar: withSettings(sidecar, settings), diagnostics: marked }
}

/** Warns about pins for another tag of an image: an upgrade has probably left them behind. */
function unpinned(image: string, settings: SidecarSettings): Diagnostic[] {
  return missedPins(image, settings).map(({ image: { tag }, at }) =>
    diagnostic('IMAGE_NOT_PINNED', `this pin is for the tag ${tag}, but the sidecar uses ${image}, which has no pin`, {
      at,
      hint: `pin ${image} to its digest`,
    }),
  )
}

function contextOf(workload: Workload, draft: DesiredPod, mode: 'native' | 'classic'): TemplateContext {
  const [app] = chosenContainers(draft)
  const ports = mapsOf(app?.['ports'])
  const port = ports.find((p) => p['name'] === 'http') ?? ports[0]
  const { name, isGenerated } = knownName(workload.data)
  const { apiVersion, kind, namespace } = workload.ref
  return {
    // For a generated name, the text before the random part, without the dash between them.
    workload: {
      apiVersion,
      kind,
      namespace,
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
