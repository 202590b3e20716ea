import { append } from '../common/append.ts'
import type { CelCompiler } from '../cel/environment.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { SourceText } from '../text/source.ts'
import { loadCustomKinds, readDefinitions, type DefinitionSources } from './definitions.ts'
import { InputValidator } from './input-validator.ts'
import { objectValidator } from './object-validator.ts'
import type { InputValidation, ValidatedObject, ValidateOptions, ValidationResult } from './validation-result.ts'

/**
 * Validates every object of the inputs as kubectl and the API server do when it is created: whether kubectl can read
 * it, the schema of its kind with strict field validation, Kubernetes' own validation rules and, if asked for, the Pod
 * Security Standards. CustomResourceDefinitions in the inputs and in `options.definitions` supply the schemas of their
 * kinds.
 */
export async function validateInputs(
  inputs: readonly SourceText[],
  options: ValidateOptions,
): Promise<ValidationResult> {
  const given = options.definitions.map(readDefinitions)
  const problems = given.flatMap((one) => one.problems)
  const report = async (found: readonly Diagnostic[]): Promise<void> => {
    if (found.length > 0) await options.onFound?.(found)
  }
  await report(problems)
  const cel = new LazyCel()
  const definitions = { inputs, given: given.flatMap((one) => one.definitions) }
  const checkerOf = await inputValidators(definitions, options, cel)
  const lists = new EmptyLists()
  const objects: ValidatedObject[] = []
  const add = async (some: readonly ValidatedObject[]): Promise<void> => {
    append(objects, some)
    await report(some.flatMap(({ diagnostics }) => diagnostics))
  }
  for (const [n, source] of inputs.entries()) {
    options.onProgress?.('checking', n + 1, inputs.length, source.label)
    const checker = checkerOf(source)
    const checked = checker.check(source)
    await add(lists.pass((await cel.load()) ? checker.check(source) : checked))
  }
  await add(lists.rest())
  return { files: inputs, objects, diagnostics: problems }
}

/**
 * The validator of each input. Inputs with the same settings share one. It knows the given definitions and those in all
 * inputs.
 */
async function inputValidators(
  definitions: DefinitionSources,
  options: ValidateOptions,
  cel: LazyCel,
): Promise<(source: SourceText) => InputValidator> {
  const settingsOf = ({ label }: SourceText): InputValidation => options.settingsOf?.(label) ?? options
  const keyOf = (source: SourceText): string => {
    const { kubeVersion, allowPlaceholders } = settingsOf(source)
    return `1.${kubeVersion.minor} ${allowPlaceholders === true}`
  }
  // Definitions may come after objects of their kind, and in other inputs.
  const customKindsOf = await loadCustomKinds(definitions)
  const byKey = new Map<string, InputValidator>()
  for (const source of definitions.inputs) {
    const key = keyOf(source)
    if (byKey.has(key)) continue
    const { kubeVersion, allowPlaceholders } = settingsOf(source)
    const own = { ...options, kubeVersion, allowPlaceholders: allowPlaceholders === true }
    const objects = objectValidator({ ...own, compileCel: cel.compilerOf(kubeVersion) })
    byKey.set(key, new InputValidator(objects, customKindsOf?.(objects.schema), own))
  }
  return (source) => byKey.get(keyOf(source)) as InputValidator
}

/** The CEL compiler, which is loaded only when there is an expression to compile. */
class LazyCel {
  #compiler: ((minor: number) => CelCompiler) | undefined
  #isMissed = false

  compilerOf({ minor }: KubeVersion): CelCompiler {
    return (expression, environment) => {
      if (this.#compiler !== undefined) return this.#compiler(minor)(expression, environment)
      this.#isMissed = true
      return []
    }
  }

  /** Loads the compiler if an expression needed it; true if the input must then be validated again. */
  async load(): Promise<boolean> {
    if (!this.#isMissed) return false
    this.#isMissed = false
    this.#compiler = (await import('../cel/compile.ts')).celCompiler
    return true
  }
}

/** Drops diagnostics of empty lists unless the inputs hold no object at all, as kubectl fails only then. */
class EmptyLists {
  /** Results before the first object; undefined once there was one. */
  #waiting: ValidatedObject[] | undefined = []

  /** Takes the results of an input, and returns all results that can be reported now. */
  pass(objects: readonly ValidatedObject[]): readonly ValidatedObject[] {
    if (this.#waiting === undefined) return objects.filter(isNoEmptyList)
    append(this.#waiting, objects)
    if (objects.every(({ resource }) => resource === undefined)) return []
    const all = this.#waiting.filter(isNoEmptyList)
    this.#waiting = undefined
    return all
  }

  /** The results held back to the end, as there was no object. */
  rest(): readonly ValidatedObject[] {
    return this.#waiting ?? []
  }
}

function isNoEmptyList({ resource, diagnostics }: ValidatedObject): boolean {
  return resource !== undefined || diagnostics.some(({ code }) => code !== 'LIST_EMPTY')
}
