import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Json } from '../../json/json.ts'
import { pathOf, type PodPlace } from '../place.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import type { Part } from './values.ts'

/** A finding with places instead of paths. */
export interface PodFinding extends Omit<Finding, 'path' | 'at' | 'related'> {
  path: PodPlace
  at?: PodPlace | undefined
  related?: { path: PodPlace; message: string }[] | undefined
}

/** The same finding with paths. */
export function withPaths({ path, at, related, ...rest }: PodFinding): Finding {
  return {
    ...rest,
    path: pathOf(path),
    at: at && pathOf(at),
    related: related?.map((other) => ({ ...other, path: pathOf(other.path) })),
  }
}

/** One pod spec under validation: what rules read, besides their own part. */
export interface PodScope {
  /** The spec as the API server validates it: without fields that it drops, with the defaults that matter. */
  readonly spec: Part
  readonly minor: number
  /** True for a Pod itself, false for a template. */
  readonly isPod: boolean
  readonly metadata: Part
  readonly containers: readonly Part[]
  readonly initContainers: readonly Part[]
  /** Every container in the order in which the server visits them: init, regular, ephemeral. */
  readonly allContainers: readonly Part[]
  /** The pod's volumes by name, the first of each; `added` for the claim templates of its StatefulSet. */
  readonly volumes: ReadonlyMap<string, Part | 'added'>
  /** Names of the pod's resource claims. */
  readonly claims: ReadonlySet<string>
  report(finding: PodFinding): void
}

/** A rule of the pod spec as a whole. */
export type PodRule = (pod: PodScope) => void

/** A rule of one part of a pod spec. */
export type PartRule = (part: Part, pod: PodScope) => void

/** A value as messages show it: as JSON of at most 80 characters. */
export function show(value: Json | undefined): string {
  const text = JSON.stringify(value ?? null)
  return text.length > 80 ? `${text.slice(0, 76)}...` : text
}

/** Reports a field that is absent or empty, but required. */
export function required(pod: PodScope, path: PodPlace, message: string, hint?: string): void {
  pod.report({ code: 'FIELD_REQUIRED', path, message, hint })
}

/** Reports the faults of a value, with one finding for each. */
export function invalid(
  pod: PodScope,
  code: DiagnosticCode,
  path: PodPlace,
  value: Json | undefined,
  faults: readonly string[],
  hint?: string,
): void {
  for (let n = 0; n < faults.length; n++) {
    const message = `Invalid value: ${show(value)}: ${faults[n]}`
    pod.report({ code, path, message, hint })
  }
}

/** Reports a value that is not one of those allowed. */
export function unsupported(
  pod: PodScope,
  code: DiagnosticCode,
  path: PodPlace,
  value: Json | undefined,
  allowed: readonly string[],
): void {
  const list = allowed.map((one) => `"${one}"`).join(', ')
  const match = allowed.find((one) => one.toLowerCase() === String(value).toLowerCase())
  const hint = match === undefined ? `use one of ${list}` : `write "${match}"`
  pod.report({ code, path, message: `Unsupported value: ${show(value)}: supported values: ${list}`, hint })
}

/** Reports a field that may not be set here, at its key. */
export function forbidden(pod: PodScope, code: DiagnosticCode, path: PodPlace, message: string, hint?: string): void {
  pod.report({ code, path, on: 'key', message, hint })
}

/** Reports a value that was used before, pointing at the first use. */
export function duplicate(
  pod: PodScope,
  code: DiagnosticCode,
  path: PodPlace,
  message: string,
  first?: PodPlace,
  hint?: string,
): void {
  pod.report({ code, path, message, related: first && [{ path: first, message: 'first used here' }], hint })
}

/** The place that steps lead to from another one. */
export function at(parent: PodPlace, step: Step, second?: Step, third?: Step, fourth?: Step): PodPlace {
  const place = { parent, step }
  return second === undefined ? place : at(place, second, third, fourth)
}

type Step = string | number

/**
 * The same scope, whose findings have the path that the API server prints, where it names a field's owner or leaves out
 * an index. They still point at the field itself.
 */
export function named(pod: PodScope, serverPath: PodPlace): PodScope {
  return { ...pod, report: (finding) => pod.report({ ...finding, path: serverPath, at: finding.at ?? finding.path }) }
}
