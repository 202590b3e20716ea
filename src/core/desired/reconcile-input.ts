import type { FieldPath } from '../field-path/field-path.ts'
import type { PatchOp } from '../field-path/patch-op.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { annotationAddress, OLD_RECORD, type OwnershipRecord } from '../ownership/record.ts'
import type { DesiredPod } from './desired-pod.ts'
import type { VolumeUse } from './volume-use.ts'

/** What must change in a pod template, and the record that goes with it. */
export interface Reconciled {
  changes: PatchOp[]
  record: OwnershipRecord
  /** Volumes that stay although no sidecar needs them any more, each with a use of it. */
  left: VolumeUse[]
}

/** What a reconciliation starts from. */
export interface ReconcileInput {
  /** The pod template as it is. */
  template: JsonObject
  record: OwnershipRecord
  draft: DesiredPod
  /** Versions of the sidecars of this run, in order; a sidecar of `renew` that is not among them is removed. */
  versions: ReadonlyMap<string, string>
  renew: ReadonlySet<string>
  /** Further objects of the sidecars of this run. */
  objects: ReadonlyMap<string, readonly JsonObject[]>
  /** The template's text, as far as it decides what can be put back later. */
  text: TemplateText
}

/** What reconciliation must know about the template's text. */
export interface TemplateText {
  /** The text between the colon and the end of the value at an address, where the value is replaced. */
  textAt: (address: FieldPath) => string | undefined
  /** The alias on the way to an address: where it stands, and its text from colon or dash. */
  aliasOn: (address: FieldPath) => { address: FieldPath; text: string } | undefined
  /** The data that an anchor stands for. */
  anchored: (name: string, address: FieldPath) => Json | undefined
}

/** The annotation of any sidecar. */
export const ANY_RECORD = annotationAddress(OLD_RECORD)
