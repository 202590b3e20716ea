import { append } from '../common/append.ts'
import { StringDetacher } from '../diagnostics/detach-diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { CUSTOM_WORKLOAD_KINDS } from '../kube/kinds.ts'
import { formatJsonPath, isObject } from '../json/json.ts'
import type { KubeVersion } from '../kube/version.ts'
import { podTemplates, type KubeObject } from '../kube/workload.ts'
import type { CustomSchemas } from '../schema/custom-kinds.ts'
import type { SourceText } from '../text/source.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { asDiagnostic, byPlace } from './findings.ts'
import type { ObjectValidation, ObjectValidator } from './object-validator.ts'
import { readObjects, type ReadItem } from './read-objects.ts'
import type { ValidatedObject, ValidateOptions } from './validation-result.ts'

/** Validates the objects of inputs. */
export class InputValidator {
  readonly #checker: ObjectValidator
  readonly #custom: CustomSchemas | undefined
  readonly #strictKinds: boolean
  readonly #version: KubeVersion
  readonly #detacher = new StringDetacher()

  /** @param custom the kinds that CustomResourceDefinitions define; undefined for none */
  constructor(
    checker: ObjectValidator,
    custom: CustomSchemas | undefined,
    { strictKinds, kubeVersion }: Pick<ValidateOptions, 'strictKinds' | 'kubeVersion'>,
  ) {
    this.#checker = checker
    this.#custom = custom
    this.#strictKinds = strictKinds
    this.#version = kubeVersion
  }

  check(source: SourceText): ValidatedObject[] {
    const objects: ValidatedObject[] = []
    // Each object is validated as soon as it is read, so that it can be freed before the next one.
    for (const item of readObjects(source, this.#version)) {
      if (item.list !== undefined) {
        append(objects, this.#checkList(item, item.list))
        continue
      }
      const check = item.object && this.#checkObject(item.object)
      const checked = checkedObject(item, check, this.#strictKinds)
      objects.push(source.isStored ? this.#detached(checked) : checked)
    }
    return objects
  }

  #checkObject({ doc, path, data }: KubeObject): ObjectValidation {
    const check = this.#checker.check(data, this.#custom)
    const more = path.length > 0 && isObject(doc.data) ? this.#checker.checkItem(data, doc.data) : []
    if (more.length === 0) return check
    const known = new Set(check.findings.map((found) => formatJsonPath(found.path)))
    const added = more.filter((found) => !known.has(formatJsonPath(found.path)))
    return { known: check.known, findings: [...check.findings, ...added] }
  }

  /** The kind of a list; nothing if kubectl knows it, or may know it as a custom one. */
  #checkList(item: ReadItem, list: KubeObject): ValidatedObject[] {
    const check = this.#checker.checkList(list.data, this.#custom)
    if (check.findings.length === 0 && (check.known || !this.#strictKinds)) return []
    const { source, document, offset } = item
    const diagnostics = placed(list, check, this.#strictKinds)
    return [this.#detached({ source, document, offset, resource: undefined, status: 'invalid', diagnostics })]
  }

  #detached(checked: ValidatedObject): ValidatedObject {
    const { resource, diagnostics } = checked
    return {
      ...checked,
      resource: resource && this.#detacher.resource(resource),
      diagnostics:
        diagnostics.length === 0 ? diagnostics : diagnostics.map((found) => this.#detacher.diagnostic(found)),
    }
  }
}

export function isDefinition({ ref }: KubeObject): boolean {
  return ref.kind === 'CustomResourceDefinition' && ref.apiVersion === 'apiextensions.k8s.io/v1'
}

const NOTHING: readonly Diagnostic[] = []

/** Codes of objects and documents that were not validated. */
const UNCHECKED: ReadonlySet<DiagnosticCode> = new Set(['KIND_NOT_CHECKED', 'DOCUMENT_IGNORED'])

function checkedObject(item: ReadItem, check: ObjectValidation | undefined, strictKinds: boolean): ValidatedObject {
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

function placed(object: KubeObject, { known, findings }: ObjectValidation, strictKinds: boolean): Diagnostic[] {
  const all = known ? findings : [...findings, notChecked(object, strictKinds)]
  return all.map((finding) => asDiagnostic(finding, object))
}

function notChecked({ ref, data }: KubeObject, strictKinds: boolean): Finding {
  const what =
    podTemplates(data, ref, CUSTOM_WORKLOAD_KINDS).length > 0
      ? 'only its pods were checked'
      : 'the object was not checked'
  return {
    code: 'KIND_NOT_CHECKED',
    severity: strictKinds ? 'error' : 'info',
    path: ['kind'],
    message: `no schema for ${ref.kind} in ${ref.apiVersion}: ${what}`,
    hint: 'pass its CustomResourceDefinition with --crd',
  }
}
