import type { DiagnosticCode } from '../codes.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { KubeObject } from '../kube/workload.ts'
import { openSchema } from '../schema/schema.ts'
import type { CustomSchemas } from '../schema/custom.ts'
import type { SourceText } from '../text/source.ts'
import type { Finding } from '../validate/rule.ts'
import { locate } from '../yaml/data.ts'
import type { YamlNode } from '../yaml/node.ts'
import { byPlace, severityOf } from './findings.ts'
import { objectChecker, type ObjectChecker } from './object.ts'
import { readObjects, type ReadItem } from './read.ts'
import type { CheckedObject, ValidateOptions, ValidationResult } from './types.ts'

/**
 * Checks every object of the inputs as the API server does when it is created: what kubectl can read, the schema of its
 * kind with strict field validation, the rules of Kubernetes' own validation, and where asked the Pod Security
 * Standards. CustomResourceDefinitions among the inputs and the definitions supply the schemas of their kinds.
 */
export async function validateInputs(inputs: readonly SourceText[], options: ValidateOptions): Promise<ValidationResult> {
  const read = inputs.flatMap((source, n) => {
    options.onProgress?.('parsing', n + 1, inputs.length, source.label)
    return readObjects(source)
  })
  const given = options.definitions.map((source) => ({ source, items: readObjects(source) }))
  const custom = await customKinds([...given.flatMap(({ items }) => items), ...read], options)
  const checker = objectChecker({ ...options, custom })
  return {
    files: inputs,
    objects: checkAll(inputs, read, checker, options),
    diagnostics: given.flatMap(({ source, items }) => definitionProblems(source, items)),
  }
}

function checkAll(inputs: readonly SourceText[], read: readonly ReadItem[], checker: ObjectChecker, options: ValidateOptions): CheckedObject[] {
  const numbers = new Map(inputs.map((source, n) => [source, n + 1]))
  return read.map((item) => {
    options.onProgress?.('checking', numbers.get(item.source) ?? 0, inputs.length, item.source.label)
    return checkItem(item, checker, options)
  })
}

function isDefinition({ object }: ReadItem): boolean {
  return object?.ref.kind === 'CustomResourceDefinition' && object.ref.apiVersion === 'apiextensions.k8s.io/v1'
}

/** The schemas of custom kinds; ajv, which they need, is loaded only when there are any. */
async function customKinds(items: readonly ReadItem[], options: ValidateOptions): Promise<CustomSchemas | undefined> {
  const definitions = items.filter(isDefinition).map(({ object }) => object?.data as JsonObject)
  if (definitions.length === 0) return undefined
  const { customSchemas } = await import('../schema/custom.ts')
  return customSchemas(openSchema(options.kubeVersion, options.loadSchema), definitions)
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

function checkItem(item: ReadItem, checker: ObjectChecker, { strictKinds }: ValidateOptions): CheckedObject {
  const { source, document, offset, object } = item
  const found = object === undefined ? [] : checkRead(object, checker, strictKinds)
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

function checkRead(object: KubeObject, checker: ObjectChecker, strictKinds: boolean): Diagnostic[] {
  const { known, findings } = checker.check(object.data)
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
