import { append } from '../common/append.ts'
import { dedupeDiagnostics, uniqueDiagnostics } from '../diagnostics/dedupe.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from '../inject/options.ts'
import type { FileResult, RunResult, SidecarOutcome } from '../inject/result.ts'
import { inject, uninject } from '../inject/run.ts'
import { openScopes, type Scope } from '../inject/scopes.ts'
import { isObject } from '../json/json.ts'
import type { Catalog } from '../selection/catalog.ts'
import { SourceText } from '../text/source.ts'
import { isChosen, recordsOf, serviceResult, type ComposeContext, type ServiceResult } from './compose-context.ts'
import { readComposeFile, type ComposeFile } from './compose-file.ts'
import { EntryError } from './edit.ts'
import { ComposeReport } from './compose-report.ts'
import { ComposeText } from './compose-text.ts'
import { injectService } from './inject-service.ts'
import { isRecorded, readRecord, RECORD, type ComposeRecord } from './record.ts'

type Command = 'inject' | 'uninject'

/** `inject` for manifests and Compose files alike; results come in the order of the inputs. */
export async function injectAny(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  return await runBoth('inject', inputs, options)
}

/** `uninject` for manifests and Compose files alike. */
export async function uninjectAny(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  return await runBoth('uninject', inputs, options)
}

async function runBoth(command: Command, inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const run = command === 'inject' ? inject : uninject
  const files = new Map(inputs.map((source) => [source, readComposeFile(source)]))
  const manifests = inputs.filter((source) => files.get(source) === undefined)
  if (manifests.length === inputs.length) return await run(inputs, options)
  const composed = inputs.filter((source) => files.get(source) !== undefined)
  const { scopes, diagnostics } = await openScopes(composed, options)
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics }
  const done = new Map<SourceText, FileResult>()
  if (manifests.length > 0) {
    const others = await run(manifests, options)
    if (others.needsWhole === true) return others
    for (const file of others.files) done.set(file.source, file)
    append(diagnostics, others.diagnostics)
  }
  for (const source of composed) {
    const scope = scopes.find((one) => one.inputs.includes(source)) as Scope
    const one = await runFile(command, source, files.get(source) as ComposeFile, scope)
    done.set(source, one.file)
    append(diagnostics, one.diagnostics)
  }
  return {
    files: inputs.map((source) => done.get(source) ?? untouched(source)),
    // Notes of a run are those of each service's pod.
    diagnostics: uniqueDiagnostics(dedupeDiagnostics(diagnostics)),
  }
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}

async function runFile(
  command: Command,
  source: SourceText,
  file: ComposeFile,
  { options, catalog }: Scope,
): Promise<{ file: FileResult; diagnostics: Diagnostic[] }> {
  const report = new ComposeReport(source, file)
  const context: ComposeContext = { source, file, options, catalog, records: readRecords(file, report), report }
  const results: ServiceResult[] = []
  reportOrphans(context)
  for (const [name, service] of Object.entries(file.services)) {
    if (!isObject(service) || isRecorded(service) || belongsToSidecar(context, name)) continue
    results.push(command === 'inject' ? await injectService(context, name, service) : uninjectService(context, name))
  }
  const { diagnostics } = report
  const edited = hasErrors(diagnostics) ? source.text : edit(context, results)
  const output = hasErrors(diagnostics) ? source.text : edited
  return { file: { source, output, workloads: results.map(({ outcome }) => outcome) }, diagnostics }
}

/** The records in a file; one that is not as it was written is reported. */
function readRecords({ services }: ComposeFile, report?: ComposeReport): ComposeRecord[] {
  return Object.entries(services).flatMap(([name, service]) => {
    if (!isRecorded(service)) return []
    const record = readRecord(name, service)
    if (record !== undefined) return [record]
    const message = `service ${name}: x-sidecarctl is not in the form that sidecarctl writes`
    const hint = 'restore it from version control, or remove the key to keep the service as your own'
    report?.at(['services', name], 'RECORD_INVALID', message, undefined, hint)
    return []
  })
}

/** Whether a sidecar is one of a service that the file does not have. */
function isOrphan({ services }: ComposeFile, { service }: ComposeRecord): boolean {
  return !Object.hasOwn(services, service)
}

/** Reports sidecars of services that the file does not have, such as renamed ones: nothing says what came with them. */
function reportOrphans(context: ComposeContext): void {
  const { file, records, options, report } = context
  for (const record of records) {
    const { name, sidecar, service } = record
    if (!isOrphan(file, record) || !isChosen(context, record)) continue
    report.at(
      ['services', name],
      options.force === 'yes' ? 'RECORD_LEFT' : 'RECORD_UNPROVEN',
      `sidecar "${sidecar}" was added to service ${service}, which does not exist, so it is not removed`,
      undefined,
      `if a service was renamed, call it ${service} again until the sidecar is removed, or remove service ${name} and what belongs to it by hand${options.force === 'yes' ? '' : '; --force keeps it'}`,
    )
  }
}

/** Init containers are services of their own, which a record names. */
function belongsToSidecar({ records }: ComposeContext, name: string): boolean {
  return records.some(({ added }) =>
    added.some((entry) => entry.at.length === 1 && entry.at[0] === 'services' && 'key' in entry && entry.key === name),
  )
}

function uninjectService(context: ComposeContext, name: string): ServiceResult {
  const { source, catalog, options, report } = context
  const remove = recordsOf(context, name).filter((record) => isChosen(context, record))
  const text = new ComposeText(source.text, catalog)
  for (const record of remove) if (options.force === undefined && text.isEdited(record)) report.edited(record)
  const sidecars = remove.map(({ sidecar, version }): SidecarOutcome => ({
    name: sidecar,
    version,
    action: 'removed',
    details: [],
  }))
  const result = serviceResult(context, name, sidecars, remove.length > 0 ? 'removed' : 'skipped')
  if (remove.length === 0) result.outcome = { ...result.outcome, reason: 'not-injected' }
  return { ...result, remove }
}

/** The text with everything done, which is proved: without the sidecars it is what it was without them. */
function edit(
  { source, catalog, records, options, report }: ComposeContext,
  results: readonly ServiceResult[],
): string {
  if (results.every(({ add, remove }) => add.length + remove.length === 0)) return source.text
  let service = ''
  try {
    const text = new ComposeText(source.text, catalog)
    const places = new Map(results.flatMap(({ remove }) => remove.map(({ name }) => [name, text.placeOf(name)])))
    for (const { outcome, remove } of results) {
      service = outcome.resource.name
      for (const record of remove.toReversed()) text.remove(record, records, options.force !== undefined)
    }
    for (const { outcome, add } of results) {
      service = outcome.resource.name
      for (const one of add) text.add(service, one, places.get(one.name))
    }
    for (const left of text.left) report.at(['services'], 'RECORD_LEFT', left, undefined)
    if (bareText(text.text, catalog) !== bareText(source.text, catalog)) {
      const message = 'removing the sidecars would not restore the original text'
      const hint = 'this is a bug in sidecarctl: please report it with the file'
      const [record] = records
      if (record === undefined) report.at(['services'], 'EDIT_UNSAFE', message, undefined, hint)
      else
        report.at(
          ['services', record.name, RECORD],
          'RECORD_UNPROVEN',
          `with what the records say was added, ${message}`,
          undefined,
          `restore the records from version control, or remove these sidecars and inject them again; if the records were not edited, ${hint}`,
        )
    }
    return text.text
  } catch (error) {
    if (!(error instanceof EntryError)) throw error
    report.refusedEdit(error, service)
    return source.text
  }
}

/** The text without any sidecar of ours, but with those of services that the file does not have. */
function bareText(whole: string, catalog: Catalog): string {
  const text = new ComposeText(whole, catalog)
  const file = readComposeFile(new SourceText('', whole))
  const records = file === undefined ? [] : readRecords(file)
  for (const record of records.toReversed())
    if (file !== undefined && !isOrphan(file, record)) text.remove(record, records, true)
  return text.text
}
