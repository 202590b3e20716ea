import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { conversionErrors, toJson, toYaml } from '../core/inject/convert.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import { mayBeComposeFile, readComposeFile } from '../core/compose/compose-file.ts'
import { inject, uninject } from '../core/inject/run.ts'
import { injectSkippingFailing, type SkippedResult } from '../core/inject/skip-failing.ts'
import { stripLive } from '../core/inject/server-managed-fields.ts'
import type { SourceText } from '../core/text/source.ts'

/**
 * What the commands do with manifests; tests give `main` another one. Results hold the same `SourceText` objects as the
 * inputs: they identify the files to write.
 */
export interface Engine {
  inject(inputs: readonly SourceText[], options: InjectOptions): RunResult | Promise<RunResult>
  /** Injects, but leaves workloads with errors as they are. */
  injectSkippingFailing(inputs: readonly SourceText[], options: InjectOptions): Promise<SkippedResult>
  uninject(inputs: readonly SourceText[], options: InjectOptions): RunResult | Promise<RunResult>
  /** Errors that prevent results from being converted to JSON or YAML; if there are any, nothing may be printed. */
  conversionErrors(files: readonly FileResult[], to: 'json' | 'yaml'): readonly Diagnostic[]
  /** All objects of the results as JSON, as `kubectl -o json` prints them: one object, or a `kind: List`. */
  toJson(files: readonly FileResult[]): string
  /** A result without what a cluster added to its objects. */
  stripLive(file: FileResult): FileResult
  /** A result as YAML: YAML unchanged, JSON converted to YAML. */
  toYaml(file: FileResult): string
}

/** Loads the engine when a command needs it. */
export type EngineLoader = () => Promise<Engine>

/** Injects manifests; what Compose files need is loaded only where there may be one. */
async function injectAny(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  if (!inputs.some(mayBeComposeFile)) return await inject(inputs, options)
  return await (await import('../core/compose/run.ts')).injectAny(inputs, options)
}

async function uninjectAny(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  if (!inputs.some(mayBeComposeFile)) return await uninject(inputs, options)
  return await (await import('../core/compose/run.ts')).uninjectAny(inputs, options)
}

/** As for manifests; Compose files are YAML and have no place among the objects of a list. */
function errorsOf(files: readonly FileResult[], to: 'json' | 'yaml'): Diagnostic[] {
  const compose = files.filter(({ source }) => readComposeFile(source) !== undefined)
  const others = conversionErrors(files.filter((file) => !compose.includes(file)))
  if (to === 'yaml') return others
  const refused = compose.map(({ source }) =>
    diagnostic('DOCUMENT_NO_KIND', 'a Compose file is not a Kubernetes object, and is not converted to JSON', {
      at: { source, range: { start: 0, end: 0 } },
      hint: 'omit -o json',
    }),
  )
  return [...refused, ...others]
}

/** The engine of the published program. */
export async function loadEngine(): Promise<Engine> {
  return {
    stripLive,
    inject: injectAny,
    injectSkippingFailing: async (inputs, options) => await injectSkippingFailing(injectAny, inputs, options),
    uninject: uninjectAny,
    conversionErrors: errorsOf,
    toJson,
    toYaml,
  }
}
