import type { DiagnosticCode } from '../codes.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { KubeObject } from '../kube/workload.ts'
import type { CustomSchemas } from '../schema/custom.ts'
import type { SourceText } from '../text/source.ts'
import type { Finding } from '../validate/rule.ts'
import { locate } from '../yaml/data.ts'
import type { YamlNode } from '../yaml/node.ts'
import { byPlace, severityOf } from './findings.ts'
import { objectChecker, type ObjectCheck, type ObjectChecker } from './object.ts'
import { readObjects, type ReadItem } from './read.ts'
import type { CheckedObject, ValidateOptions, ValidationResult } from './types.ts'

/**
 * Checks every object of the inputs as the API server does when it is created: what kubectl can read, the schema of its
 * kind with strict field validation, the rules of Kubernetes' own validation, and where asked the Pod Security
 * Standards. CustomResourceDefinitions among the inputs and the definitions supply the schemas of their kinds.
 */
export async function validateInputs(inputs: readonly SourceText[], options: ValidateOptions): Promise<ValidationResult> {
  const given = options.definitions.map((source) => ({ source, items: [...readObjects(source)] }))
  const definitions = given.flatMap(({ items }) => items).filter(isDefinition)
  const checker = objectChecker(options)
  const objects: CheckedObject[] = []
  // Definitions may stand behind objects of their kind; all other objects are checked as they are read, and let go.
  const open: { slot: number; item: ReadItem }[] = []
  for (const [n, source] of inputs.entries()) {
    options.onProgress?.('checking', n + 1, inputs.length, source.label)
    for (const item of readObjects(source)) {
      if (isDefinition(item)) definitions.push(item)
      const check = item.object === undefined ? undefined : checker.check(item.object.data)
      if (check?.open === true) open.push({ slot: objects.length, item })
      objects.push(checkedObject(item, check, options))
    }
  }
  const custom = await customKinds(definitions, checker)
  if (custom !== undefined) {
    for (const { slot, item } of open) objects[slot] = checkedObject(item, item.object && checker.check(item.object.data, custom), options)
  }
  return { files: inputs, objects, diagnostics: given.flatMap(({ source, items }) => definitionProblems(source, items)) }
}

function isDefinition({ object }: ReadItem): boolean {
  return object?.ref.kind === 'CustomResourceDefinition' && object.ref.apiVersion === 'apiextensions.k8s.io/v1'
}

/** The schemas of custom kinds; ajv, which they need, is loaded only when there are any. */
async function customKinds(definitions: readonly ReadItem[], { schema }: ObjectChecker): Promise<CustomSchemas | undefined> {
  if (definitions.length === 0) return undefined
  const { customSchemas } = await import('../schema/custom.ts')
  return customSchemas(schema, definitions.map(({ object }) => object?.data as JsonObject))
}

/** What is wrong with an input of definitions: it cannot be read, or holds none. */
function definitionProblems(source: SourceText, items: readonly ReadItem[]): Diagnostic[] {
  const broken = items.flatMap(({ diagnostics }) => diagnostics)
  if (items.some(isDefinition) || hasErrors(broken)) return broken
  const at = { source, range: { start: 0, end: 0 } }
  const hint = 'definitions have apiVersion apiextensions.k8s.io/v1 and kind CustomResourceDefinition'
  return [...broken, diagnostic('CRD_NONE', 'no CustomResourceDefinition in this input', { at, hint })]
}

/** Codes by which something was passed over without a look at it. */
const UNCHECKED: ReadonlySet<DiagnosticCode> = new Set(['KIND_NOT_CHECKED', 'DOCUMENT_IGNORED'])

function checkedObject(item: ReadItem, check: ObjectCheck | undefined, { strictKinds }: ValidateOptions): CheckedObject {
  const { source, document, offset, object } = item
  const found = object === undefined || check === undefined ? [] : placed(object, check, strictKinds)
  if (item.diagnostics.length + found.length === 0) {
    return { source, document, offset, resource: object?.ref, status: 'valid', diagnostics: [] }
  }
  const diagnostics = [...item.diagnostics.map((d) => withResource(d, object)), ...found].sort(byPlace)
  const skipped = diagnostics.some(({ code }) => UNCHECKED.has(code))
  const status = hasErrors(diagnostics) ? 'invalid' : skipped ? 'skipped' : 'valid'
  return { source, document, offset, resource: object?.ref, status, diagnostics }
}

function withResource(found: Diagnostic, object: KubeObject | undefined): Diagnostic {
  return object === undefined ? found : { ...found, resource: object.ref }
}

function placed(object: KubeObject, { known, findings }: ObjectCheck, strictKinds: boolean): Diagnostic[] {
  const all = known ? findings : [...findings, notChecked(object, strictKinds)]
  return all.map((finding) => asDiagnostic(finding, object))
}

function notChecked({ ref }: KubeObject, strictKinds: boolean): Finding {
  return {
    code: 'KIND_NOT_CHECKED',
    severity: strictKinds ? 'error' : 'info',
    path: ['kind'],
    message: `no schema for ${ref.kind} in ${ref.apiVersion}: the object was not checked`,
    hint: 'give its CustomResourceDefinition with --crd',
  }
}

/** Gives a finding its place in the text. */
export function asDiagnostic(finding: Finding, { doc, path, ref }: KubeObject): Diagnostic {
  const root = doc.root as YamlNode
  const at = (place: Finding['path'], on?: Finding['on']) => ({
    source: doc.source,
    range: locate(root, [...path, ...place], on),
  })
  const { code, message, hint, related } = finding
  return diagnostic(code, message, {
    severity: severityOf(finding),
    at: at(finding.at ?? finding.path, finding.on),
    document: doc.index,
    resource: ref,
    path: finding.path,
    ...(hint !== undefined && { hint }),
    ...(related !== undefined && { related: related.map((other) => ({ message: other.message, at: at(other.path) })) }),
  })
}
