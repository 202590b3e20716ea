import { append } from '../common/append.ts'
import { diagnostic, hasErrors, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { PlanProblem } from '../desired/pod-paths.ts'
import { fieldAt, pathOf, type FieldPath } from '../field-path/field-path.ts'
import type { JsonObject, JsonPath } from '../json/json.ts'
import { pathInObject, templateOf } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import { locate } from '../yaml/read/construct.ts'

/** A hint and other locations of a diagnostic. */
type More = Pick<Diagnostic, 'related' | 'hint'> & { severity?: Diagnostic['severity'] | undefined }

/** Collects the diagnostics of one workload, each with its location in the file. */
export class WorkloadReport {
  readonly #workload: Workload
  readonly diagnostics: Diagnostic[] = []

  constructor(workload: Workload) {
    this.#workload = workload
  }

  get hasErrors(): boolean {
    return hasErrors(this.diagnostics)
  }

  /** Adds diagnostics that have their location already. */
  addAll(diagnostics: readonly Diagnostic[]): void {
    append(this.diagnostics, diagnostics)
  }

  /** Adds a diagnostic at a path in the object. */
  at(path: JsonPath, code: Diagnostic['code'], message: string, more: More = {}): void {
    this.#add(code, message, this.locationOf(path), more, path)
  }

  /** Adds a diagnostic at another location, such as that of the annotation that requests something, or at none. */
  elsewhere(
    at: SourceLocation | undefined,
    code: Diagnostic['code'],
    message: string,
    hint: string | undefined,
    severity?: Diagnostic['severity'],
  ): void {
    this.#add(code, message, at, { hint, severity })
  }

  /** Adds a problem at a field of the pod template, or at its nearest parent that exists. */
  readonly problem = ({ code, message, hint, address, related }: PlanProblem): void => {
    this.at(this.#pathOf(address), code, message, { hint, related })
  }

  /** The location of a field of the pod template, or of its nearest parent that exists. */
  locationOfAddress(address: FieldPath): SourceLocation {
    return this.locationOf(this.#pathOf(address))
  }

  #pathOf(address: FieldPath): JsonPath {
    const template = templateOf(this.#workload) as JsonObject
    let known: FieldPath = address
    while (known.length > 0 && fieldAt(template, known) === undefined) known = known.slice(0, -1)
    return pathInObject(this.#workload, pathOf(template, known) ?? [])
  }

  /** The location of a path in the object. */
  locationOf(path: JsonPath): SourceLocation {
    const { doc, node } = this.#workload
    return { source: doc.source, range: locate(node, path) }
  }

  #add(
    code: Diagnostic['code'],
    message: string,
    at: SourceLocation | undefined,
    { hint, related, severity }: More,
    path?: JsonPath,
  ): void {
    const { doc, ref } = this.#workload
    this.diagnostics.push(
      diagnostic(code, message, { at, document: doc.index, resource: ref, path, severity, hint, related }),
    )
  }
}
