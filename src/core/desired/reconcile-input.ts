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
  /** Volumes that stay because they are still used, each with one use. */
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
  /** Names of the sidecars to plan from scratch; the others stay as they are. */
  renew: ReadonlySet<string>
  /** Extra objects of the sidecars of this run, by sidecar. */
  objects: ReadonlyMap<string, readonly JsonObject[]>
  /** The template's text, as far as it decides what can be restored later. */
  text: TemplateText
}

/** What reconciliation must know about the template's text. */
export interface TemplateText {
  /**
   * The text between the colon and the end of the value at a field path; undefined when the field is not written in its
   * map.
   */
  textAt: (address: FieldPath) => string | undefined
  /** The alias on the way to a field path: its own path, and its text after the colon or dash. */
  aliasOn: (address: FieldPath) => { address: FieldPath; text: string } | undefined
  /** The value of an alias with that name at a field path; undefined where no such anchor precedes it. */
  anchored: (name: string, address: FieldPath) => Json | undefined
}

/** Stands for the record annotation of any sidecar, where only its parents matter. */
export const ANY_RECORD = annotationAddress(OLD_RECORD)
