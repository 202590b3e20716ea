import type { Json } from '../../../json/json.ts'
import { byteLength, dns1123Label, domainPrefixedPath, labelValue } from '../../../kube/names.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { effectiveName } from '../metadata/index.ts'
import { labelSelector, labelsOf, selectorMatches } from '../selector.ts'
import { podFailurePolicy, replacementPolicy, successPolicy } from './job-policies.ts'
import { counts } from './rollout.ts'
import { matchesTemplate } from './selected.ts'
import { podTemplate } from './template.ts'

const UID_LABELS = ['controller-uid', 'batch.kubernetes.io/controller-uid'] as const
const NAME_LABELS = ['job-name', 'batch.kubernetes.io/job-name'] as const
/** Stands for the uid that the API server is going to generate, which no one can write before. */
const UNKNOWN_UID = '\0'

/** Source: batch validation ValidateJob. */
export function job(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  const name = effectiveName(object.ctx)
  jobSpec(spec, podRules, true)
  if (spec.get('manualSelector').isTrue) manualSelector(spec)
  else generatedSelector(spec, name)
  indexedHostname(object, name)
}

/**
 * The spec of a Job or of a CronJob's job template.
 * Source: batch validation validateJobSpec.
 *
 * @param defaulted whether completions get their default, as those of a Job do (batch/v1 SetDefaults_Job)
 */
export function jobSpec(spec: Field, podRules: PodRules, defaulted: boolean): void {
  counts(spec, 'parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished')
  counts(spec, 'backoffLimitPerIndex', 'maxFailedIndexes')
  completion(spec, defaulted)
  managedBy(gatedField(spec.get('managedBy'), 'JobManagedBy', 30))
  podFailurePolicy(spec)
  successPolicy(spec)
  replacementPolicy(spec)
  podTemplate(spec.get('template'), podRules)
  restartPolicy(spec)
}

/** KEP-4368. Source: batch validation validateJobSpec; registry job strategy dropDisabledFields. */
function managedBy(field: Field): void {
  const { text } = field
  if (text === undefined) return
  const faults = [...domainPrefixedPath(text)]
  if (byteLength(text) > 63) faults.push('must be no more than 63 characters')
  if (faults.length > 0) field.invalid('JOB_COMPLETION', faults.join('; '))
}

/**
 * Pods of a Job end, so Always, which is the default, is rejected. Unknown policies are reported by the rules of pods.
 */
function restartPolicy(spec: Field): void {
  const policy = spec.get('template', 'spec', 'restartPolicy')
  const code = 'TEMPLATE_RESTART_POLICY'
  if (policy.empty || policy.text === 'Always') {
    const hint = 'set restartPolicy: Never, or OnFailure to restart containers in the same pod'
    policy.required(code, 'valid values: "OnFailure", "Never"', hint)
  } else if (spec.get('podFailurePolicy').present && policy.text === 'OnFailure') {
    policy.invalid(code, 'only "Never" is supported when podFailurePolicy is specified')
  }
}

function manualSelector(spec: Field): void {
  const selector = spec.get('selector')
  if (!selector.present) {
    selector.required('SELECTOR_REQUIRED', 'manualSelector is true', 'remove manualSelector, or write the selector')
  } else if (labelSelector(selector)) matchesTemplate(selector, spec.get('template'))
}

/**
 * Without manualSelector the API server adds its own labels to the selector and the template. The selector in the file
 * must match these labels alone, and the labels of the template with them.
 * Source: batch validation validateGeneratedSelector; registry/batch/job generateSelector.
 */
function generatedSelector(spec: Field, name: string | undefined): void {
  const metadata = spec.get('template', 'metadata')
  const labels = metadata.get('labels')
  const own = labelsOf(metadata)
  for (const key of UID_LABELS) {
    if (!own.has(key)) continue
    labels
      .get(key)
      .invalid('JOB_SELECTOR', "must be the Job's own uid, which the API server sets", {
        on: 'key',
        hint: 'remove the label; Kubernetes adds it',
      })
  }
  if (name === undefined) return
  nameLabels(spec, labels, name)
  const selector = spec.get('selector')
  if (!selector.present || !labelSelector(selector)) return
  const generated = new Map<string, Json>()
  for (const key of UID_LABELS) generated.set(key, UNKNOWN_UID)
  for (const key of NAME_LABELS) generated.set(key, name)
  if (selectorMatches(selector, generated)) {
    return matchesTemplate(selector, spec.get('template'), new Map([...own, ...generated]))
  }
  const hint =
    own.size > 0 ? 'remove spec.selector; Kubernetes writes one that no other Job shares' : 'remove spec.selector'
  selector.invalid('JOB_SELECTOR', '`selector` not auto-generated', { hint, on: 'key' })
}

/** The Job's name becomes a label of its pods, which must be valid and not contradict the template. */
function nameLabels(spec: Field, labels: Field, name: string): void {
  for (const key of NAME_LABELS) {
    if (!labels.keys().includes(key)) continue
    const given = labels.get(key)
    const value = given.present ? given.text : ''
    if (value === undefined || value === name) continue
    given.invalid('JOB_SELECTOR', `must be '${name}'`, { shown: value, hint: 'remove the label; Kubernetes adds it' })
  }
  const faults = labelValue(name)
  if (faults.length === 0) return
  const detail = `the Job's name becomes a label of its pods: ${faults.join('; ')}`
  spec.get('template', 'labels').invalid('METADATA_LABEL', detail, { shown: name, at: ['metadata', 'name'] })
}

/** Pods of an Indexed Job are named by the Job's name and their index, which must be a valid hostname. */
function indexedHostname(object: Field, name: string | undefined): void {
  const spec = object.get('spec')
  const completions = spec.get('completions').number ?? (spec.get('parallelism').present ? undefined : 1)
  if (spec.get('completionMode').text !== 'Indexed' || completions === undefined || completions <= 0) return
  if (name === undefined || dns1123Label(`${name}-${completions - 1}`).length === 0) return
  const detail = `its pods would be called ${name}-${completions - 1}, which is not a DNS label of at most 63 characters`
  object.get('metadata', 'name').invalid('METADATA_NAME', detail, { shown: name })
}

const CODE = 'JOB_COMPLETION'
/** Source: the constants of batch validation. */
const MAX_PARALLELISM = 100_000
const MAX_FAILED_INDEXES = 100_000
const MANY_COMPLETIONS = 100_000
const LIMIT_WITH_MANY = 10_000

/**
 * Completion mode, and the counts that belong to Indexed Jobs only.
 * Source: batch validation validateJobSpec (KEP-2214, KEP-3850).
 */
function completion(spec: Field, defaulted: boolean): void {
  const mode = spec.get('completionMode')
  const perIndex = spec.get('backoffLimitPerIndex')
  const maxFailed = spec.get('maxFailedIndexes')
  mode.oneOfStrict(CODE, ['NonIndexed', 'Indexed'])
  if (maxFailed.present && !perIndex.present) perIndex.required('FIELD_REQUIRED', 'when maxFailedIndexes is specified')
  if (mode.text === 'Indexed') {
    indexed(spec, defaulted)
    return
  }
  if (mode.present && mode.text !== 'NonIndexed') return
  for (const field of [perIndex, maxFailed]) {
    if (field.present) field.invalid(CODE, 'requires indexed completion mode', { hint: 'add completionMode: Indexed' })
  }
}

function indexed(spec: Field, defaulted: boolean): void {
  const completions = spec.get('completions')
  const parallelism = spec.get('parallelism')
  const maxFailed = spec.get('maxFailedIndexes')
  if (!completions.present && !(defaulted && !parallelism.present)) {
    completions.required('FIELD_REQUIRED', 'when completion mode is Indexed')
  }
  atMost(parallelism, MAX_PARALLELISM, ' when completion mode is Indexed')
  if (completions.number !== undefined && (maxFailed.number ?? 0) > completions.number) {
    maxFailed.invalid(CODE, 'must be less than or equal to completions')
  }
  atMost(maxFailed, MAX_FAILED_INDEXES, '')
  if ((completions.number ?? 0) <= MANY_COMPLETIONS || !spec.get('backoffLimitPerIndex').present) return
  const why = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`
  if (!maxFailed.present)
    maxFailed.required('FIELD_REQUIRED', `must be specified when completions is above ${MANY_COMPLETIONS}`)
  atMost(parallelism, LIMIT_WITH_MANY, why)
  atMost(maxFailed, LIMIT_WITH_MANY, why)
}

function atMost(field: Field, max: number, why: string): void {
  if ((field.number ?? 0) > max) field.invalid(CODE, `must be less than or equal to ${max}${why}`)
}
