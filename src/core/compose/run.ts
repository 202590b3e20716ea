import { append } from '../common/append.ts'
import { dedupeDiagnostics } from '../diagnostics/dedupe.ts'
import {
  diagnostic,
  hasErrors,
  type Diagnostic,
  type ResourceRef,
  type SourceLocation,
} from '../diagnostics/diagnostic.ts'
import { inject, uninject } from '../inject/run.ts'
import type { InjectOptions } from '../inject/options.ts'
import type { FileResult, RunResult, SidecarOutcome, WorkloadOutcome } from '../inject/result.ts'
import { isObject, type JsonObject, type JsonPath } from '../json/json.ts'
import { LATEST } from '../kube/version.ts'
import { openCatalog, type Catalog } from '../selection/catalog.ts'
import { yamlText } from '../template/yaml-text.ts'
import { SourceText } from '../text/source.ts'
import { EditError } from '../yaml/edit/edit-error.ts'
import { locate } from '../yaml/read/construct.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { readComposeFile, type ComposeFile } from './compose-file.ts'
import { ComposeText } from './compose-text.ts'
import { isRecorded, readRecord, type ComposeRecord } from './record.ts'
import { podName, podOfService } from './service-pod.ts'
import { wantedSidecars, type WantedSidecar } from './wanted.ts'

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
  const { catalog, diagnostics } = await openCatalog(options)
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics }
  const done = new Map<SourceText, FileResult>()
  if (manifests.length > 0) {
    const others = await run(manifests, options)
    if (others.needsWhole === true) return others
    for (const file of others.files) done.set(file.source, file)
    append(diagnostics, others.diagnostics)
  }
  for (const [source, file] of files) {
    if (file === undefined) continue
    const one = await new ComposeRun(source, file, command, options, catalog).run()
    done.set(source, one.file)
    append(diagnostics, one.diagnostics)
  }
  return {
    files: inputs.map((source) => done.get(source) ?? untouched(source)),
    diagnostics: dedupeDiagnostics(diagnostics),
  }
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}

/** What a run says of one service. */
interface ServiceResult {
  outcome: WorkloadOutcome
  remove: ComposeRecord[]
  add: WantedSidecar[]
}

/** One Compose file in a run. */
class ComposeRun {
  readonly #source: SourceText
  readonly #file: ComposeFile
  readonly #command: Command
  readonly #options: InjectOptions
  readonly #catalog: Catalog
  readonly #diagnostics: Diagnostic[] = []
  readonly #records: ComposeRecord[] = []

  constructor(source: SourceText, file: ComposeFile, command: Command, options: InjectOptions, catalog: Catalog) {
    this.#source = source
    this.#file = file
    this.#command = command
    // Each input may have settings of its own.
    this.#options = { ...options, ...options.settingsOf?.(source.label) }
    this.#catalog = catalog
  }

  async run(): Promise<{ file: FileResult; diagnostics: Diagnostic[] }> {
    this.#readRecords()
    const results: ServiceResult[] = []
    for (const [name, service] of Object.entries(this.#file.services)) {
      if (!isObject(service) || isRecorded(service) || this.#belongsToSidecar(name)) continue
      results.push(this.#command === 'inject' ? await this.#inject(name, service) : this.#uninject(name))
    }
    const workloads = results.map(({ outcome }) => outcome)
    const output = hasErrors(this.#diagnostics) ? this.#source.text : this.#edit(results)
    const file = { source: this.#source, output: hasErrors(this.#diagnostics) ? this.#source.text : output, workloads }
    return { file, diagnostics: this.#diagnostics }
  }

  #readRecords(): void {
    for (const [name, service] of Object.entries(this.#file.services)) {
      if (!isRecorded(service)) continue
      const record = readRecord(name, service)
      if (record !== undefined) this.#records.push(record)
      else
        this.#say(
          'RECORD_INVALID',
          `service ${name}: x-sidecarctl is not as sidecarctl writes it`,
          ['services', name],
          undefined,
          'restore it from version control, or remove the key to keep the service as your own',
        )
    }
  }

  /** Init containers are services of their own, which a record names. */
  #belongsToSidecar(name: string): boolean {
    return this.#records.some(({ added }) =>
      added.some(
        (entry) => entry.at.length === 1 && entry.at[0] === 'services' && 'key' in entry && entry.key === name,
      ),
    )
  }

  async #inject(name: string, service: JsonObject): Promise<ServiceResult> {
    const recorded = this.#records.filter((record) => record.service === name)
    const text = new ComposeText(this.#source.text, this.#catalog)
    for (const record of recorded.toReversed()) if (this.#isChosen(record)) text.remove(record, this.#records, true)
    const bare = readComposeFile(this.#source.become(text.text))?.services[name]
    const app = isObject(bare) ? bare : service
    const { pod, volumes: folders } = podOfService(name, app)
    const example = new SourceText(`${this.#source.label}`, yamlText(pod))
    const asked = await inject([example], this.#podOptions(this.#options.sidecars))
    const isUnchosen = this.#options.whenUnchosen === 'injected' && asked.files[0]?.workloads[0]?.sidecars.length === 0
    // Without a choice, what is there is compared.
    const { files, diagnostics } =
      isUnchosen && recorded.length > 0
        ? await inject([example], this.#podOptions(recorded.map(({ sidecar }) => sidecar)))
        : asked
    const at = this.#place(['services', name])
    for (const one of diagnostics) append(this.#diagnostics, [this.#placed(one, example, at, name)])
    const [file] = files
    const outcome = file?.workloads[0]
    if (file === undefined || outcome === undefined || hasErrors(diagnostics)) return this.#result(name, [], 'failed')
    const [made, ...objects] = dataOf(file.output)
    const wanted = wantedSidecars(outcome, { service: name, app, pod: made ?? pod, objects, folders })
    return this.#compare(name, recorded, wanted, outcome)
  }

  /** The settings for the pod of a service; it is made here, so that its other fields need no check. */
  #podOptions(sidecars: readonly string[] | undefined): InjectOptions {
    const { settingsOf: _, context: __, keepText: ___, onProgress: ____, force: _____, ...options } = this.#options
    return {
      ...options,
      ...(sidecars !== undefined && { sidecars }),
      validate: false,
      allowLowerPodSecurity: true,
      kubeVersion: LATEST,
      modes: new Map([['', 'native']]),
    }
  }

  /** Whether the run is about a sidecar; others stay as they are. */
  #isChosen({ sidecar }: ComposeRecord): boolean {
    const { sidecars } = this.#options
    return sidecars === undefined || sidecars.includes(sidecar)
  }

  #compare(
    name: string,
    recorded: readonly ComposeRecord[],
    wanted: readonly WantedSidecar[],
    { reason, selection, status }: WorkloadOutcome,
  ): ServiceResult {
    const result = this.#result(name, [], 'up to date')
    const sidecars: SidecarOutcome[] = []
    for (const one of wanted) {
      const at: JsonPath = ['services', name]
      for (const problem of one.problems)
        this.#say('COMPOSE_UNSUPPORTED', `sidecar "${one.sidecar}" ${problem}`, at, name)
      const record = recorded.find(({ sidecar }) => sidecar === one.sidecar)
      const text = new ComposeText(this.#source.text, this.#catalog)
      const state = record === undefined ? 'missing' : text.stateOf(record, one, this.#records)
      if (state === 'missing' || state === 'outdated') {
        for (const note of one.notes) this.#say('COMPOSE_DIFFERS', `sidecar "${one.sidecar}": ${note}`, at, name)
      }
      const isProxy = this.#catalog.get(one.sidecar)?.spec['proxies'] !== undefined
      if (isProxy && isObject(this.#file.services[name]) && this.#file.services[name]['ports'] !== undefined)
        this.#say(
          'SERVICE_BYPASSES_PROXY',
          `ports of ${name} lead past sidecar "${one.sidecar}"`,
          ['services', name, 'ports'],
          name,
          'publish the port of the sidecar there',
        )
      const isTaken = record === undefined && this.#file.services[one.name] !== undefined
      if (isTaken)
        this.#say(
          'CONTAINER_NAME_TAKEN',
          `there is a service ${one.name} already, which sidecarctl did not add`,
          ['services', one.name],
          name,
          'rename that service',
        )
      const isEdited = state === 'edited'
      if (isEdited && this.#options.force === undefined) this.#edited(record as ComposeRecord)
      const action = record === undefined ? 'added' : state === 'up to date' ? 'kept' : 'updated'
      sidecars.push({
        name: one.sidecar,
        version: one.version,
        action,
        details: detailsOf(one),
        state,
        mode: 'native',
        ...(record !== undefined && { found: record.version }),
      })
      if (action === 'kept') continue
      if (record !== undefined) result.remove.push(record)
      result.add.push(one)
    }
    const isOut = (record: ComposeRecord): boolean =>
      !wanted.some(({ sidecar }) => sidecar === record.sidecar) && selection?.exclusive === true
    for (const record of recorded.filter(isOut)) {
      sidecars.push({
        name: record.sidecar,
        version: record.version,
        action: 'removed',
        details: [],
        state: 'left over',
        found: record.version,
      })
      result.remove.push(record)
    }
    const isChanged = result.add.length + result.remove.length > 0
    const isNew = isChanged && recorded.length === 0
    const own =
      status === 'skipped' || (sidecars.length === 0 && recorded.length === 0)
        ? 'skipped'
        : isNew
          ? 'injected'
          : isChanged
            ? 'updated'
            : 'up to date'
    result.outcome = {
      ...result.outcome,
      sidecars,
      status: own,
      ...(reason !== undefined && { reason }),
      ...(selection !== undefined && { selection }),
    }
    return result
  }

  #uninject(name: string): ServiceResult {
    const recorded = this.#records.filter((record) => record.service === name)
    const remove = recorded.filter((record) => this.#isChosen(record))
    const text = new ComposeText(this.#source.text, this.#catalog)
    for (const record of remove) {
      if (this.#options.force === undefined && text.isEdited(record)) this.#edited(record)
    }
    const sidecars = remove.map(({ sidecar, version }): SidecarOutcome => ({
      name: sidecar,
      version,
      action: 'removed',
      details: [],
    }))
    const result = this.#result(name, sidecars, remove.length > 0 ? 'removed' : 'skipped')
    if (remove.length === 0) result.outcome = { ...result.outcome, reason: 'not-injected' }
    return { ...result, remove }
  }

  #edited({ name, sidecar, service }: ComposeRecord): void {
    this.#say(
      'INJECTED_MODIFIED',
      `what sidecar "${sidecar}" added was edited by hand since`,
      ['services', name],
      service,
      'use --force to discard the edit',
    )
  }

  /** The text with everything done, which is proved: without the sidecars it is what it was without them. */
  #edit(results: readonly ServiceResult[]): string {
    const changes = results.some(({ add, remove }) => add.length + remove.length > 0)
    if (!changes) return this.#source.text
    try {
      const text = new ComposeText(this.#source.text, this.#catalog)
      const places = new Map(results.flatMap(({ remove }) => remove.map(({ name }) => [name, text.placeOf(name)])))
      for (const { remove } of results)
        for (const record of remove.toReversed()) text.remove(record, this.#records, this.#options.force !== undefined)
      for (const { outcome, add } of results) {
        for (const one of add) text.add(outcome.resource.name, one, places.get(one.name))
      }
      for (const left of text.left) this.#say('RECORD_LEFT', left, ['services'], undefined)
      if (bareText(text.text, this.#catalog) !== bareText(this.#source.text, this.#catalog)) {
        this.#say(
          'EDIT_UNSAFE',
          'removing the sidecars would not restore the original text',
          ['services'],
          undefined,
          'this is a bug in sidecarctl: please report it with the file',
        )
      }
      return text.text
    } catch (error) {
      if (!(error instanceof EditError)) throw error
      const range = { start: error.offset, end: error.offset }
      this.#diagnostics.push(
        diagnostic('EDIT_UNSAFE', error.message, {
          at: { source: this.#source, range },
          ...('hint' in error && { hint: String(error.hint) }),
        }),
      )
      return this.#source.text
    }
  }

  #result(name: string, sidecars: readonly SidecarOutcome[], status: WorkloadOutcome['status']): ServiceResult {
    const offset = this.#place(['services', name]).range.start
    return { outcome: { resource: refOf(name), document: 0, offset, status, sidecars }, remove: [], add: [] }
  }

  #place(path: JsonPath): SourceLocation {
    const { root } = this.#file.doc
    return { source: this.#source, range: root === undefined ? { start: 0, end: 0 } : locate(root, path, 'key') }
  }

  /** A finding about the pod, said of the service. */
  #placed(one: Diagnostic, example: SourceText, at: SourceLocation, name: string): Diagnostic {
    const { path: _, ...rest } = one
    const isAboutPod = one.at === undefined || one.at.source === example
    const message = rest.message.replaceAll(podName(name), name)
    return {
      ...rest,
      message,
      ...(isAboutPod && one.resource !== undefined && { at }),
      ...(one.resource !== undefined && { resource: refOf(name) }),
    }
  }

  #say(code: Diagnostic['code'], message: string, path: JsonPath, service: string | undefined, hint?: string): void {
    const resource = service === undefined ? {} : { resource: refOf(service) }
    this.#diagnostics.push(
      diagnostic(code, message, { at: this.#place(path), ...resource, ...(hint !== undefined && { hint }) }),
    )
  }
}

function refOf(name: string): ResourceRef {
  return { apiVersion: 'compose', kind: 'Service', namespace: '', name }
}

function dataOf(text: string): JsonObject[] {
  return splitDocuments(new SourceText('', text))
    .flatMap(readRawDocument)
    .flatMap((doc) => ('error' in doc || !isObject(doc.data) ? [] : [doc.data]))
}

function detailsOf({ name, entries }: WantedSidecar): string[] {
  return [
    `service ${name}`,
    ...entries.map((entry) => `${entry.at.join('.')}: ${'key' in entry ? entry.key : String(entry.item)}`),
  ]
}

/** The text without any sidecar of ours. */
function bareText(whole: string, catalog: Catalog): string {
  const text = new ComposeText(whole, catalog)
  const file = readComposeFile(new SourceText('', whole))
  const records = Object.entries(file?.services ?? {}).flatMap(([name, service]) => {
    const record = isRecorded(service) ? readRecord(name, service) : undefined
    return record === undefined ? [] : [record]
  })
  for (const record of records.toReversed()) text.remove(record, records, true)
  return text.text
}
