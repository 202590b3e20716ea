import type { FileResult } from '../../core/inject/result.ts'
import { DEFAULT_IF_NAMED, kindsOf } from '../engine-settings.ts'
import { inspectManifests } from '../inspect-manifests.ts'
import { examples, runsWithPaths, type DefineCommand, type RunCommand } from './command.ts'
import { oneOf, reportingOptions } from './shared-options.ts'
import { resolveSidecarOptions, sidecarOptions } from './sidecar-options.ts'

/** `sidecarctl explain`. */
export const defineExplain: DefineCommand = (program, action) => {
  const command = program
    .command('explain')
    .summary('explain why each workload gets its sidecars')
    .description(
      'Explain for every object why it is injected, skipped or rejected: which flag, annotation or rule decided, and on ' +
        'which line; and where each injected field and each parameter value comes from.',
    )
  sidecarOptions(command).option('-o, --output <format>', 'text or json (default: text)')
  reportingOptions(command, 'print notes too')
  examples(command, [
    ['One file', 'sidecarctl explain k8s/web.yaml'],
    ['What would change if metrics were added', 'sidecarctl explain k8s/web.yaml -s logging,metrics'],
  ])
  runsWithPaths(command, action, runExplain)
}

const runExplain: RunCommand = async ({ raw, args, host, loadEngine }) => {
  const options = resolveSidecarOptions(raw, args, host)
  const format = oneOf('-o/--output', raw.output ?? 'text', ['text', 'json'] as const)
  return await inspectManifests(options, host, loadEngine, {
    unchosen: DEFAULT_IF_NAMED,
    printed: format,
    report: async ({ result, settings, diagnostics }) => {
      const { otherObjects } = await import('../../core/inject/other-objects.ts')
      const kinds = kindsOf(settings)
      const others = ({ source }: FileResult) => otherObjects(source, kinds(source.label))
      if (format === 'json') {
        const { explainJson } = await import('../../report/json/reports.ts')
        return { text: explainJson(result, diagnostics, others) }
      }
      const { explainText } = await import('../../report/explain.ts')
      return { text: explainText(result, others, options.color.stdout) }
    },
  })
}
