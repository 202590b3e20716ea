import { at, forbidden, invalid, type PodRule } from './scope.ts'
import { isSet, numberOf, optionalText, textOf } from './values.ts'

/** Priority classes that exist in every cluster, with their values. */
const SYSTEM_CLASSES = new Map([
  ['system-cluster-critical', 2000000000],
  ['system-node-critical', 2000001000],
])

/**
 * What admission plugins that are always on reject in any cluster. In a template it is a warning: the template is
 * accepted, but all its pods are rejected.
 */
export const alwaysOnAdmission: PodRule = (pod) => {
  const severity = pod.isPod ? {} : { severity: 'warning' as const }
  const here = {
    ...pod,
    report: (finding: Parameters<typeof pod.report>[0]) => pod.report({ ...finding, ...severity }),
  }
  priority(here)
  overheadWithoutClass(here)
}

/** Source: the Priority admission plugin. */
const priority: PodRule = (pod) => {
  const { data, path } = pod.spec
  const name = textOf(data, 'priorityClassName') ?? ''
  const value = SYSTEM_CLASSES.get(name)
  if (value === undefined && name.startsWith('system-')) {
    const hint = `use ${[...SYSTEM_CLASSES.keys()].join(' or ')}, or a class without the reserved prefix`
    const fault = 'no such priority class can exist: names with the prefix system- are reserved'
    invalid(pod, 'PRIORITY_CLASS_INVALID', at(path, 'priorityClassName'), name, [fault], hint)
  }
  const given = numberOf(data, 'priority')
  if (value !== undefined && given !== undefined && given !== value) {
    const fault = `must be ${value}, the value of priority class ${name}`
    invalid(pod, 'PRIORITY_CLASS_INVALID', at(path, 'priority'), given, [fault], 'remove priority')
  }
  if (value !== undefined && optionalText(data, 'preemptionPolicy') === 'Never') {
    const fault = `must be PreemptLowerPriority, as in priority class ${name}`
    invalid(pod, 'PRIORITY_CLASS_INVALID', at(path, 'preemptionPolicy'), 'Never', [fault], 'remove preemptionPolicy')
  }
  if (name === '') withoutClass(pod, given, optionalText(data, 'preemptionPolicy'))
}

/**
 * Without a class, a pod has priority 0 and may preempt others. Asking for anything else is only accepted if the
 * cluster's default class has the same values, and most clusters have no default class.
 */
function withoutClass(pod: Parameters<PodRule>[0], priority: number | undefined, preemption: string | undefined): void {
  const { path } = pod.spec
  const hint = 'use priorityClassName instead'
  if (priority !== undefined && priority !== 0) {
    const message = `priority ${priority} is rejected unless it is that of the cluster's default priority class`
    pod.report({ code: 'PRIORITY_WITHOUT_CLASS', path: at(path, 'priority'), message, hint })
  }
  if (preemption === 'Never') {
    const message = `preemptionPolicy ${preemption} is rejected unless it is that of the cluster's default priority class`
    pod.report({ code: 'PRIORITY_WITHOUT_CLASS', path: at(path, 'preemptionPolicy'), message, hint })
  }
}

/** Source: the RuntimeClass admission plugin (KEP-688). */
const overheadWithoutClass: PodRule = (pod) => {
  if (!isSet(pod.spec.data, 'overhead') || isSet(pod.spec.data, 'runtimeClassName')) return
  const message = 'overhead may not be set without a runtimeClassName whose class defines it'
  forbidden(pod, 'OVERHEAD_WITHOUT_CLASS', at(pod.spec.path, 'overhead'), message, 'remove it')
}
