import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../core/diagnostics/did-you-mean.ts'
import { undecodable } from '../core/diagnostics/undecodable.ts'
import type { ItemPlace } from '../core/field-path/item-place.ts'
import type { InjectOptions as EngineOptions } from '../core/inject/options.ts'
import { dns1123Label, isGroupVersion } from '../core/kube/names.ts'
import { parseSelector } from '../core/kube/selector.ts'
import { KNOWN_MINORS, LATEST, parseKubeVersion, type KubeVersion } from '../core/kube/version.ts'
import type { Policy } from '../core/selection/policy.ts'
import { readPolicy } from '../core/selection/read-policy.ts'
import type { ParameterSetting } from '../core/selection/selection.ts'
import type { TemplateLibrary } from '../core/template/library.ts'
import type { RunMode } from '../core/template/template.ts'
import { decodeString } from '../core/text/decode.ts'
import type { SourceText } from '../core/text/source.ts'
import type { ValidateOptions as ValidatorOptions } from '../core/validate/validation-result.ts'
import { COMMON_FIELDS, EDIT_FIELDS, optionProblems, SIDECAR_FIELDS, VALIDATE_FIELDS } from './option-fields.ts'
import type { Input, InjectOptions, Schemas, SidecarOptions, TextFile, ValidateOptions } from './types.ts'

export { COMMON_FIELDS, EDIT_FIELDS, SIDECAR_FIELDS, VALIDATE_FIELDS }

/** The default name of a policy. */
const POLICY_NAME = 'sidecarctl.yaml'

/** Options as the engine takes them; absent where something is wrong with them. */
export interface ReadOptions<T> {
  readonly settings?: T
  readonly diagnostics: readonly Diagnostic[]
}

/** A schema that was not passed. It is thrown through the engine and becomes a diagnostic. */
export class MissingSchemaError extends Error {}

function invalid(message: string, hint?: string): Diagnostic {
  return diagnostic('OPTION_INVALID', message, { hint })
}

/** Reads the inputs of a call. */
export function readInput(input: Input): { sources: readonly SourceText[]; diagnostics: readonly Diagnostic[] } {
  const files: unknown =
    typeof input === 'string' ? [{ name: '<input>', text: input }] : Array.isArray(input) ? input : [input]
  if (!isFiles(files)) {
    return {
      sources: [],
      diagnostics: [invalid('the input must be a string, a file or a list of files', 'pass { name, text }')],
    }
  }
  return readFiles(files)
}

function isFiles(files: unknown): files is readonly TextFile[] {
  return optionProblems({ templates: files }, { templates: 'files' }).length === 0
}

function readFiles(files: readonly TextFile[]): { sources: readonly SourceText[]; diagnostics: readonly Diagnostic[] } {
  const decoded = files.map(({ name, text }) => decodeString(name, text))
  return {
    sources: decoded.flatMap((one) => (one.ok ? [one.source] : [])),
    diagnostics: decoded.flatMap((one) => (one.ok ? [] : undecodable(one.error))),
  }
}

/** Reads the options of `inject`, `uninject`, `check` and `explain`. */
export async function readSidecarOptions(
  options: InjectOptions,
  fields: Readonly<Record<string, string>>,
): Promise<ReadOptions<EngineOptions>> {
  const problems = shapeProblems(options, fields)
  if (problems.length > 0) return { diagnostics: problems }
  const common = await readCommon(options)
  const templates = readFiles(options.templates ?? [])
  const selector = options.selector === undefined ? undefined : parseSelector(options.selector)
  const diagnostics = [
    ...common.diagnostics,
    ...templates.diagnostics,
    ...(options.builtins === undefined
      ? [invalid('the option builtins is required', 'pass sidecarctl/templates.json, or [] for none')]
      : []),
    ...(selector?.ok === false ? [invalid(`selector '${options.selector}': ${selector.error.message}`)] : []),
    ...dns1123Label(options.namespace ?? 'default').map((fault) =>
      invalid(`namespace '${options.namespace}' is not a valid namespace name: ${fault}`),
    ),
  ]
  if (hasErrors(diagnostics)) return { diagnostics }
  return {
    settings: {
      sidecars: options.sidecars && [...new Set(options.sidecars)],
      namespace: options.namespace,
      selector: selector?.ok === true ? selector.value : undefined,
      policy: common.policy,
      retargetServices: options.retargetServices,
      force: options.force === true ? 'yes' : undefined,
      parameters: parametersOf(options),
      modes: bySidecar<RunMode>(options.mode),
      starts: bySidecar<ItemPlace>(options.start),
      onConflict: options.onConflict ?? 'fail',
      allowLowerPodSecurity: options.allowLowerPodSecurity === true,
      includeOwned: options.includeOwned === true,
      kubeVersion: common.kubeVersion,
      allowPlaceholders: common.policy?.allowPlaceholders === true,
      validate: options.validate !== false,
      templates: templates.sources,
      builtins: libraryOf(options.builtins ?? []),
      loadSchema: loaderOf(options.schemas),
    },
    diagnostics,
  }
}

/** Reads the options of `validate`. */
export async function readValidateOptions(
  options: ValidateOptions,
): Promise<ReadOptions<ValidatorOptions & { policy: Policy | undefined }>> {
  const problems = shapeProblems(options, VALIDATE_FIELDS)
  if (problems.length > 0) return { diagnostics: problems }
  const common = await readCommon(options)
  const definitions = readFiles(options.definitions ?? [])
  const served = (options.served ?? []).filter((text) => !isGroupVersion(text))
  const diagnostics = [
    ...common.diagnostics,
    ...definitions.diagnostics,
    ...served.map((text) =>
      invalid(`served: '${text}' is not an API version`, 'write it as GROUP/VERSION: resource.k8s.io/v1beta1'),
    ),
  ]
  if (hasErrors(diagnostics)) return { diagnostics }
  return {
    settings: {
      kubeVersion: common.kubeVersion,
      allowPlaceholders: common.policy?.allowPlaceholders === true,
      strictKinds: options.strictKinds === true,
      served: new Set(options.served ?? []),
      definitions: definitions.sources,
      loadSchema: loaderOf(options.schemas),
      policy: common.policy,
      podSecurity: options.podSecurity,
    },
    diagnostics,
  }
}

function shapeProblems(options: unknown, fields: Readonly<Record<string, string>>): Diagnostic[] {
  return optionProblems(options, fields).map(({ message, unknown }) =>
    invalid(message, unknown === undefined ? undefined : didYouMeanHint(unknown, Object.keys(fields))),
  )
}

interface Common {
  kubeVersion: KubeVersion
  policy: Policy | undefined
  diagnostics: readonly Diagnostic[]
}

async function readCommon({ kubernetesVersion, policy: given, schemas }: SidecarOptions): Promise<Common> {
  const diagnostics: Diagnostic[] = []
  const version = kubernetesVersion === undefined ? undefined : parseKubeVersion(kubernetesVersion)
  if (kubernetesVersion !== undefined && version === undefined) {
    const known = KNOWN_MINORS.map((minor) => `1.${minor}`).join(', ')
    diagnostics.push(
      invalid(`kubernetesVersion '${kubernetesVersion}' is not supported`, `use one of: ${known}, latest`),
    )
  }
  if (schemas === undefined) {
    diagnostics.push(invalid('the option schemas is required', 'pass the files of sidecarctl/schemas/'))
  }
  const read = given === undefined ? undefined : await policyOf(given)
  return {
    kubeVersion: version ?? read?.policy?.kubeVersion ?? LATEST,
    policy: read?.policy,
    diagnostics: [...diagnostics, ...(read?.diagnostics ?? [])],
  }
}

async function policyOf(given: NonNullable<SidecarOptions['policy']>): ReturnType<typeof readPolicy> {
  const [name, text] = policyText(given)
  const decoded = decodeString(name, text)
  if (!decoded.ok) return { diagnostics: [undecodable(decoded.error)] }
  return await readPolicy(decoded.source, (label) =>
    label.startsWith('<') || label.startsWith('/') || label.startsWith('../') ? undefined : label.replace(/^\.\//, ''),
  )
}

function policyText(given: NonNullable<SidecarOptions['policy']>): [name: string, text: string] {
  if (typeof given === 'string') return [POLICY_NAME, given]
  const { name, text } = given as Partial<TextFile>
  if (typeof name === 'string' && typeof text === 'string') return [name, text]
  return [POLICY_NAME, JSON.stringify(given, undefined, 2)]
}

/** Values are read as the parameter's type, as on the command line. */
function parametersOf({ parameters = {} }: SidecarOptions): ParameterSetting[] {
  return Object.entries(parameters).flatMap(([template, values]) =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ template, name, value: typeof value === 'string' ? value : JSON.stringify(value) })),
  )
}

/** By sidecar; under an empty name what holds for all that are not named. */
function bySidecar<T extends string>(given: T | Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> {
  return new Map(typeof given === 'string' ? [['', given]] : Object.entries(given))
}

const libraries = new WeakMap<readonly TextFile[], TemplateLibrary>()

/** The built-in templates of a list; the same list gives the same library. */
function libraryOf(files: readonly TextFile[]): TemplateLibrary {
  const known = libraries.get(files)
  if (known !== undefined) return known
  const texts = new Map(files.map(({ name, text }) => [name.replace(/\.ya?ml$/, ''), text]))
  const library: TemplateLibrary = {
    names: [...texts.keys()].sort(),
    read(name) {
      const text = texts.get(name)
      if (text === undefined) return undefined
      const decoded = decodeString(`<built-in>/${name}.yaml`, text)
      return decoded.ok ? decoded.source : undefined
    },
  }
  libraries.set(files, library)
  return library
}

const loaders = new WeakMap<object, (file: string) => unknown>()

/** What gives a schema by its path; the same schemas give the same function, which the engine knows again. */
function loaderOf(schemas: Schemas = {}): (file: string) => unknown {
  const known = loaders.get(schemas)
  if (known !== undefined) return known
  const load = (file: string): unknown => {
    const found =
      typeof schemas === 'function' ? schemas(file) : Object.hasOwn(schemas, file) ? schemas[file] : undefined
    if (found === undefined || found === null) throw new MissingSchemaError(file)
    return found
  }
  loaders.set(schemas, load)
  return load
}

/** Runs the engine; a schema that was not passed is a diagnostic. */
export async function withSchemas<T>(work: () => Promise<T>): Promise<T | readonly Diagnostic[]> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof MissingSchemaError)) throw error
    return [invalid(`the schema ${error.message} is missing`, `pass sidecarctl/schemas/${error.message} in schemas`)]
  }
}
