import { Apart, copiedData } from '../apart.ts'
import type { DiagnosticCode } from '../codes.ts'
import { hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { JsonObject } from '../json.ts'
import type { KubeObject } from '../kube/workload.ts'
import type { CustomSchemas } from '../schema/custom.ts'
import type { SourceText } from '../text/source.ts'
import type { Finding } from '../validate/rule.ts'
import { splitDocuments, type Chunk } from '../yaml/documents.ts'
import { asDiagnostic, byPlace } from './findings.ts'
import type { ObjectCheck, ObjectChecker } from './object.ts'
import { readChunks, readObjects, type ReadItem } from './read.ts'
import type { CheckedObject, Unit, UnitResult, ValidateOptions } from './types.ts'

/** Characters of a unit, about. */
const UNIT = 1 << 16

/** The units of the inputs, in their order. */
export function unitsOf(inputs: readonly SourceText[]): Unit[] {
  return inputs.flatMap((source, input): Unit[] => {
    if (source.text.length <= UNIT || source.encoding !== 'utf-8') return [{ input }]
    const units: Unit[] = []
    let [from, start] = [0, 0]
    const chunks = splitDocuments(source)
    for (const [n, { end }] of chunks.entries()) {
      if (end - start < UNIT && n + 1 < chunks.length) continue
      units.push({ input, chunks: { from, to: n + 1 } });
      [from, start] = [n + 1, end]
    }
    return units
  })
}

/** Checks units with an object checker; in their order it is fastest, as an input is split once. */
export class UnitChecker {
  readonly #inputs: readonly SourceText[]
  readonly #checker: ObjectChecker
  readonly #custom: CustomSchemas | undefined
  readonly #strictKinds: boolean
  readonly #copies = new Apart()
  #split: { source: SourceText; chunks: readonly Chunk[] } | undefined

  constructor(inputs: readonly SourceText[], checker: ObjectChecker, custom: CustomSchemas | undefined, { strictKinds }: Pick<ValidateOptions, 'strictKinds'>) {
    this.#inputs = inputs
    this.#checker = checker
    this.#custom = custom
    this.#strictKinds = strictKinds
  }

  check(unit: Unit): UnitResult {
    const objects: CheckedObject[] = []
    const definitions: JsonObject[] = []
    let open = false
    // Objects are checked as they are read, and let go.
    const items = this.#read(unit)
    for (let next = items.next(); ; next = items.next()) {
      if (next.done === true) return { objects, shift: next.value ?? 0, definitions, open }
      const { object } = next.value
      const check = object === undefined ? undefined : this.#checker.check(object.data, this.#custom)
      if (object !== undefined && isDefinition(object)) definitions.push(next.value.source.isStored ? copiedData(object.data) : object.data)
      open ||= check?.open === true
      const checked = checkedObject(next.value, check, this.#strictKinds)
      objects.push(next.value.source.isStored ? this.#apart(checked) : checked)
    }
  }

  #apart(checked: CheckedObject): CheckedObject {
    const { resource, diagnostics } = checked
    return {
      ...checked,
      resource: resource && this.#copies.resource(resource),
      diagnostics: diagnostics.length === 0 ? diagnostics : diagnostics.map((found) => this.#copies.diagnostic(found)),
    }
  }

  #read({ input, chunks }: Unit): Generator<ReadItem, number | void> {
    const source = this.#inputs[input] as SourceText
    if (chunks === undefined) return readObjects(source)
    if (this.#split?.source !== source) this.#split = { source, chunks: splitDocuments(source) }
    return readChunks(this.#split.chunks.slice(chunks.from, chunks.to))
  }
}

export function isDefinition({ ref }: KubeObject): boolean {
  return ref.kind === 'CustomResourceDefinition' && ref.apiVersion === 'apiextensions.k8s.io/v1'
}

const NOTHING: readonly Diagnostic[] = []

/** Codes by which something was passed over without a look at it. */
const UNCHECKED: ReadonlySet<DiagnosticCode> = new Set(['KIND_NOT_CHECKED', 'DOCUMENT_IGNORED'])

function checkedObject(item: ReadItem, check: ObjectCheck | undefined, strictKinds: boolean): CheckedObject {
  const { source, document, offset, object } = item
  const found = object === undefined || check === undefined ? [] : placed(object, check, strictKinds)
  if (item.diagnostics.length + found.length === 0) {
    return { source, document, offset, resource: object?.ref, status: 'valid', diagnostics: NOTHING }
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
