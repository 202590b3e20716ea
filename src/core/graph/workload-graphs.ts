import { addTo } from '../common/maps.ts'
import { podsOf } from '../desired/resource-overhead.ts'
import { kindsWith, readEach } from '../inject/read-input.ts'
import type { FileResult, RunResult, WorkloadOutcome } from '../inject/result.ts'
import { formatJsonPath, isObject, itemsOf, type JsonObject } from '../json/json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { templateOf } from '../kube/pod-template.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import { readServices } from '../services/read-services.ts'
import type { Service } from '../services/service.ts'
import { ServiceWorkloads } from '../services/service-workloads.ts'
import type { WorkloadSummary } from '../services/workload-summary.ts'
import type { SourceText } from '../text/source.ts'
import { compareGraphs } from './compare-graphs.ts'
import type { PodGraph } from './pod-graph.ts'
import { readPod, settingsOf } from './read-pod.ts'
import { labelsOf, proxyKey, routesInto, type GraphProxy, type KeptProxies } from './routes.ts'

/** How pictures of a run are made. */
export interface GraphOptions {
  /** Whether what the run adds and removes is marked; else the pods are drawn as they are after it. */
  diff: boolean
  /** Kinds of the policy of an input that hold a pod template, by its label. */
  kindsOf: (label: string) => readonly WorkloadKind[]
}

/** The pods of a file, with what the run did with each. */
export interface FileGraphs {
  file: FileResult
  graphs: readonly { graph: PodGraph; outcome: WorkloadOutcome | undefined }[]
}

/** A pod template of an input, with what the run says of it. */
interface ReadWorkload {
  workload: Workload
  template: JsonObject
  proxies: readonly GraphProxy[]
}

/** The pods of all workloads of a run, in the order of the inputs. */
export function workloadGraphs({ files }: RunResult, { diff, kindsOf }: GraphOptions): FileGraphs[] {
  const all = (label: string): readonly WorkloadKind[] => kindsWith(kindsOf(label))
  const before = files.map(({ source }) => readWorkloads(source, all(source.label)))
  const outcomes = files.map((file, n) => outcomesOf(file, before[n] as ReadWorkload[]))
  const after = files.map((file, n) =>
    afterRun(file, before[n] as ReadWorkload[], outcomes[n] ?? [], all(file.source.label)),
  )
  const wayBefore = servicesFor(
    before.flat(),
    files.map(({ source }) => source),
  )
  const wayAfter = servicesFor(
    after.flat(),
    files.map(({ source, output }) => source.become(output)),
  )
  const kept = keptProxies(files)
  return files.map((file, n) => ({
    file,
    graphs: (after[n] ?? []).map((one, at) => {
      const was = before[n]?.[at] as ReadWorkload
      const place = `${file.source.label}:${file.source.position(was.workload.node.propertiesStart).line}`
      const graph = graphOf(one, wayAfter(one), kept, place)
      const outcome = outcomes[n]?.[at]
      return { graph: diff ? compareGraphs(graphOf(was, wayBefore(was), kept, place), graph) : graph, outcome }
    }),
  }))
}

function readWorkloads(source: SourceText, kinds: readonly WorkloadKind[]): ReadWorkload[] {
  return [...readEach(source, kinds)]
    .flatMap(({ document }) => document?.workloads ?? [])
    .flatMap((workload): ReadWorkload[] => {
      const template = templateOf(workload)
      return isObject(template) ? [{ workload, template, proxies: [] }] : []
    })
}

/** What the run says of each workload that was read; several pod templates of one object come in their order. */
function outcomesOf({ workloads }: FileResult, read: readonly ReadWorkload[]): (WorkloadOutcome | undefined)[] {
  const byOffset = new Map<number, WorkloadOutcome[]>()
  for (const outcome of workloads) {
    addTo(byOffset, outcome.offset, outcome)
  }
  return read.map(({ workload: { node } }) => byOffset.get(node.propertiesStart)?.shift())
}

/** The workloads of a file after the run: as many as before, in the same order. */
function afterRun(
  { source, output }: FileResult,
  before: readonly ReadWorkload[],
  outcomes: readonly (WorkloadOutcome | undefined)[],
  kinds: readonly WorkloadKind[],
): ReadWorkload[] {
  const after = output === source.text ? before : readWorkloads(source.become(output), kinds)
  return before.map((was, n) => {
    const outcome = outcomes[n]
    const now = after[n]
    if (now === undefined) return was
    const proxies = (outcome?.sidecars ?? []).flatMap(({ name, action, proxies: port }): GraphProxy[] =>
      port === undefined || action === 'removed' || action === 'skipped' ? [] : [{ sidecar: name, port }],
    )
    return { ...now, proxies }
  })
}

/** Finds the Services that select the pods of a workload. */
function servicesFor(
  workloads: readonly ReadWorkload[],
  sources: readonly SourceText[],
): (workload: ReadWorkload) => readonly Service[] {
  const services = sources.flatMap((source) => readServices(source).services)
  const summaries = new Map(workloads.map((one) => [summaryOf(one), one]))
  const index = new ServiceWorkloads([...summaries.keys()])
  const found = new Map<ReadWorkload, Service[]>()
  for (const service of services) {
    for (const summary of index.selectedBy(service)) {
      const workload = summaries.get(summary) as ReadWorkload
      addTo(found, workload, service)
    }
  }
  return (workload) => found.get(workload) ?? []
}

/**
 * Proxies to which Services lead by their records, where the run was not about the sidecars. What several sidecars do one
 * behind the other the record does not say.
 */
function keptProxies(files: readonly FileResult[]): KeptProxies {
  const found = files
    .flatMap(({ services = [] }) => services)
    .flatMap(({ resource: { namespace, name }, ports }) =>
      ports.flatMap(({ port, action, app, from, sidecars }): [string, GraphProxy][] => {
        const [sidecar] = sidecars
        if (sidecar === undefined || sidecars.length > 1 || (action !== 'kept' && action !== 'updated')) return []
        const target = app ?? (typeof from === 'number' || typeof from === 'string' ? from : Number.parseInt(port))
        return [[proxyKey(namespace, name, port), { sidecar, port: target }]]
      }),
    )
  return new Map(found)
}

function summaryOf({ workload, template }: ReadWorkload): WorkloadSummary {
  return {
    outcome: { resource: workload.ref, status: 'skipped', sidecars: [] },
    label: workload.doc.source.label,
    labels: labelsOf(template),
    proxies: [],
    fronts: [],
    ports: [],
    record: undefined,
    extraObjects: [],
  }
}

function graphOf(
  { workload, template, proxies }: ReadWorkload,
  services: readonly Service[],
  kept: KeptProxies,
  place: string,
): PodGraph {
  const { data, ref, templatePath, workloadKind } = workload
  const { containers, volumes } = readPod(template, claimTemplates(data))
  const isOne = ['Pod', 'PodTemplate'].includes(ref.kind)
  return {
    resource: ref,
    template: workloadKind.optional === true ? formatJsonPath(templatePath) : '',
    place,
    pods: isOne ? undefined : (podsOf(ref.kind, data) ?? 'node'),
    containers,
    volumes,
    routes: routesInto(containers, services, proxies, kept),
    settings: settingsOf(template),
  }
}

function claimTemplates(data: JsonObject): ReadonlySet<string> {
  const names = itemsOf(valueAt(data, ['spec', 'volumeClaimTemplates'])).map((claim) =>
    valueAt(claim, ['metadata', 'name']),
  )
  return new Set(names.filter((name) => typeof name === 'string'))
}
