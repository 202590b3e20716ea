import { hasErrors, type Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { isGroupVersion } from '../../core/kube/names.ts'
import { POD_SECURITY_LEVELS, type PodSecurityLevel } from '../../core/validate/pod-security/control.ts'
import { validateInputs } from '../../core/validate/validate-inputs.ts'
import type { ValidateOptions as ValidateInputsOptions } from '../../core/validate/validation-result.ts'
import type { ResourceList } from '../../core/krm/resource-list.ts'
import type { Host } from '../../io/host.ts'
import type { LoadedFile } from '../../io/read-files.ts'
import { schemaLoader } from '../../io/schema-loader.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import type { OtherFile } from '../../report/other-files.ts'
import { excludedFilesText } from '../../report/policies.ts'
import {
  allDiagnostics,
  limitReport,
  VALIDATION_FORMATS,
  VALIDATION_REPORTERS,
  validationSummary,
  ValidationWriter,
  type ValidationFormat,
  type ValidationReport,
} from '../../report/validation/reporters.ts'
import { readDefinitions } from '../definitions.ts'
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts'
import { kubeVersionOf } from '../engine-settings.ts'
import { inputsText } from '../inputs-text.ts'
import { isManifest, onlyChanged, partingOf } from '../load-manifests.ts'
import { excludesFile, loadPolicies, onePolicy, type LoadedPolicies } from '../policy.ts'
import { print, type Printed } from '../print.ts'
import { discoverRunInputs, readInputs, searchOf, type RunInputs } from '../read-inputs.ts'
import { reportEnv } from '../report-env.ts'
import { withRunContext, type RunContext } from '../run-context.ts'
import { stagedOption, withStagedFiles, type ChangeOptions } from '../staged.ts'
import { UsageError } from '../usage-error.ts'
import { version } from '../version.ts'
import { examples, runsWithPaths, type DefineCommand, type RunCommand } from './command.ts'
import {
  collect,
  commonOptions,
  configOf,
  inputOptions,
  oneOf,
  placeholdersOption,
  policyOptions,
  reportingOptions,
  versionOption,
  type CommonOptions,
  type ConfigOption,
  type RawOptions,
} from './shared-options.ts'

/** Defines `sidecarctl validate`. */
export const defineValidate: DefineCommand = (program, action) => {
  const command = program
    .command('validate')
    .summary('validate manifests as the API server would, offline')
    .description(
      'Validate manifests as the API server would when they are applied, without a cluster: whether kubectl can read ' +
        "them, fields and types by strict field validation, and the rules of Kubernetes' own validation. From a policy " +
        'file only kubernetesVersion, exclude.paths and allowPlaceholders are used.\n' +
        'Exit code 0: valid; 1: errors were found; 2: bad usage, unreadable input or I/O error.',
    )
  stagedOption(placeholdersOption(policyOptions(versionOption(inputOptions(command)))))
    .option('--strict-kinds', 'report kinds without a schema as errors instead of skipping them')
    .option('--crd <path>', 'file, folder or Helm chart with CustomResourceDefinitions (repeatable)', collect)
    .option(
      '--served <group/version>',
      'API version that is off by default and that the cluster serves (repeatable)',
      collect,
    )
    .option('--list-kinds', 'print the built-in kinds and what is validated of each, and read no manifests')
    .option('--pod-security <level>', 'Pod Security Standards level that pods must satisfy: baseline or restricted')
    .option('-o, --output <format>', 'text, json, sarif, junit or github (default: text)')
  reportingOptions(command, 'print the result for each object')
  examples(command, [
    ['Will kubectl apply work?', 'sidecarctl validate -R k8s/'],
    ['For an older cluster', 'sidecarctl validate deploy.yaml --kubernetes-version 1.31'],
    ['The output of a chart', 'helm template . | sidecarctl validate -'],
    ['With custom resources, none of them skipped', 'sidecarctl validate -R k8s/ --crd crds/ --strict-kinds'],
    ['What is validated of each kind?', 'sidecarctl validate --list-kinds'],
    ['As annotations on a pull request', 'sidecarctl validate -R k8s/ -o github'],
  ])
  runsWithPaths(command, action, runValidate)
}

/** Runs `sidecarctl validate`. */
const runValidate: RunCommand = async (call) => {
  if (call.raw.listKinds === true) return await listKinds(call)
  const { raw, args, host } = call
  const options = resolveValidateOptions(raw, args, host)
  return await withStagedFiles(
    host,
    options,
    async (to, what) => await withRunContext(to, what, async (context) => await validate(what, context)),
  )
}

/** Runs `sidecarctl validate --list-kinds`: the kinds of a version with what is validated of each. */
const listKinds: RunCommand = async ({ raw, args, host }) => {
  const { kubeVersion } = commonOptions(raw, [], host)
  if (args.length > 0) throw new UsageError('--list-kinds takes no PATH', 'remove the PATH or the flag')
  const format = oneOf('-o/--output', raw.output ?? 'text', ['text', 'json'] as const)
  const [{ checkedKinds }, { kindsJson, kindsText }] = await Promise.all([
    import('../../core/validate/list-kinds.ts'),
    import('../../report/kinds.ts'),
  ])
  const rows = checkedKinds(kubeVersion, schemaLoader(host))
  await host.stdout.write(format === 'json' ? kindsJson(kubeVersion, rows) : kindsText(rows))
  return EXIT.ok
}

/** The options of `validate`, resolved. */
interface ValidateOptions extends CommonOptions, ChangeOptions {
  /** The policy file, which may name the target version. */
  readonly config: ConfigOption
  /** What is printed on standard output. Default: undefined, which means text, or for a ResourceList that list. */
  readonly format: ValidationFormat | undefined
  /** Whether kinds without a schema are errors. Default: no. */
  readonly strictKinds: boolean
  /** API versions that are off by default and that the cluster serves. Default: none. */
  readonly served: ReadonlySet<string>
  /** Files, folders or Helm charts with CustomResourceDefinitions. Default: none. */
  readonly definitions: readonly string[]
  /** Whether placeholders of Flux and envsubst count as valid values. Default: as the policy says, else no. */
  readonly allowPlaceholders: boolean
  /** The level that pods must satisfy. Default: undefined, which means none. */
  readonly podSecurity: PodSecurityLevel | undefined
}

function resolveValidateOptions(raw: RawOptions, args: readonly string[], host: Host): ValidateOptions {
  return Object.freeze<ValidateOptions>({
    ...commonOptions(raw, args, host),
    config: configOf(raw.config),
    staged: raw.staged === true,
    format: raw.output === undefined ? undefined : oneOf('-o/--output', raw.output, VALIDATION_FORMATS),
    strictKinds: raw.strictKinds === true,
    allowPlaceholders: raw.allowPlaceholders === true,
    served: new Set((raw.served ?? []).map(apiVersionOf)),
    definitions: raw.crd ?? [],
    podSecurity:
      raw.podSecurity === undefined ? undefined : oneOf('--pod-security', raw.podSecurity, POD_SECURITY_LEVELS),
  })
}

function apiVersionOf(text: string): string {
  if (isGroupVersion(text)) return text
  throw new UsageError(
    `--served '${text}' is not an API version`,
    'write it as GROUP/VERSION, for example --served resource.k8s.io/v1beta1',
  )
}

const PRINTED: Record<ValidationFormat, Printed> = {
  text: 'text',
  json: 'json',
  sarif: 'json',
  junit: 'xml',
  github: 'commands',
}

/**
 * Validates the inputs. The report is what was asked for, so it goes to standard output in every format, findings or not;
 * the totals go to standard error.
 */
async function validate(options: ValidateOptions, context: RunContext): Promise<ExitCode> {
  const { host, progress, store } = context
  const found = discoverRunInputs(host, options)
  const policies = await loadPolicies(host, options, found.files)
  const how = { onProgress: progress.hook, parting: partingOf(host, store) }
  const files = found.files.filter(
    (file) => file.kind === 'stdin' || !excludesFile(policies.of(file.label).policy, file.label),
  )
  const loaded = await readInputs(host, options, how, { strict: true }, { ...found, files })
  const list = options.format === undefined && (await functionInputOf(loaded.files))
  if (list) return await validateList(options, context, list)
  const { format = 'text' } = options
  const env = reportEnv(host, options, 'stdout')
  const writer = new ValidationWriter(env)
  const printText = async (text: string): Promise<void> => {
    if (text !== '') await print(host, PRINTED[format], () => [text])
  }
  const onFound = async (found: readonly Diagnostic[]): Promise<void> => await printText(writer.text(found))
  const { report, others } = await inspect(options, context, policies, loaded, format === 'text' ? onFound : undefined)
  const whole = (): string => VALIDATION_REPORTERS[format](limitReport(report, options.maxFindings), env)
  await printText(format === 'text' ? writer.end() : whole())
  await host.stderr.write(
    validationSummary(report, reportEnv(host, options)) +
      excludedFilesText(found.files.length - files.length, options.verbosity) +
      inputsText({ loaded, others, policies }, options.verbosity),
  )
  return exitCodeOf(allDiagnostics(report))
}

async function inspect(
  options: ValidateOptions,
  { host, progress }: RunContext,
  policies: LoadedPolicies,
  loaded: RunInputs,
  onFound?: ValidateInputsOptions['onFound'],
): Promise<{ report: ValidationReport; others: readonly OtherFile[] }> {
  const definitions = await readDefinitions(host, options.definitions, searchOf(options))
  // If a policy cannot be read, the target version is unknown.
  const manifests = hasErrors(policies.diagnostics)
    ? []
    : loaded.files.filter((file) => isManifest(file, policies, options, host))
  const settings = { policies, named: { files: [], paths: [] } }
  const { files, ...since } = await onlyChanged(options, { ...loaded, files: manifests }, settings, host)
  host.tuneHeap(loaded.size)
  const inputDiagnostics = [
    ...policies.diagnostics,
    ...definitions.diagnostics,
    ...since.diagnostics,
    ...since.ofInputs,
  ]
  await onFound?.(inputDiagnostics)
  const result = await validateInputs(
    files.map(({ source }) => source),
    {
      kubeVersion: options.kubeVersion,
      settingsOf: (label) => {
        const { policy } = policies.of(label)
        return {
          kubeVersion: kubeVersionOf(options, policy),
          allowPlaceholders: options.allowPlaceholders || policy?.allowPlaceholders === true,
        }
      },
      strictKinds: options.strictKinds,
      served: options.served,
      definitions: definitions.files.map(({ source }) => source),
      loadSchema: schemaLoader(host),
      onProgress: progress.hook,
      onFound,
      podSecurity: options.podSecurity,
    },
  )
  return { report: { result, inputDiagnostics, version: version() }, others: since.others }
}

/** The ResourceList that standard input is, when kustomize or kpt call `validate` as a function. */
async function functionInputOf(files: readonly LoadedFile[]): Promise<ResourceList | undefined> {
  const [only] = files
  if (only?.file.kind !== 'stdin' || files.length > 1 || !only.source.text.includes('ResourceList')) return undefined
  const { functionInput } = await import('../krm.ts')
  return functionInput(files)
}

/** Validates as a KRM function: prints the list, with the findings as `results`. */
async function validateList(options: ValidateOptions, context: RunContext, list: ResourceList): Promise<ExitCode> {
  const { host } = context
  const { source } = list.doc
  const [{ functionSettings, printList }, { resultsOf }] = await Promise.all([
    import('../krm.ts'),
    import('../../core/krm/results.ts'),
  ])
  const none = { sidecars: undefined, parameters: [], modes: new Map(), starts: new Map(), templates: [] }
  const { policy, diagnostics, ...given } = await functionSettings(host, { ...options, ...none }, list)
  const file: LoadedFile = { source, file: { kind: 'stdin' }, identity: undefined }
  const loaded: RunInputs = { files: [file], size: source.text.length, diagnostics, others: [] }
  const policies = onePolicy({ ...policy, diagnostics: [] })
  const { report } = await inspect({ ...given.options, staged: false }, context, policies, loaded)
  const found = allDiagnostics(report)
  const code = await printList(host, source, source.text, resultsOf(found, list), hasErrors(found))
  await host.stderr.write(diagnosticsText(found, reportEnv(host, options)))
  await host.stderr.write(validationSummary(report, reportEnv(host, options)))
  return code
}
