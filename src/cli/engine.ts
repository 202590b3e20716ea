import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import type { SourceText } from '../core/text/source.ts'

/**
 * The work behind the commands; a test gives `main` another one. Results hold the very `SourceText` objects they were
 * given: by these the files to write are found.
 */
export interface Engine {
  inject(inputs: readonly SourceText[], options: InjectOptions): RunResult | Promise<RunResult>
  uninject(inputs: readonly SourceText[], options: InjectOptions): RunResult | Promise<RunResult>
  /** What keeps results from being converted to JSON or YAML; nothing may be printed then. */
  conversionErrors(files: readonly FileResult[]): readonly Diagnostic[]
  /** All objects of the results as JSON, as `kubectl -o json` prints them: one object, or a `kind: List`. */
  toJson(files: readonly FileResult[]): string
  /** A result without what a cluster added to its objects. */
  stripLive(file: FileResult): FileResult
  /** A result as YAML: YAML as it is, JSON turned into YAML. */
  toYaml(file: FileResult): string
}

/** Loads the engine only when a command has work for it, so that help and usage errors cost nothing. */
export type EngineLoader = () => Promise<Engine>
