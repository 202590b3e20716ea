import type { Command } from 'commander'
import { UsageError } from '../usage-error.ts'
import { examples, runsWithPaths, type DefineCommand, type RunCommand } from './command.ts'
import { oneOf, reportingOptions } from './shared-options.ts'
import { forceOption, sidecarOptions } from './sidecar-options.ts'

/** What can be exported, and the module that does it. A new target is a row. */
const TARGETS = {
  kustomize: async () => (await import('../export/patches.ts')).exportPatches('kustomize'),
  flux: async () => (await import('../export/patches.ts')).exportPatches('flux'),
  'flux-helm': async () => (await import('../export/patches.ts')).exportPatches('flux-helm'),
  argocd: async () => (await import('../export/patches.ts')).exportPatches('argocd'),
  'json-patch': async () => (await import('../export/patches.ts')).exportPatches('json-patch'),
  'mutating-admission-policy': async () =>
    (await import('../export/admission.ts')).exportAdmission('mutating-admission-policy'),
  kyverno: async () => (await import('../export/admission.ts')).exportAdmission('kyverno'),
} as const satisfies Readonly<Record<string, () => Promise<RunCommand>>>

const NAMES = Object.keys(TARGETS) as (keyof typeof TARGETS)[]

/** `sidecarctl export`. */
export const defineExport: DefineCommand = (program, action) => {
  const command = program
    .command('export')
    .summary('write sidecars in a form that other programs apply')
    .description(
      'Write sidecars in a form that other programs apply, for those who do not run sidecarctl:\n' +
        '- what inject would change, as patches for kustomize, Flux and Argo CD. Each patch tests that its workload is as ' +
        'it was, and fails otherwise.\n' +
        '- policies with which the API server itself, or Kyverno, adds sidecars to Pods when they are created.\n' +
        'Exit code 0: done; 1: errors in manifests, something cannot be exported, or --check found differences; ' +
        '2: bad usage, unreadable input or I/O error.',
    )
  exportOptions(command)
  reportingOptions(forceOption(sidecarOptions(command)))
  examples(command, [
    ['A kustomize component in a folder', 'sidecarctl export --to kustomize --output-dir sidecars/ k8s/'],
    ['Patches for a Flux Kustomization', 'sidecarctl export --to flux -s logging k8s/web.yaml'],
    ['In CI: is the component up to date?', 'sidecarctl export --to kustomize --check sidecars/ k8s/'],
    ['A policy with the rules of sidecarctl.yaml', 'sidecarctl export --to mutating-admission-policy > policy.yaml'],
    ['One for Kyverno, with one sidecar for all Pods', 'sidecarctl export --to kyverno -s logging > logging.yaml'],
  ])
  runsWithPaths(command, action, async (call) => {
    const { to, failurePolicy } = call.raw
    if (failurePolicy !== undefined) oneOf('--failure-policy', failurePolicy, ['fail', 'ignore'])
    if (to === undefined) throw new UsageError('--to is required', `use one of: ${NAMES.join(', ')}`)
    const run: RunCommand = await TARGETS[oneOf('--to', to, NAMES)]()
    return await run(call)
  })
}

function exportOptions(command: Command): Command {
  return command
    .option('--to <target>', `what to write: ${NAMES.join(', ')}`)
    .option('--output-dir <folder>', 'write files to a folder instead of standard output')
    .option('--check <path>', 'compare with a file or folder instead of writing (exit 1 if not up to date)')
    .option('--name <name>', 'with policies: their name (default: sidecarctl)')
    .option(
      '--namespace-selector <labels>',
      'with policies: labels of the namespaces they apply to (default: admission.sidecarctl.dev/inject=enabled)',
    )
    .option('--failure-policy <policy>', 'with policies: fail or ignore if one cannot be evaluated (default: fail)')
    .option('--beta', 'with policies: use admissionregistration.k8s.io/v1beta1, for Kubernetes 1.34 and 1.35')
}
