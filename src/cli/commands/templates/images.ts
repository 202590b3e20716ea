import { openCatalog } from '../../../core/selection/catalog.ts'
import { listImages } from '../../../core/selection/list-images.ts'
import type { ExitCode } from '../../exit-code.ts'
import { policyOfInput } from '../../policy.ts'
import { readInputsOf, searchOf } from '../../read-inputs.ts'
import { loadValues } from '../../values.ts'
import { configOf, oneOf, policyOptions } from '../shared-options.ts'
import { chosenSidecarOptions, parameterOf, sidecarsOf } from '../sidecar-options.ts'
import { printResult, type Subcommand, type Work } from './subcommand.ts'

/** `sidecarctl templates images`. */
export const imagesSubcommand: Subcommand = {
  name: 'images',
  summary: 'list the images of the sidecars',
  description:
    'List the images that inject would use, with the policy and parameters applied: of the sidecars named by -s, else of ' +
    'those in the rules of the policy, else of all templates. NEWEST is the newest release of the program, in the series ' +
    'of its image, when it was last looked up. Annotations of workloads can set other images.',
  examples: [
    ['List the images of a run', 'sidecarctl templates images'],
    ['Names alone, without the registry and pins of the policy', 'sidecarctl templates images --no-config -o name'],
  ],
  options: (command) =>
    policyOptions(chosenSidecarOptions(command)).option('-o, --output <format>', 'text, json or name (default: text)'),
  run: printImages,
}

const IMAGE_OUTPUTS = ['text', 'json', 'name'] as const

async function printImages(work: Work): Promise<ExitCode> {
  const { host, options, builtins } = work
  const { raw } = options
  const output = oneOf('-o/--output', raw.output ?? 'text', IMAGE_OUTPUTS)
  // The policy of this folder, as for standard input.
  const how = { followLinks: options.followLinks, config: configOf(raw.config) }
  const policy = await policyOfInput(host, how)
  const own = await readInputsOf(host, options.templates, searchOf(options))
  const templates = [...policy.templates, ...own.files].map(({ source }) => source)
  const values = await loadValues(host, raw.values ?? [], searchOf(options))
  const { catalog, diagnostics: ofTemplates } = await openCatalog({ templates, builtins })
  const listed = listImages(catalog, {
    parameters: [...values.settings, ...(raw.set ?? []).map(parameterOf)],
    sidecars: sidecarsOf(raw.sidecar),
    policy: policy.policy,
  })
  const { imageNames, imagesJson, imagesTable } = await import('../../../report/images.ts')
  const format = { text: imagesTable, json: imagesJson, name: imageNames }[output]
  return await printResult(work, output === 'json' ? 'json' : 'text', {
    text: format(listed.images),
    diagnostics: [policy, own, values, { diagnostics: ofTemplates }, listed].flatMap((one) => one.diagnostics),
  })
}
