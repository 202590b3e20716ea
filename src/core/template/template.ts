import { type JsonPath, type Json, type JsonObject, mapOf } from '../json/json.ts'
import type { SourceLocation, ResourceRef } from '../diagnostics/diagnostic.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { ValuePattern } from './pattern.ts'

/** What a template may know of the workload it is put into; usable as `${{ workload.name }}` and so on. */
export interface TemplateContext {
  workload: ResourceRef & { labels: Record<string, string> }
  /** The app's first container, or the one named by the user. */
  app: {
    container: string
    image: string
    /** Its first port, or the one named `http`; undefined when it declares none. */
    port: number | undefined
    portName: string | undefined
  }
  /** How the sidecar will run, usable as `${{ sidecar.mode }}` and in `$when`. */
  mode: 'classic' | 'native'
}

/** The types that a parameter can have; `PARAMETER_TYPES` says what each accepts. */
export type ParameterType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'array'
  | 'object'
  | 'quantity'
  | 'duration'
  | 'port'
  | 'path'
  | 'name'

/** What a value must be. The limits mean what the JSON Schema keywords of the same names mean. */
export interface ValueSpec {
  type: ParameterType
  enum?: readonly Json[]
  pattern?: ValuePattern
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  /** For arrays: what every item must be. */
  items?: ValueSpec
  /** For objects: what every value must be. */
  additionalProperties?: ValueSpec
}

/** What one name in a condition must be: one of the values, or any value at all, or none of the values. */
export type Test = { in: readonly Json[] } | { notIn: readonly Json[] } | { set: boolean }

/** Tests by name of a parameter or of a context value (`workload.kind`); all must hold. */
export type Condition = ReadonlyMap<string, Test>

/** A parameter as the template declares it. */
export interface ParameterSpec extends ValueSpec {
  name: string
  description: string
  /** A value, or a placeholder of the context such as `${{ app.port }}`; undefined for none. */
  default: Json | undefined
  /** A value that works, for documentation and tests. */
  example: Json | undefined
  required: boolean
  requiredWhen: Condition | undefined
}

/** A template as read from its file, before values are put in. */
export interface Template {
  name: string
  version: string
  description: string
  /** The newest release of the program when it was last looked up, and that day (`2026-11-28`). */
  checked?: { version: string; date: string } | undefined
  parameters: ReadonlyMap<string, ParameterSpec>
  mode: RunMode
  /** Where among the init containers of a pod the sidecar starts; undefined for `first`. */
  start: ItemPlace | undefined
  /** `spec` as written, with its placeholders and directives. */
  spec: JsonObject
  /** The position of a field (path from the document's root), or of the nearest parent field that exists. */
  place: (path: JsonPath) => SourceLocation
  /** What it becomes where no parameter is given, if that is known to be the same in every workload. */
  ready?: Sidecar | undefined
}

/** A value that the user gives for a parameter. When several name the same parameter, the last one wins. */
export interface GivenValue {
  name: string
  /** Text as from a command line or an annotation, which is read as the parameter's type; or data. */
  value: Json
  /** True when a string in `value` is data and is not parsed, as in a policy file. */
  data?: boolean
  /** Where it came from, for messages: `--set logging.output=x`, an annotation. */
  origin?: string
  at?: SourceLocation | undefined
}

/**
 * A folder that the app and the sidecar both see. It is mounted into the template's init containers as it is
 * into the sidecar, since the volume that it ends up on is only known in the workload.
 */
export interface SharedFolder {
  /** Name of the emptyDir volume that is added when no app container mounts the path already. */
  volume: string
  /** Absolute path in the app's containers. */
  path: string
  /** Absolute path in the sidecar; the same as `path` unless the template says otherwise. */
  sidecarPath: string
  /** Whether the sidecar mounts it read-only. */
  sidecarReadOnly: boolean
  /** Whether app containers that do not mount it yet get it read-only. */
  appReadOnly: boolean
  /** Whether the sidecar of a new pod reads the files from the start again. */
  readsAgain: boolean
  /** Source of the volume when one is added; `{ emptyDir: {} }` by default. */
  source: JsonObject
}

/** What to add to the app's own containers. */
export interface AppAdditions {
  /** All app containers, the first one, or the named ones. */
  containers: 'all' | 'first' | readonly string[]
  env: JsonObject[]
  volumeMounts: JsonObject[]
  ports: JsonObject[]
  lifecycle: JsonObject | undefined
}

/** What the sidecar needs of the pod. */
export interface PodAdditions {
  labels: Record<string, string>
  annotations: Record<string, string>
  imagePullSecrets: JsonObject[]
  shareProcessNamespace: boolean | undefined
  fsGroup: number | undefined
  /** Seconds; the pod's own value is raised to this, never lowered. */
  minTerminationGracePeriodSeconds: number | undefined
  /** Used only where the pod names none. */
  serviceAccountName: string | undefined
}

/** Settings of the app and the pod that are added together or not at all, by their names. */
export interface SettingGroup {
  env: readonly string[]
  annotations: readonly string[]
  /** What it means for the user when those of the manifest stay. */
  meaning: string | undefined
}

/** What a classic sidecar gets so that it starts before the app and stops after it. */
export interface ClassicAdditions {
  /** Whether it precedes the app's containers, which start when its postStart hook has ended. */
  startFirst: boolean
  /** Hooks over those of the container, one by one. */
  lifecycle: JsonObject | undefined
  /** Seconds; the pod's own value is raised to this, never lowered. */
  minTerminationGracePeriodSeconds: number | undefined
}

/** How the sidecar container runs: as a classic sidecar or as a native one (KEP-753). */
export type RunMode = 'auto' | 'classic' | 'native'

/** A template after its parameters and context are put in: plain Kubernetes data, nothing left to fill. */
export interface Sidecar {
  name: string
  /** The template's own version, such as `1.2.0`. */
  version: string
  container: JsonObject | undefined
  initContainers: JsonObject[]
  volumes: JsonObject[]
  sharedFolders: SharedFolder[]
  app: AppAdditions
  pod: PodAdditions
  /** Further objects (a ConfigMap...) written right after the workload. */
  objects: JsonObject[]
  together: readonly SettingGroup[]
  mode: RunMode
  classic: ClassicAdditions
  order: { position: 'first' | 'last' | undefined; before: readonly string[]; after: readonly string[] }
  requires: {
    /** Workload kinds it can go into; empty for all. */
    kinds: readonly string[]
    /** Lowest and highest Kubernetes minor, or undefined for open. */
    minMinor: number | undefined
    maxMinor: number | undefined
    hostNetwork: 'allow' | 'skip'
  }
  /** Whether it is a proxy for the app's port, so that Services that bypass it are reported. */
  proxies: number | undefined
  /** The values used, for the report and for `explain`. */
  parameters: Record<string, Json>
}
/** The name that a template's container will have, as far as it is known before values are put in. */
export function containerName({ name, spec }: { name: string; spec: JsonObject }): string {
  const own = mapOf(spec['container'])?.['name']
  return typeof own === 'string' && !own.includes('${{') ? own : name
}
