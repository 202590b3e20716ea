import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonObject } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { CustomSchemas } from '../schema/custom-kinds.ts'
import type { KubeSchema } from '../schema/kube-schema.ts'
import type { SourceText } from '../text/source.ts'
import type { CelCompiler } from '../cel/environment.ts'
import { InputValidator, isDefinition } from './input-validator.ts'
import { objectValidator } from './object-validator.ts'
import { readObjects } from './read-objects.ts'
import type { InputValidation, ValidatedObject, ValidateOptions, ValidationResult } from './validation-result.ts'

/**
 * Checks every object of the inputs as the API server does when it is created: what kubectl can read, the schema of its
 * kind with strict field validation, the rules of Kubernetes' own validation, and where asked the Pod Security
 * Standards. CustomResourceDefinitions among the inputs and the definitions supply the schemas of their kinds.
 */
export async function validateInputs(
  inputs: readonly SourceText[],
  options: ValidateOptions,
): Promise<ValidationResult> {
  const given = options.definitions.map(readDefinitions)
  const known = given.flatMap(({ definitions }) => definitions)
  let hasCel = false
  const noteCel: CelCompiler = () => {
    hasCel = true
    return []
  }
  const settingsOf = ({ label }: SourceText): InputValidation => options.settingsOf?.(label) ?? options
  const keyOf = (source: SourceText): string => {
    const { kubeVersion, allowPlaceholders } = settingsOf(source)
    return `1.${kubeVersion.minor} ${allowPlaceholders === true}`
  }
  const settings = new Map(inputs.map((source) => [keyOf(source), settingsOf(source)]))
  /** One for all inputs with the same settings. */
  const checkersWith = async (
    definitions: readonly JsonObject[],
    celOf: (version: KubeVersion) => CelCompiler,
  ): Promise<(source: SourceText) => InputValidator> => {
    const byKey = new Map<string, InputValidator>()
    for (const [key, { kubeVersion, allowPlaceholders }] of settings) {
      const own = { ...options, kubeVersion, allowPlaceholders: allowPlaceholders === true }
      const objects = objectValidator({ ...own, compileCel: celOf(kubeVersion) })
      byKey.set(key, new InputValidator(objects, await customKinds(definitions, objects.schema), own))
    }
    return (source) => byKey.get(keyOf(source)) as InputValidator
  }
  const checkerOf = await checkersWith(known, () => noteCel)
  const checked = inputs.map((source, n) => {
    options.onProgress?.('checking', n + 1, inputs.length, source.label)
    hasCel = false
    const one = checkerOf(source).check(source)
    return Object.assign(one, { isAgain: hasCel })
  })
  // Definitions may stand behind objects of their kind, and in other inputs; expressions are compiled where there are any.
  const found = checked.flatMap(({ definitions }) => definitions)
  const compiler = checked.some(({ isAgain }) => isAgain) ? (await import('../cel/compile.ts')).celCompiler : undefined
  const againOf =
    found.length === 0 && compiler === undefined
      ? checkerOf
      : await checkersWith([...known, ...found], ({ minor }) => compiler?.(minor) ?? noteCel)
  return {
    files: inputs,
    objects: withoutEmptyLists(
      checked.flatMap(
        (one, n) =>
          (one.isAgain || (found.length > 0 && one.open)
            ? againOf(inputs[n] as SourceText).check(inputs[n] as SourceText)
            : one
          ).objects,
      ),
    ),
    diagnostics: given.flatMap(({ problems }) => problems),
  }
}

/** kubectl applies what there is, and minds an empty list only where there is nothing else. */
function withoutEmptyLists(objects: readonly ValidatedObject[]): readonly ValidatedObject[] {
  if (objects.every(({ resource }) => resource === undefined)) return objects
  return objects.filter(
    ({ resource, diagnostics }) => resource !== undefined || diagnostics.some(({ code }) => code !== 'LIST_EMPTY'),
  )
}

/** What an input of definitions holds, and what is wrong with it: it cannot be read, or holds none. */
function readDefinitions(source: SourceText): { definitions: JsonObject[]; problems: readonly Diagnostic[] } {
  const items = [...readObjects(source)]
  const definitions = items.flatMap(({ object }) => (object !== undefined && isDefinition(object) ? [object.data] : []))
  const problems = items.flatMap(({ diagnostics }) => diagnostics)
  if (definitions.length > 0 || hasErrors(problems)) return { definitions, problems }
  const at = { source, range: { start: 0, end: 0 } }
  const hint = 'definitions have apiVersion apiextensions.k8s.io/v1 and kind CustomResourceDefinition'
  return {
    definitions,
    problems: [...problems, diagnostic('CRD_NONE', 'no CustomResourceDefinition in this input', { at, hint })],
  }
}

/** The schemas of custom kinds; what they need, and what rules in CEL need, is loaded only when there are any. */
async function customKinds(definitions: readonly JsonObject[], schema: KubeSchema): Promise<CustomSchemas | undefined> {
  if (definitions.length === 0) return undefined
  const { customSchemas, mayHaveRules } = await import('../schema/custom-kinds.ts')
  const { embeddedResourceFindings } = await import('./embedded-resources.ts')
  const cel = mayHaveRules(definitions) ? await import('../cel/support.ts') : undefined
  return customSchemas(schema, definitions, { cel, embeddedResources: embeddedResourceFindings })
}
