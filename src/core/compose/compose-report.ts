import { diagnostic, type Diagnostic, type ResourceRef, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { JsonPath } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import { reasonOf } from '../patch/refused-edit.ts'
import { locate } from '../yaml/read/construct.ts'
import type { ComposeFile } from './compose-file.ts'
import { obstacleAt, type EntryError } from './edit.ts'
import type { ComposeRecord } from './record.ts'
import type { ServicePlaces } from './service-places.ts'

/** Collects the diagnostics of one Compose file. */
export class ComposeReport {
  readonly #source: SourceText
  readonly #file: ComposeFile
  readonly diagnostics: Diagnostic[] = []

  constructor(source: SourceText, file: ComposeFile) {
    this.#source = source
    this.#file = file
  }

  /** Adds a diagnostic at a path of the file. */
  at(path: JsonPath, code: Diagnostic['code'], message: string, service: string | undefined, hint?: string): void {
    this.diagnostics.push(
      diagnostic(code, message, {
        at: this.locationOf(path),
        resource: service === undefined ? undefined : refOf(service),
        hint,
      }),
    )
  }

  /** Adds findings in the pod of a service as findings in the service. */
  ofPod(found: readonly Diagnostic[], places: ServicePlaces, service: string): void {
    for (const { path: _, ...one } of found) {
      this.diagnostics.push({ ...places.ofFinding(one), resource: one.resource && refOf(service) })
    }
  }

  /** Adds that a sidecar was edited by hand. */
  edited({ name, sidecar, service }: ComposeRecord): void {
    const message = `what sidecar "${sidecar}" added was edited by hand`
    this.at(['services', name], 'INJECTED_MODIFIED', message, service, 'use --force to discard the edit')
  }

  /**
   * Adds why the text cannot be edited for a service. What was edited before may have moved the place in the text, so it
   * is looked for in the file.
   */
  refusedEdit({ at, reason }: EntryError, service: string): void {
    const { code, hint } = reasonOf(reason)
    const start = obstacleAt(this.#file.doc, at)
    this.diagnostics.push(
      diagnostic(code, reason.message, {
        at: start === undefined ? this.locationOf([...at]) : { source: this.#source, range: { start, end: start + 1 } },
        resource: refOf(service),
        hint,
      }),
    )
  }

  /** The location of the key or value at a path, or of the nearest one around it. */
  locationOf(path: JsonPath, on: 'key' | 'value' = 'key'): SourceLocation {
    const { root } = this.#file.doc
    return { source: this.#source, range: root === undefined ? { start: 0, end: 0 } : locate(root, path, on) }
  }
}

/** Names a service in messages and reports. */
export function refOf(name: string): ResourceRef {
  return { apiVersion: 'compose', kind: 'Service', namespace: '', name }
}
