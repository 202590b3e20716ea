import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { CustomSchemas } from '../schema/custom.ts'
import type { KubeSchema } from '../schema/schema.ts'
import type { SourceText } from '../text/source.ts'
import { InputChecker, isDefinition } from './input.ts'
import { objectChecker } from './object.ts'
import { readObjects } from './read.ts'
import type { ValidateOptions, ValidationResult } from './types.ts'

/**
 * Checks every object of the inputs as the API server does when it is created: what kubectl can read, the schema of its
 * kind with strict field validation, the rules of Kubernetes' own validation, and where asked the Pod Security
 * Standards. CustomResourceDefinitions among the inputs and the definitions supply the schemas of their kinds.
 */
export async function validateInputs(inputs: readonly SourceText[], options: ValidateOptions): Promise<ValidationResult> {
  const given = options.definitions.map(readDefinitions)
  const known = given.flatMap(({ definitions }) => definitions)
  const objects = objectChecker(options)
  const checkerWith = async (definitions: readonly JsonObject[]) => new InputChecker(objects, await customKinds(definitions, objects.schema), options)
  const checker = await checkerWith(known)
  const checked = inputs.map((source, n) => {
    options.onProgress?.('checking', n + 1, inputs.length, source.label)
    return checker.check(source)
  })
  // Definitions may stand behind objects of their kind, and in other inputs.
  const found = checked.flatMap(({ definitions }) => definitions)
  const again = found.length === 0 ? checker : await checkerWith([...known, ...found])
  return {
    files: inputs,
    objects: checked.flatMap((one, n) => (found.length > 0 && one.open ? again.check(inputs[n] as SourceText) : one).objects),
    diagnostics: given.flatMap(({ problems }) => problems),
  }
}

/** What an input of definitions holds, and what is wrong with it: it cannot be read, or holds none. */
function readDefinitions(source: SourceText): { definitions: JsonObject[]; problems: readonly Diagnostic[] } {
  const items = [...readObjects(source)]
  const definitions = items.flatMap(({ object }) => (object !== undefined && isDefinition(object) ? [object.data] : []))
  const problems = items.flatMap(({ diagnostics }) => diagnostics)
  if (definitions.length > 0 || hasErrors(problems)) return { definitions, problems }
  const at = { source, range: { start: 0, end: 0 } }
  const hint = 'definitions have apiVersion apiextensions.k8s.io/v1 and kind CustomResourceDefinition'
  return { definitions, problems: [...problems, diagnostic('CRD_NONE', 'no CustomResourceDefinition in this input', { at, hint })] }
}

/** The schemas of custom kinds; what they need, and what rules in CEL need, is loaded only when there are any. */
async function customKinds(definitions: readonly JsonObject[], schema: KubeSchema): Promise<CustomSchemas | undefined> {
  if (definitions.length === 0) return undefined
  const { customSchemas, mayHaveRules } = await import('../schema/custom.ts')
  const cel = mayHaveRules(definitions) ? await import('../cel/support.ts') : undefined
  return customSchemas(schema, definitions, cel)
}
