import { diagnostic, hasErrors, type Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { admissionExport, type ExportTarget } from '../../core/admission/export.ts'
import { dns1123Subdomain } from '../../core/kube/names.ts'
import { parseSelector, type LabelSelector } from '../../core/kube/selector.ts'
import type { KubeVersion } from '../../core/kube/version.ts'
import type { Host } from '../../io/host.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { STDIN_LABEL } from '../../io/read-files.ts'
import type { RawOptions } from '../commands/shared-options.ts'
import type { RunCommand } from '../commands/command.ts'
import { resolveSidecarOptions, type SidecarOptions } from '../commands/sidecar-options.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { engineSettings, kubeVersionOf } from '../engine-settings.ts'
import { loadPolicies } from '../policy.ts'
import { printAllowed } from '../print.ts'
import { readInputsOf, searchOf } from '../read-inputs.ts'
import { loadColorsFor, reportEnv } from '../report-env.ts'
import { UsageError } from '../usage-error.ts'

/** The namespaces for which a policy holds unless others are named: none before someone sets the label. */
const NAMESPACES = 'admission.sidecarctl.dev/inject=enabled'

/** The first minor with `admissionregistration.k8s.io/v1` for such policies, and with `v1beta1`. */
const STABLE = 36
const BETA = 34

/** Options of policies, resolved. */
interface AdmissionOptions {
  name: string
  namespaces: LabelSelector
  failurePolicy: 'Fail' | 'Ignore'
  check: string | undefined
  beta: boolean
}

/** Exports a policy for an admission engine. */
export function exportAdmission(target: ExportTarget): RunCommand {
  return async ({ raw, args, host }) => {
    const options = resolveSidecarOptions(raw, args, host)
    return await runExport(target, options, admissionOptions(raw, options), host)
  }
}

function admissionOptions(raw: RawOptions, options: SidecarOptions): AdmissionOptions {
  if (options.paths.length > 0)
    throw new UsageError(
      'policies are not made from manifests',
      'omit PATH; name sidecars with -s, or use a policy file',
    )
  const unused = [
    [options.namespace !== undefined, '-n/--namespace'],
    [options.selector !== undefined, '-l/--selector'],
    [options.since !== undefined, '--since'],
    [options.containers !== undefined, '--containers'],
    [options.onConflict !== 'fail', '--on-conflict'],
    [raw.outputDir !== undefined, '--output-dir'],
  ] as const
  const flag = unused.find(([isGiven]) => isGiven)?.[1]
  if (flag !== undefined)
    throw new UsageError(
      `${flag} cannot be used with policies`,
      flag === '--output-dir'
        ? 'redirect standard output to a file: > policy.yaml'
        : 'write rules into the policy file, or use --namespace-selector',
    )
  const name = raw.name ?? 'sidecarctl'
  const [fault] = dns1123Subdomain(name)
  if (fault !== undefined) throw new UsageError(`--name '${name}' is not a valid name: ${fault}`)
  const text = raw.namespaceSelector ?? NAMESPACES
  const namespaces = parseSelector(text)
  if (!namespaces.ok)
    throw new UsageError(
      `--namespace-selector '${text}', character ${namespaces.error.offset + 1}: ${namespaces.error.message}`,
      'write it as in kubectl: team=shop,tier!=db',
    )
  if (namespaces.value.some(({ operator }) => operator === 'gt' || operator === 'lt'))
    throw new UsageError('--namespace-selector does not support < and >', 'use =, !=, in, notin or names of labels')
  return {
    name,
    namespaces: namespaces.value,
    failurePolicy: raw.failurePolicy === 'ignore' ? 'Ignore' : 'Fail',
    check: raw.check,
    beta: raw.beta === true,
  }
}

async function runExport(
  target: ExportTarget,
  options: SidecarOptions,
  admission: AdmissionOptions,
  host: Host,
): Promise<ExitCode> {
  await loadColorsFor(options)
  const env = reportEnv(host, options)
  // The policy of this folder, as for standard input.
  const policies = await loadPolicies(host, options, [{ kind: 'stdin' }])
  const policy = policies.of(STDIN_LABEL)
  const templates = await readInputsOf(host, options.templates, searchOf(options))
  const before = [...policies.diagnostics, ...templates.diagnostics]
  if (hasErrors(before)) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.failure
  }
  const version = apiVersionOf(target, kubeVersionOf(options, policy.policy), admission.beta)
  const inputs = new Map([[STDIN_LABEL, { policy, whenUnchosen: 'default' as const }]])
  const settings = engineSettings(host, options, templates.files, inputs)
  const { text, diagnostics, notes } = await admissionExport(target, settings, { ...admission, version })
  const all: Diagnostic[] = [...before, ...diagnostics]
  const isChecked = admission.check !== undefined && !hasErrors(all)
  const outdated = isChecked ? await outdatedProblem(admission.check as string, text, host) : undefined
  if (outdated !== undefined) all.push(outdated)
  await host.stderr.write(diagnosticsText(all, env))
  if (options.verbosity === 'verbose') await host.stderr.write(notes.map((note) => `note: ${note}\n`).join(''))
  if (outdated?.code.startsWith('IO_') === true) return EXIT.failure
  if (hasErrors(all)) return EXIT.findings
  if (admission.check === undefined)
    return (await printAllowed(host, 'manifests', () => [text], env)) ? EXIT.ok : EXIT.failure
  if (options.verbosity !== 'quiet') await host.stderr.write(`${admission.check} is up to date\n`)
  return EXIT.ok
}

/** The version of the API that the target's policies have; throws UsageError where there is none. */
function apiVersionOf(target: ExportTarget, { minor }: KubeVersion, beta: boolean): 'v1' | 'v1beta1' {
  if (target === 'kyverno') return 'v1'
  if (minor >= STABLE && !beta) return 'v1'
  if (minor >= BETA && beta) return 'v1beta1'
  throw new UsageError(
    `Kubernetes 1.${minor} has no MutatingAdmissionPolicy in ${beta ? 'v1beta1' : 'v1'}`,
    minor >= BETA
      ? '--beta makes one for its v1beta1, which must be enabled in the API server'
      : 'use --kubernetes-version 1.36, or 1.34 with --beta, or --to kyverno',
  )
}

/** Says that a file is not what would be exported, with its first line that differs, or that it cannot be read. */
async function outdatedProblem(path: string, text: string, host: Host): Promise<Diagnostic | undefined> {
  const { files, diagnostics } = await readInputsOf(host, [path], { recursive: false, followLinks: false })
  const source = files[0]?.source
  if (source === undefined) return diagnostics.find(({ severity }) => severity === 'error')
  if (source.text === text) return undefined
  const [theirs, ours] = [source.text.split('\n'), text.split('\n')]
  const line = ours.findIndex((one, n) => one !== theirs[n])
  const at = line < 0 ? ours.length : line
  const start = theirs.slice(0, at).reduce((sum, one) => sum + one.length + 1, 0)
  const end = Math.min(start + (theirs[at] ?? '').length, source.text.length)
  return diagnostic(
    'EXPORT_OUTDATED',
    'this file is not what would be exported now; this is the first line that differs',
    {
      at: { source, range: { start: Math.min(start, source.text.length), end } },
      hint: 'export it again, and apply it to the clusters',
    },
  )
}
