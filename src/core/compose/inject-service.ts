import { hasErrors } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from '../inject/options.ts'
import type { SidecarOutcome, WorkloadOutcome } from '../inject/result.ts'
import { inject } from '../inject/run.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import { LATEST } from '../kube/version.ts'
import type { Origin, Selection } from '../selection/selection.ts'
import { yamlText } from '../template/yaml-text.ts'
import { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { isChosen, recordsOf, serviceResult, type ComposeContext, type ServiceResult } from './compose-context.ts'
import { readComposeFile } from './compose-file.ts'
import { ComposeText, type SidecarState } from './compose-text.ts'
import type { ComposeRecord } from './record.ts'
import { ServicePlaces } from './service-places.ts'
import { podOfService } from './service-pod.ts'
import { wantedSidecars, type WantedSidecar } from './wanted.ts'

/** Plans the sidecars of a service: those that `inject` puts into the pod that stands for it. */
export async function injectService(
  context: ComposeContext,
  name: string,
  service: JsonObject,
): Promise<ServiceResult> {
  const { options, report } = context
  const recorded = recordsOf(context, name)
  const app = withoutSidecars(context, name, service)
  const { pod, volumes: folders } = podOfService(name, app)
  const example = new SourceText(context.source.label, yamlText(pod))
  const asked = await inject([example], podOptions(options, options.sidecars))
  const ofRecord = asked.files[0]?.workloads[0]?.selection
  const isUnchosen = ofRecord?.isOfRecord === true
  // Without a choice, what is there is compared.
  const { files, diagnostics } =
    isUnchosen && recorded.length > 0
      ? await inject(
          [example],
          podOptions(
            options,
            recorded.map(({ sidecar }) => sidecar),
          ),
        )
      : asked
  const places = new ServicePlaces((path, on) => report.locationOf(path, on), example, name, app['labels'])
  report.ofPod(diagnostics, places, name)
  const [file] = files
  const outcome = file?.workloads[0]
  if (file === undefined || outcome === undefined || hasErrors(diagnostics))
    return serviceResult(context, name, [], 'failed')
  const [made, ...objects] = dataOf(file.output)
  const wanted = wantedSidecars(outcome, { service: name, app, pod: made ?? pod, objects, folders })
  const selection = isUnchosen && outcome.selection ? chosenBy(ofRecord.origin, outcome.selection) : outcome.selection
  return compared(context, name, wanted, { ...outcome, selection: selection && places.ofSelection(selection) })
}

/** A selection of sidecars as if something else had chosen all of them. */
function chosenBy(origin: Origin, selection: Selection): Selection {
  return { ...selection, origin, chosen: selection.chosen.map((one) => Object.assign({}, one, { origin })) }
}

/** A service as it is without the sidecars of this run. */
function withoutSidecars(context: ComposeContext, name: string, service: JsonObject): JsonObject {
  const { source, catalog, records } = context
  const text = new ComposeText(source.text, catalog)
  for (const record of recordsOf(context, name).toReversed())
    if (isChosen(context, record)) text.remove(record, records, true)
  const bare = readComposeFile(source.become(text.text))?.services[name]
  return isObject(bare) ? bare : service
}

/**
 * The settings for the pod of a service. The pod is made here, so its other fields need no check, and whether a container
 * is native makes no difference in Compose.
 */
function podOptions(all: InjectOptions, sidecars: readonly string[] | undefined): InjectOptions {
  return {
    ...all,
    settingsOf: undefined,
    context: undefined,
    keepText: undefined,
    onProgress: undefined,
    force: undefined,
    modes: undefined,
    starts: undefined,
    sidecars: sidecars ?? all.sidecars,
    validate: false,
    allowLowerPodSecurity: true,
    kubeVersion: LATEST,
  }
}

function dataOf(text: string): JsonObject[] {
  return splitDocuments(new SourceText('', text))
    .flatMap(readRawDocument)
    .flatMap((doc) => ('error' in doc || !isObject(doc.data) ? [] : [doc.data]))
}

/** Compares the sidecars that a service is to have with those that it has. */
function compared(
  context: ComposeContext,
  name: string,
  wanted: readonly WantedSidecar[],
  { reason, selection, status, sidecars: ofPod }: WorkloadOutcome,
): ServiceResult {
  const recorded = recordsOf(context, name)
  const result = serviceResult(context, name, [], 'up to date')
  const sidecars: SidecarOutcome[] = []
  for (const one of wanted) {
    const record = recorded.find(({ sidecar }) => sidecar === one.sidecar)
    const outcome = comparedSidecar(context, name, one, record)
    const parameters = ofPod.find((other) => other.name === one.sidecar)?.parameters
    if (parameters !== undefined) outcome.parameters = parameters
    sidecars.push(outcome)
    if (outcome.action === 'kept') continue
    if (record !== undefined) result.remove.push(record)
    result.add.push(one)
  }
  const isOut = (record: ComposeRecord): boolean =>
    !wanted.some(({ sidecar }) => sidecar === record.sidecar) && selection?.exclusive === true
  for (const record of recorded.filter(isOut)) {
    sidecars.push(leftOver(context, record))
    result.remove.push(record)
  }
  const isSkipped = result.remove.length === 0 && (status === 'skipped' || sidecars.length + recorded.length === 0)
  result.outcome = {
    ...result.outcome,
    sidecars,
    status: isSkipped ? 'skipped' : changeOf(result, recorded),
    reason,
    selection,
  }
  return result
}

/** The outcome of a sidecar that nobody asks for any more; one that was edited is reported. */
function leftOver({ source, catalog, options, report }: ComposeContext, record: ComposeRecord): SidecarOutcome {
  const { sidecar, version } = record
  const isEdited = new ComposeText(source.text, catalog).isEdited(record)
  if (isEdited && options.force === undefined) report.edited(record)
  return {
    name: sidecar,
    version,
    action: 'removed',
    details: [],
    state: 'left over',
    found: version,
    ...(isEdited && { isEdited }),
  }
}

function changeOf({ add, remove }: ServiceResult, recorded: readonly ComposeRecord[]): WorkloadOutcome['status'] {
  if (add.length + remove.length === 0) return 'up to date'
  if (recorded.length === 0) return 'injected'
  return add.length === 0 && remove.length === recorded.length ? 'removed' : 'updated'
}

/** What becomes of one sidecar that a service is to have. */
function comparedSidecar(
  context: ComposeContext,
  name: string,
  wanted: WantedSidecar,
  record: ComposeRecord | undefined,
): SidecarOutcome {
  const { source, catalog, records } = context
  const text = new ComposeText(source.text, catalog)
  const state = record === undefined ? 'missing' : text.stateOf(record, wanted, records)
  reportSidecar(context, name, wanted, record, state)
  const action = record === undefined ? 'added' : state === 'up to date' ? 'kept' : 'updated'
  return {
    name: wanted.sidecar,
    version: wanted.version,
    action,
    details: detailsOf(wanted),
    state,
    found: record?.version,
  }
}

/** Reports what a sidecar loses in Compose, and what is in its way. */
function reportSidecar(
  { file: { services }, catalog, options, report }: ComposeContext,
  name: string,
  { sidecar, name: own, problems, notes }: WantedSidecar,
  record: ComposeRecord | undefined,
  state: SidecarState | 'missing',
): void {
  const at = ['services', name]
  for (const problem of problems) report.at(at, 'COMPOSE_UNSUPPORTED', `sidecar "${sidecar}" ${problem}`, name)
  if (state === 'missing' || state === 'outdated') {
    for (const note of notes) report.at(at, 'COMPOSE_DIFFERS', `sidecar "${sidecar}": ${note}`, name)
  }
  const app = services[name]
  const isProxy = catalog.get(sidecar)?.spec['proxies'] !== undefined
  if (isProxy && isObject(app) && app['ports'] !== undefined) {
    const message = `ports of ${name} bypass sidecar "${sidecar}"`
    report.at([...at, 'ports'], 'SERVICE_BYPASSES_PROXY', message, name, 'publish the port of the sidecar there')
  }
  if (record === undefined && services[own] !== undefined) {
    const message = `service ${own} already exists and was not added by sidecarctl`
    report.at(['services', own], 'CONTAINER_NAME_TAKEN', message, name, 'rename that service')
  }
  if (record !== undefined && state === 'edited' && options.force === undefined) report.edited(record)
}

function detailsOf({ name, entries }: WantedSidecar): string[] {
  return [
    `service ${name}`,
    ...entries.map((entry) => `${entry.at.join('.')}: ${'key' in entry ? entry.key : String(entry.item)}`),
  ]
}
