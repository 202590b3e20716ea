import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { CustomSchemas } from '../schema/custom.ts'
import type { KubeSchema } from '../schema/schema.ts'
import type { SourceText } from '../text/source.ts'
import { objectChecker } from './object.ts'
import { readObjects } from './read.ts'
import { packTask, unpackResults } from './share.ts'
import type { CheckedObject, CheckTask, Unit, UnitResult, ValidateOptions, ValidationResult } from './types.ts'
import { isDefinition, UnitChecker, unitsOf } from './unit.ts'

/**
 * Checks every object of the inputs as the API server does when it is created: what kubectl can read, the schema of its
 * kind with strict field validation, the rules of Kubernetes' own validation, and where asked the Pod Security
 * Standards. CustomResourceDefinitions among the inputs and the definitions supply the schemas of their kinds.
 */
export async function validateInputs(inputs: readonly SourceText[], options: ValidateOptions): Promise<ValidationResult> {
  const given = options.definitions.map(readDefinitions)
  const known = given.flatMap(({ definitions }) => definitions)
  const units = unitsOf(inputs)
  const results = await checkAll(inputs, units, known, options)
  // Definitions may stand behind objects of their kind.
  const found = results.flatMap(({ definitions }) => definitions)
  if (found.length > 0) {
    const checker = await unitChecker(inputs, [...known, ...found], options)
    for (const [n, { open }] of results.entries()) if (open) results[n] = checker.check(units[n] as Unit)
  }
  return { files: inputs, objects: joined(units, results), diagnostics: given.flatMap(({ problems }) => problems) }
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

async function unitChecker(inputs: readonly SourceText[], definitions: readonly JsonObject[], options: CheckTask['options'] & Pick<ValidateOptions, 'loadSchema'>): Promise<UnitChecker> {
  const checker = objectChecker(options)
  return new UnitChecker(inputs, checker, await customKinds(definitions, checker.schema), options)
}

/** The schemas of custom kinds; ajv, which they need, is loaded only when there are any. */
async function customKinds(definitions: readonly JsonObject[], schema: KubeSchema): Promise<CustomSchemas | undefined> {
  if (definitions.length === 0) return undefined
  const { customSchemas } = await import('../schema/custom.ts')
  return customSchemas(schema, definitions)
}

/** Checks all units, with the help of another thread where there is one: each takes the next unit that is left. */
async function checkAll(inputs: readonly SourceText[], units: readonly Unit[], definitions: readonly JsonObject[], options: ValidateOptions): Promise<UnitResult[]> {
  const { kubeVersion, strictKinds, podSecurity } = options
  const helper = options.share?.(packTask({ inputs, definitions, options: { kubeVersion, strictKinds, ...(podSecurity !== undefined && { podSecurity }) } }))
  let taken = 0
  const next = helper?.next ?? (() => taken++)
  const checker = await unitChecker(inputs, definitions, options)
  const results: UnitResult[] = []
  for (let n = next(); n < units.length; n = next()) {
    const unit = units[n] as Unit
    options.onProgress?.('checking', unit.input + 1, inputs.length, (inputs[unit.input] as SourceText).label)
    results[n] = checker.check(unit)
  }
  const isMissing = (n: number): boolean => results[n] === undefined
  if (helper !== undefined && units.some((_, n) => isMissing(n))) {
    for (const [n, result] of unpackResults(await helper.results(), inputs, units)) results[n] = result
  }
  // What a helper took and did not bring back.
  for (const [n, unit] of units.entries()) if (isMissing(n)) results[n] = checker.check(unit)
  return results
}

/**
 * The part of another thread: checks the units that are left, one by one.
 * @param next the number of the next unit that nobody has taken yet
 * @param take is given each result with its unit's number
 */
export async function helpToCheck(task: CheckTask, loadSchema: ValidateOptions['loadSchema'], next: () => number, take: (n: number, result: UnitResult) => void): Promise<void> {
  const units = unitsOf(task.inputs)
  const checker = await unitChecker(task.inputs, task.definitions, { ...task.options, loadSchema })
  for (let n = next(); n < units.length; n = next()) take(n, checker.check(units[n] as Unit))
}

/** All objects in input order, with the numbers of their documents. */
function joined(units: readonly Unit[], results: readonly UnitResult[]): CheckedObject[] {
  let [input, shift] = [-1, 0]
  return results.flatMap((result, n) => {
    const unit = units[n] as Unit
    if (unit.input !== input) [input, shift] = [unit.input, 0]
    const objects = shift === 0 ? result.objects : result.objects.map((object) => moved(object, shift))
    shift += result.shift
    return objects
  })
}

function moved(object: CheckedObject, shift: number): CheckedObject {
  const diagnostics = object.diagnostics.map((d) => (d.document === undefined ? d : { ...d, document: d.document + shift }))
  return { ...object, document: object.document + shift, diagnostics }
}
