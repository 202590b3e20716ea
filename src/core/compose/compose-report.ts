import { diagnostic, type Diagnostic, type ResourceRef, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { JsonPath } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import type { EditError } from '../yaml/edit/edit-error.ts'
import { locate } from '../yaml/read/construct.ts'
import type { ComposeFile } from './compose-file.ts'
import type { ComposeRecord } from './record.ts'

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
        ...(service !== undefined && { resource: refOf(service) }),
        ...(hint !== undefined && { hint }),
      }),
    )
  }

  /** Adds findings in the pod of a service as findings in the service. */
  ofPod(found: readonly Diagnostic[], pod: SourceText, service: string): void {
    const at = this.locationOf(['services', service])
    for (const { path: _, ...one } of found) {
      const isAboutPod = one.at === undefined || one.at.source === pod
      this.diagnostics.push({
        ...one,
        ...(isAboutPod && one.resource !== undefined && { at }),
        ...(one.resource !== undefined && { resource: refOf(service) }),
      })
    }
  }

  /** Adds that a sidecar was edited by hand. */
  edited({ name, sidecar, service }: ComposeRecord): void {
    const message = `what sidecar "${sidecar}" added was edited by hand since`
    this.at(['services', name], 'INJECTED_MODIFIED', message, service, 'use --force to discard the edit')
  }

  /** Adds why the text cannot be edited. */
  refusedEdit(error: EditError): void {
    const range = { start: error.offset, end: error.offset }
    this.diagnostics.push(
      diagnostic('EDIT_UNSAFE', error.message, {
        at: { source: this.#source, range },
        ...('hint' in error && { hint: String(error.hint) }),
      }),
    )
  }

  /** The location of the key at a path, or of the nearest one around it. */
  locationOf(path: JsonPath): SourceLocation {
    const { root } = this.#file.doc
    return { source: this.#source, range: root === undefined ? { start: 0, end: 0 } : locate(root, path, 'key') }
  }
}

/** Names a service in messages and reports. */
export function refOf(name: string): ResourceRef {
  return { apiVersion: 'compose', kind: 'Service', namespace: '', name }
}
