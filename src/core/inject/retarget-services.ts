import { getOrMake } from '../common/maps.ts'
import type { ObjectValidator } from '../validate/object-validator.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { EditedFile } from './edited-file.ts'
import type { Operation } from './workload-result.ts'
import { validateWorkload } from './validate-result.ts'
import { unsafe } from './verify.ts'
import type { Json } from '../json/json.ts'
import type { InjectOptions } from './options.ts'
import { DocumentEditor } from '../patch/document-editor.ts'
import type { FileResult } from './result.ts'
import type { ServiceOutcome } from '../services/service-outcome.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import type { YamlDocument } from '../yaml/read/split.ts'
import { concerned, type ProcessedFile } from './workload-summaries.ts'
import { planService, type ServiceTask } from '../services/plan-service.ts'
import { readServices } from '../services/read-services.ts'
import type { RetargetedPort } from '../services/retarget-record.ts'
import { routeOf, type Route } from '../services/route.ts'
import type { Service, ServicePort, RetargetRequest } from '../services/service.ts'
import { ServiceWorkloads } from '../services/service-workloads.ts'

/** What is the same for all Services of a run. */
export interface ServiceSettings {
  operation: Operation
  options: InjectOptions
  checker: ObjectValidator
}

/** The result of the Services of one input. */
export interface RetargetedFile {
  file: FileResult
  diagnostics: Diagnostic[]
}

/**
 * Retargets the Services of all inputs to the proxies of their workloads, which may be in other inputs, or restores
 * them. Inputs without a Service that is concerned are returned unchanged.
 */
export function retargetServices(
  files: readonly ProcessedFile[],
  settingsOf: (source: SourceText) => ServiceSettings,
): RetargetedFile[] {
  const workloads = new ServiceWorkloads(files.flatMap((one) => one.workloads))
  const runs = new Map<ServiceSettings, ServiceRun>()
  const runOf = (source: SourceText): ServiceRun => {
    const settings = settingsOf(source)
    return getOrMake(runs, settings, () => new ServiceRun(workloads, settings))
  }
  const some = concerned(files)
  return files.map((one) => (some.has(one) ? runOf(one.file.source).work(one) : { file: one.file, diagnostics: [] }))
}

/** Whether Services are to be retargeted, and what decides that: a flag, else the policy. */
function requestOf({ retargetServices: flag, policy }: InjectOptions): RetargetRequest {
  if (flag === undefined) return { retarget: policy?.retarget?.value, origin: policy?.retarget?.origin }
  return { retarget: flag, origin: { level: 'flag', text: flag ? '--retarget-services' : '--no-retarget-services' } }
}

/** The plan for the Services of one text. */
interface ServiceFilePlan {
  services: readonly Service[]
  edits: TextEdit[]
  outcomes: ServiceOutcome[]
  diagnostics: Diagnostic[]
}

class ServiceRun {
  readonly #workloads: ServiceWorkloads
  readonly #operation: Operation
  readonly #options: InjectOptions
  readonly #checker: ObjectValidator
  readonly #request: RetargetRequest

  constructor(workloads: ServiceWorkloads, { operation, options, checker }: ServiceSettings) {
    this.#workloads = workloads
    this.#operation = operation
    this.#options = options
    this.#checker = checker
    this.#request = operation.command === 'inject' ? requestOf(options) : { retarget: undefined, origin: undefined }
  }

  /** Processes one input, from reading to the verified result. */
  work({ file }: ProcessedFile): RetargetedFile {
    const task: ServiceTask = {
      request: this.#request,
      routeOf: (service, port, value, entry) => this.#route(service, port, value, entry),
      isProven: (service, entry) => this.#isProven(service, entry),
      adopted: new Set(),
    }
    const { services, edits: own, outcomes, diagnostics } = this.#plan(file.source, task)
    const { edits } = file
    const told = this.#edited(file, edits, outcomes)
    if (diagnostics.some(({ severity }) => severity === 'error')) return { file: told, diagnostics }
    const output = own.length === 0 ? file.output : applyEdits(file.source.text, [...edits, ...own])
    const again = own.length === 0 ? undefined : this.#plan(file.source.become(output), task)
    const problem = again === undefined ? undefined : this.#verify(file, output, services, again, task)
    if (problem !== undefined) return { file: told, diagnostics: [...diagnostics, problem] }
    const findings = this.#validate(services, outcomes, again?.services ?? services)
    return {
      file: own.length === 0 ? told : this.#edited(file, [...edits, ...own], outcomes),
      diagnostics: [...diagnostics, ...findings],
    }
  }

  #edited(
    { source, workloads }: FileResult,
    edits: readonly TextEdit[],
    outcomes: readonly ServiceOutcome[],
  ): FileResult {
    return new EditedFile(source, workloads, edits, this.#options.keepText, outcomes)
  }

  #plan(source: SourceText, task: ServiceTask): ServiceFilePlan {
    const read = readServices(source)
    const services = read.services.filter((service) => !this.#workloads.brings(service))
    const editors = new Map<YamlDocument, DocumentEditor>()
    const planned = services.map((service) => {
      const editor = getOrMake(editors, service.doc, () => new DocumentEditor(service.doc))
      return planService(service, editor, task)
    })
    return {
      services,
      edits: DocumentEditor.editsOf([...editors.values()]),
      outcomes: planned.flatMap(({ outcome }) => outcome ?? []),
      // A Service that cannot be read matters only where it would be edited.
      diagnostics: [
        ...(this.#request.retarget === true ? read.diagnostics : []),
        ...planned.flatMap((one) => one.diagnostics),
      ],
    }
  }

  /** The target that a port should have. */
  #route(service: Service, port: ServicePort, value: Json | undefined, entry: RetargetedPort | undefined): Route {
    const selected = this.#workloads.selectedBy(service)
    const workloads = selected.length > 0 || entry === undefined ? selected : this.#workloads.named(service, entry.of)
    const isOut = this.#isOutOfReach(service)
    if (entry !== undefined && (isOut || workloads.length === 0))
      return { to: isOut || !this.#isAsked(entry) ? 'there' : 'app' }
    const route = routeOf(service, port, value, entry?.by ?? [], workloads, this.#options.kubeVersion)
    if (!isOut || route.to !== 'proxy') return route
    return { ...route, to: 'nowhere', reason: 'the policy excludes it', hint: 'set targetPort by hand' }
  }

  /** True where a workload has, or had before this run, a sidecar of the record that listens on the port's target. */
  #isProven(service: Service, { to, by, of }: RetargetedPort): boolean {
    if (this.#options.force === 'yes') return true
    const workloads = [...this.#workloads.selectedBy(service), ...this.#workloads.named(service, of)]
    return workloads.some(({ fronts }) =>
      fronts.some(({ sidecar, number, name }) => by.includes(sidecar) && (to === number || to === name)),
    )
  }

  /**
   * True where the run removes a sidecar of the record. Without a workload of the Service in the inputs, nothing else
   * concerns the Service.
   */
  #isAsked({ by }: RetargetedPort): boolean {
    if (this.#operation.command !== 'uninject' || this.#options.selector !== undefined) return false
    const { names } = this.#operation
    return names === undefined || by.some((name) => names.has(name))
  }

  #isOutOfReach({ doc, namespace }: Service): boolean {
    const { namespace: only, policy } = this.#options
    if (only !== undefined && only !== namespace) return true
    if (policy === undefined) return false
    const path = policy.pathOf(doc.source.label)
    return policy.excludesNamespace(namespace) || (path !== undefined && policy.excludesPath(path))
  }

  /**
   * Verifies a result before it is shown: a second run would change nothing, and restoring all Services gives the same
   * text as without the edits of this run.
   */
  #verify(
    file: FileResult,
    output: string,
    services: readonly Service[],
    again: ServiceFilePlan,
    task: ServiceTask,
  ): Diagnostic | undefined {
    const [first] = services
    // Where Services are only restored, the plan has no errors of what cannot be read.
    if (again.services.length < services.length || hasErrors(again.diagnostics))
      return unsafe(first, 'the result could not be read')
    if (again.edits.length > 0) return unsafe(first, 'a second run would change the result again')
    const [back, before] = [output, file.output].map((text) => this.#putBack(file.source.become(text), task))
    return back === before ? undefined : unsafe(first, 'restoring the Services would not give the original text')
  }

  #putBack(source: SourceText, { adopted }: ServiceTask): string {
    const task: ServiceTask = {
      request: { retarget: undefined, origin: undefined },
      routeOf: () => ({ to: 'app' }),
      isProven: () => true,
      adopted,
    }
    return applyEdits(source.text, this.#plan(source, task).edits)
  }

  /** Checks retargeted Services against the rules of Kubernetes. */
  #validate(before: readonly Service[], outcomes: readonly ServiceOutcome[], after: readonly Service[]): Diagnostic[] {
    const ours = new Set(outcomes.filter(({ status }) => status !== 'left').map(({ resource }) => resource))
    if (ours.size === 0 || this.#operation.command === 'uninject') return []
    return before.flatMap((service, n) => {
      const changed = after[n]
      if (changed === undefined || !ours.has(service.ref)) return []
      return validateWorkload(this.#checker, service, changed, !this.#options.validate, () => [])
    })
  }
}
