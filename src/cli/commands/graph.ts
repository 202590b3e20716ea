import type { PodGraph } from '../../core/graph/pod-graph.ts'
import { kindsOf } from '../engine-settings.ts'
import { inspectManifests } from '../inspect-manifests.ts'
import { examples, runsWithPaths, type DefineCommand, type RunCommand } from './command.ts'
import { oneOf, reportingOptions } from './shared-options.ts'
import { resolveSidecarOptions, sidecarOptions } from './sidecar-options.ts'

const FORMATS = ['text', 'mermaid', 'svg', 'dot'] as const

/** `sidecarctl graph`. */
export const defineGraph: DefineCommand = (program, action) => {
  const command = program
    .command('graph')
    .summary('draw pods with their containers, volumes and Services')
    .description(
      'Draw the pod of each workload as inject would make it: containers in the order in which they start, ports, probes, ' +
        'volumes with who may write to them, and the Services and proxies that lead in. ' +
        'Where no sidecar is selected, draw the manifest as it is.',
    )
  sidecarOptions(command)
    .option('-o, --output <format>', 'text, mermaid, svg or dot (default: text)')
    .option('--diff', 'mark what inject would add (+), change (~) and remove (-)')
  reportingOptions(command, 'print notes too')
  examples(command, [
    ['What the logging sidecar adds to a pod', 'sidecarctl graph --diff -s logging k8s/web.yaml'],
    ['A picture for a browser', 'sidecarctl graph -o svg k8s/web.yaml > web.svg'],
  ])
  runsWithPaths(command, action, runGraph)
}

const runGraph: RunCommand = async ({ raw, args, host, loadEngine }) => {
  const options = resolveSidecarOptions(raw, args, host)
  const format = oneOf('-o/--output', raw.output ?? 'text', FORMATS)
  return await inspectManifests(options, host, loadEngine, {
    costs: false,
    compares: false,
    printed: format === 'svg' ? 'xml' : 'text',
    report: async ({ result, settings }) => {
      const { workloadGraphs } = await import('../../core/graph/workload-graphs.ts')
      const all = workloadGraphs(result, { diff: raw.diff === true, kindsOf: kindsOf(settings) })
      const graphs = all.flatMap((file) => file.graphs.map(({ graph }) => graph))
      const summary = graphs.length > 0 || options.verbosity === 'quiet' ? '' : 'no pods to draw\n'
      return { text: await render(graphs, format, options.color.stdout), summary }
    },
  })
}

async function render(graphs: readonly PodGraph[], format: (typeof FORMATS)[number], color: boolean): Promise<string> {
  switch (format) {
    case 'text': {
      const { graphText } = await import('../../report/graph/text.ts')
      return graphs.map((graph) => graphText(graph, color)).join('\n')
    }
    case 'mermaid': {
      const { graphMermaid } = await import('../../report/graph/mermaid.ts')
      // A chart holds one pod; several come as Markdown, which has a block for each.
      const [only] = graphs
      if (graphs.length <= 1) return only === undefined ? '' : graphMermaid(only)
      return graphs.map((graph) => `\`\`\`mermaid\n${graphMermaid(graph)}\`\`\`\n`).join('\n')
    }
    case 'svg': {
      const { graphsSvg } = await import('../../report/graph/svg.ts')
      return graphsSvg(graphs)
    }
    case 'dot': {
      const { graphsDot } = await import('../../report/graph/dot.ts')
      return graphsDot(graphs)
    }
  }
}
