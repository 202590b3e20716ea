import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { JsonObject } from '../json/json.ts'
import type { LabelSelector } from '../kube/selector.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { Workload } from '../kube/workload.ts'
import type { Origin, Picked, SetMode, SetStart, SetValue } from './selection.ts'
import type { SidecarSettings } from './sidecar-settings.ts'
import type { SourceText } from '../text/source.ts'

/** A sidecar that a rule adds, with what the rule sets for it. */
export interface Addition extends Picked {
  values: readonly SetValue[]
  mode: SetMode | undefined
  start: SetStart | undefined
}

/** Rules that matched a workload, whatever happened to it. */
export type RuleUse = Set<Rule>

/** One rule. Every rule whose conditions hold is carried out, in order. */
export interface Rule {
  /** The rule and its place. */
  origin: Origin
  /** True for a workload that meets all of the rule's conditions. `path` is relative to the policy's folder. */
  matches: (workload: Workload, path: string | undefined) => boolean
  /** The conditions as the file has them, and its label selector as it was read. */
  match: JsonObject
  labels: LabelSelector | undefined
  adds: readonly Addition[]
  /** The app containers that get folders, settings and mounts; undefined where it does not say. */
  containers: readonly Picked[] | undefined
  /** Sidecars of earlier rules that it removes, or all. */
  excludes: 'all' | readonly { name: string; at: SourceLocation }[]
}

/** A path in the policy file, relative to the folder of the file, with `/`. */
export interface PolicyPath {
  path: string
  at: SourceLocation
}

/** A policy file, read and checked. */
export interface Policy {
  source: SourceText
  templates: readonly PolicyPath[]
  kubeVersion: KubeVersion | undefined
  /** Whether placeholders of Flux and envsubst count as valid values. */
  allowPlaceholders: boolean
  /** Values and modes for all workloads. */
  values: readonly SetValue[]
  /** The sidecars under `parameters`, whether or not they have values there. */
  parametersOf: readonly { name: string; at: SourceLocation }[]
  modes: readonly SetMode[]
  /** Versions that templates must have: whole, or the first numbers. */
  versions: readonly { name: string; version: string; at: SourceLocation }[]
  /** Undefined if the file has no rules and so selects no sidecars. */
  rules: readonly Rule[] | undefined
  /** The rules that matched a workload; filled while workloads are processed. */
  used: RuleUse
  /** What holds for the containers of all sidecars; undefined where the file says nothing of it. */
  sidecarSettings: SidecarSettings | undefined
  /** Kinds beyond those known already. */
  kinds: readonly WorkloadKind[]
  /** Whether Services are retargeted to the proxies of their workloads; undefined if the file does not say. */
  retarget: { value: boolean; origin: Origin } | undefined
  /** Names and patterns of namespaces whose workloads are never changed. */
  excludedNamespaces: readonly string[]
  /** Workloads that are never changed, whatever selects sidecars for them. */
  excludesNamespace: (name: string) => boolean
  excludesPath: (path: string) => boolean
  /** The path of an input, by its label, relative to the policy's folder; undefined when it has none there. */
  pathOf: (label: string) => string | undefined
}
