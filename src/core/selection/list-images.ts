import { append } from '../common/append.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { neededParameters } from '../template/needed-parameters.ts'
import { resolveTemplate } from '../template/resolve-template.ts'
import type { GivenValue, Template, TemplateContext } from '../template/template.ts'
import type { Catalog } from './catalog.ts'
import type { SelectionOptions } from './selection-options.ts'
import { flagStatement, unusedSettings } from './selector.ts'
import { imagesOf, imageUnder, missedPins, type ImagePin } from './sidecar-settings.ts'

/** An image that a run would use. */
export interface ListedImage {
  sidecar: string
  /** Version of the template. */
  version: string
  /** Containers and image volumes that use it. */
  containers: readonly string[]
  image: string
  /** What it is without the policy's registry and pins. */
  source: string
  checked: Template['checked']
}

/** A workload of no kind in particular, since an image hardly depends on it. */
const ANY_WORKLOAD: Omit<TemplateContext, 'mode'> = {
  workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: '', name: 'workload', labels: {} },
  app: { container: 'app', image: 'app', port: 80, portName: 'http' },
}

/**
 * The images of all sidecars that a run would use: of those that flags name, else of those that the policy's rules add,
 * each with the values of the policy and flags, else of all templates. Annotations of workloads may give others.
 */
export function listImages(
  catalog: Catalog,
  options: SelectionOptions,
): { images: ListedImage[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = []
  const images = new Map<string, ListedImage>()
  const missed = new Set<ImagePin>()
  const all = candidates(catalog, options)
  const { sidecars: _, ...settings } = options
  append(diagnostics, flagStatement(settings, catalog).diagnostics)
  append(diagnostics, unusedSettings(options, catalog, new Set(all.map(({ name }) => name))))
  for (const { name, values } of all) {
    const template = catalog.get(name)
    if (template === undefined) {
      // One of the user's own that has errors was reported when it was read.
      if (!catalog.has(name)) diagnostics.push(unknownSidecar(name, catalog))
      continue
    }
    for (const mode of ['native', 'classic'] as const) {
      const given = [...examples(template), ...values]
      const { sidecar, diagnostics: problems } = resolveTemplate(template, given, { ...ANY_WORKLOAD, mode })
      // Invalid values are invalid in both modes.
      if (mode === 'native') append(diagnostics, problems)
      if (sidecar === undefined) continue
      const settings = options.policy?.sidecarSettings
      for (const { container, image: source } of imagesOf(sidecar)) {
        const image = settings === undefined ? source : imageUnder(source, settings)
        if (settings !== undefined) for (const pin of missedPins(source, settings)) missed.add(pin)
        const { version, checked } = template
        const key = JSON.stringify([name, image])
        const containers = new Set([...(images.get(key)?.containers ?? []), container])
        images.set(key, { sidecar: name, version, containers: [...containers], image, source, checked })
      }
    }
  }
  return { images: [...images.values()], diagnostics: [...diagnostics, ...unusedPins(options, images, missed)] }
}

/** Sidecars with the values that are given for them, from the weakest level to the strongest. */
function candidates(catalog: Catalog, options: SelectionOptions): { name: string; values: readonly GivenValue[] }[] {
  const { policy, parameters, sidecars } = options
  const around = (name: string, values: readonly GivenValue[]): { name: string; values: readonly GivenValue[] } => ({
    name,
    values: [
      ...(policy?.values ?? []).filter((value) => value.template === name),
      ...values,
      ...parameters.filter(({ template }) => template === name),
    ],
  })
  const added = (policy?.rules ?? []).flatMap(({ adds }) => adds)
  if (sidecars !== undefined)
    return sidecars.flatMap((name) => {
      const ofRules = added.filter((one) => one.name === name)
      return (ofRules.length === 0 ? [{ values: [] }] : ofRules).map(({ values }) => around(name, values))
    })
  if (policy?.rules !== undefined) return added.map(({ name, values }) => around(name, values))
  return catalog.names.map((name) => around(name, []))
}

/** Values for required parameters, on which images hardly depend: their examples, before those that are given. */
function examples(template: Template): GivenValue[] {
  return neededParameters(template).map(({ name, example }) => ({ name, value: example ?? null, data: true }))
}

function unknownSidecar(name: string, catalog: Catalog): Diagnostic {
  const hint = didYouMeanHint(name, catalog.names)
  return diagnostic('SIDECAR_UNKNOWN', `unknown sidecar "${name}"`, { hint })
}

/** A pin that no image of the run uses is probably for another tag than the one in use. */
function unusedPins(
  { policy }: SelectionOptions,
  images: ReadonlyMap<string, ListedImage>,
  missed: ReadonlySet<ImagePin>,
): Diagnostic[] {
  const used = (digest: string): boolean => [...images.values()].some(({ image }) => image.endsWith(`@${digest}`))
  return (policy?.sidecarSettings?.pins ?? [])
    .filter(({ digest }) => !used(digest))
    .map((pin) =>
      diagnostic(
        'IMAGE_NOT_PINNED',
        missed.has(pin) ? 'this pin is for a tag that no sidecar uses' : 'no sidecar uses the image of this pin',
        { at: pin.at, hint: 'to list the images in use: sidecarctl templates images' },
      ),
    )
}
