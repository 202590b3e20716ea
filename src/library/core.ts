import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { otherObjects } from '../core/inject/other-objects.ts'
import type { InjectOptions as EngineOptions } from '../core/inject/options.ts'
import { countFiles, type FileResult, type RunResult } from '../core/inject/result.ts'
import { inject as injectAll, uninject as uninjectAll } from '../core/inject/run.ts'
import { holdsEmptyListsOnly } from '../core/kube/objects.ts'
import { joinStreams } from '../core/text/join.ts'
import { groupParts } from '../core/text/parts.ts'
import type { SourceText } from '../core/text/source.ts'
import { validateInputs } from '../core/validate/validate-inputs.ts'
import { isBlankText } from '../core/yaml/read/blank.ts'
import type { ReportEnv } from '../report/diagnostics.ts'
import { patchPieces } from '../report/diff.ts'
import { driftLines, drifts } from '../report/drift.ts'
import { explainText } from '../report/explain.ts'
import { diagnosticJson } from '../report/json/diagnostics.ts'
import { workloadJson, type Detail } from '../report/json/outcomes.ts'
import { driftJson } from '../report/json/reports.ts'
import { allDiagnostics, VALIDATION_REPORTERS, type ValidationReport } from '../report/validation/reporters.ts'
import {
  EDIT_FIELDS,
  readInput,
  readSidecarOptions,
  readValidateOptions,
  SIDECAR_FIELDS,
  withSchemas,
  type ReadOptions,
} from './options.ts'
import type {
  Check,
  Difference,
  EditResult,
  Explain,
  Inject,
  Input,
  InjectOptions,
  Result,
  Uninject,
  Validate,
  Workload,
} from './types.ts'

export type * from './types.ts'

/** Reports are plain text, with all findings. */
const ENV: ReportEnv = { color: false, width: 100, verbosity: 'normal', maxFindings: Number.POSITIVE_INFINITY }

const ENGINE = { inject: injectAll, uninject: uninjectAll }

const BOM = '\uFEFF'

/** Adds sidecars to manifests. Bad input gives diagnostics, never an exception. */
export const inject: Inject = async (input, options = {}) => await edit('inject', input, options)

/** Removes the named sidecars from manifests, or all; the original text comes back. */
export const uninject: Uninject = async (input, options = {}) => await edit('uninject', input, options)

/** Reports workloads that `inject` would change, without changing them. */
export const check: Check = async (input, options = {}) => {
  const ran = await run('inject', input, await readSidecarOptions(options, SIDECAR_FIELDS), options?.allowEmpty, {
    force: 'silent',
    costs: false,
    whenUnchosen: 'injected',
  })
  const shown = ran.diagnostics.filter(({ severity }) => severity !== 'info')
  if (ran.result === undefined) {
    return { output: '', diagnostics: shown.map(diagnosticJson), workloads: [], differences: [], isUpToDate: false }
  }
  const found = drifts(ran.result)
  return {
    output: checkText(ran.result),
    diagnostics: shown.map(diagnosticJson),
    workloads: workloadsOf(ran.result, 'full'),
    differences: found.map((one) => driftJson(one) as unknown as Difference),
    isUpToDate: found.length === 0 && !hasErrors(ran.diagnostics),
  }
}

/** Explains for every workload which option, annotation or rule decided, and where each field comes from. */
export const explain: Explain = async (input, options = {}) => {
  const ran = await run('inject', input, await readSidecarOptions(options, SIDECAR_FIELDS), options?.allowEmpty, {
    force: 'silent',
  })
  const { result, settings } = ran
  if (result === undefined) return { output: '', diagnostics: ran.diagnostics.map(diagnosticJson), workloads: [] }
  const others = ({ source }: FileResult) => otherObjects(source, settings?.policy?.kinds ?? [])
  return {
    output: explainText(result, others, false),
    diagnostics: ran.diagnostics.map(diagnosticJson),
    workloads: workloadsOf(result, 'reasons'),
  }
}

/** Validates manifests as the API server would when they are applied. */
export const validate: Validate = async (input, options = {}) => {
  const { settings, diagnostics } = await readValidateOptions(options)
  const read = readSources(input, diagnostics, options?.allowEmpty)
  if (settings === undefined || hasErrors(diagnostics)) return { ...failed(read.diagnostics), objects: [] }
  const { policy, ...how } = settings
  const sources = read.sources.filter(({ label }) => {
    const path = policy?.pathOf(label)
    return path === undefined || policy?.excludesPath(path) !== true
  })
  const result = await withSchemas(async () => await validateInputs(sources, how))
  if (!('objects' in result)) return { ...failed([...read.diagnostics, ...result]), objects: [] }
  const report: ValidationReport = { result, inputDiagnostics: read.diagnostics, version: '' }
  return {
    output: VALIDATION_REPORTERS.text(report, ENV),
    diagnostics: allDiagnostics(report).map(diagnosticJson),
    objects: result.objects.map(({ source, document, offset, resource, status }) => {
      const { line } = source.position(offset)
      const { apiVersion = '', kind = '', namespace = '', name = '' } = resource ?? {}
      return { file: source.label, line, document, apiVersion, kind, namespace, name, status }
    }),
  }
}

function failed(diagnostics: readonly Diagnostic[]): Result {
  return { output: '', diagnostics: diagnostics.map(diagnosticJson) }
}

async function edit(operation: 'inject' | 'uninject', input: Input, options: InjectOptions): Promise<EditResult> {
  const ran = await run(operation, input, await readSidecarOptions(options, EDIT_FIELDS), options?.allowEmpty)
  const diagnostics = ran.diagnostics.map(diagnosticJson)
  if (ran.result === undefined) return { output: '', files: [], diagnostics, workloads: [] }
  const workloads = workloadsOf(ran.result, 'full')
  if (hasErrors(ran.diagnostics)) return { output: '', files: [], diagnostics, workloads }
  const files = ran.result.files.map(({ source, output }) => ({
    name: source.label,
    text: (source.bom ? BOM : '') + output,
    isChanged: output !== source.text,
  }))
  const [only] = files
  const output =
    files.length === 1 && only !== undefined ? only.text : joinStreams(ran.result.files.map((one) => one.output))
  return { output: files.length === 0 ? '' : output, files, diagnostics, workloads }
}

/** A run of the engine; without a result where something is wrong with the options. */
interface Ran {
  result?: RunResult
  settings?: EngineOptions
  diagnostics: readonly Diagnostic[]
}

async function run(
  operation: 'inject' | 'uninject',
  input: Input,
  { settings, diagnostics }: ReadOptions<EngineOptions>,
  allowEmpty: boolean | undefined,
  more: Partial<EngineOptions> = {},
): Promise<Ran> {
  const read = readSources(input, diagnostics, allowEmpty, holdsNothing)
  if (settings === undefined || hasErrors(diagnostics)) return { diagnostics: read.diagnostics }
  const result = await withSchemas(async () => await ENGINE[operation](read.sources, { ...settings, ...more }))
  if (!('files' in result)) return { diagnostics: [...read.diagnostics, ...result] }
  return { result, settings, diagnostics: [...read.diagnostics, ...result.diagnostics] }
}

function holdsNothing(source: SourceText): boolean {
  return isBlankText(source) || holdsEmptyListsOnly(source)
}

/** The inputs, with what is wrong with them; a call without an object is an error unless that is expected. */
function readSources(
  input: Input,
  before: readonly Diagnostic[],
  allowEmpty: boolean | undefined,
  isEmpty: (source: SourceText) => boolean = isBlankText,
) {
  const { sources, diagnostics } = readInput(input)
  const all = [...before, ...diagnostics]
  if (allowEmpty === true || hasErrors(diagnostics) || !sources.every(isEmpty)) return { sources, diagnostics: all }
  const at = sources.length === 1 ? { at: startOf(sources[0] as SourceText) } : {}
  const empty = diagnostic('IO_EMPTY', 'no objects in the input', { ...at, hint: 'use allowEmpty if that is expected' })
  return { sources: [], diagnostics: [...all, empty] }
}

function startOf(source: SourceText) {
  return { source, range: { start: 0, end: 0 } }
}

function workloadsOf(result: RunResult, detail: Detail): Workload[] {
  return result.files.flatMap((file) =>
    file.workloads.map((one) => workloadJson(file, one, detail) as unknown as Workload),
  )
}

/** A line for each difference, and a patch for each file with edits by hand, as `sidecarctl check` prints them. */
function checkText(result: RunResult): string {
  if (countFiles(result) === 0) return ''
  const all = drifts(result)
  return groupParts(result.files)
    .map((parts) => {
      const own = all.filter(({ file }) => parts.includes(file))
      const isEdited = own.some(({ kind }) => kind === 'edited')
      return driftLines(own, false) + (isEdited ? patchText(parts) : '')
    })
    .join('')
}

function patchText(parts: readonly FileResult[]): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  for (const piece of patchPieces([{ name: (parts[0] as FileResult).source.label, parts }], false)) {
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}
