import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { cronFault } from '../../../../src/core/validate/objects/workloads/cron.ts'
import { timeZoneFault } from '../../../../src/core/validate/objects/workloads/cronjob.ts'
import { changed, errors, jobSpec, podsOf } from './check.ts'

type Row = [name: string, changes: Record<string, Json | undefined>, expected: string[]]

const job: JsonObject = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, spec: jobSpec() }
const cronJob: JsonObject = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name: 'c' },
  spec: { schedule: '*/5 * * * *', jobTemplate: { spec: jobSpec() } },
}

const rule = (value: Json, more: Record<string, Json> = {}): Record<string, Json> => ({ 'spec.podFailurePolicy': { rules: [value] }, ...more })

describe('Job', () => {
  const indexed = { 'spec.completionMode': 'Indexed', 'spec.completions': 3 }
  test.each<Row>([
    ['valid', {}, []],
    ['default restart', { 'spec.template.spec.restartPolicy': undefined }, ['TEMPLATE_RESTART_POLICY spec.template.spec.restartPolicy']],
    ['counts', { 'spec.parallelism': -1, 'spec.backoffLimit': -1 }, ['NUMBER_NEGATIVE spec.parallelism', 'NUMBER_NEGATIVE spec.backoffLimit']],
    ['mode', { 'spec.completionMode': 'indexed' }, ['JOB_COMPLETION spec.completionMode']],
    ['indexed', indexed, []],
    ['indexed, both defaults', { 'spec.completionMode': 'Indexed' }, []],
    ['indexed, parallel', { 'spec.completionMode': 'Indexed', 'spec.parallelism': 2 }, ['FIELD_REQUIRED spec.completions']],
    ['indexed, too parallel', { ...indexed, 'spec.parallelism': 100_001 }, ['JOB_COMPLETION spec.parallelism']],
    ['limit per index', { 'spec.backoffLimitPerIndex': 1 }, ['JOB_COMPLETION spec.backoffLimitPerIndex']],
    ['limit per index, indexed', { ...indexed, 'spec.backoffLimitPerIndex': 1, 'spec.maxFailedIndexes': 4 }, ['JOB_COMPLETION spec.maxFailedIndexes']],
    ['failed without limit', { ...indexed, 'spec.maxFailedIndexes': 1 }, ['FIELD_REQUIRED spec.backoffLimitPerIndex']],
    ['indexed name', { ...indexed, 'metadata.name': 'x'.repeat(62) }, ['METADATA_NAME metadata.name']],
    ['long name', { 'metadata.name': 'x'.repeat(64) }, ['METADATA_LABEL spec.template.labels']],
    ['selector', { 'spec.selector': { matchLabels: { app: 'x' } }, 'spec.template.metadata': { labels: { app: 'x' } } }, ['JOB_SELECTOR spec.selector']],
    ['manual', { 'spec.manualSelector': true, 'spec.selector': { matchLabels: { app: 'x' } }, 'spec.template.metadata': { labels: { app: 'x' } } }, []],
    ['manual, mismatch', { 'spec.manualSelector': true, 'spec.selector': { matchLabels: { app: 'x' } } }, ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['manual, none', { 'spec.manualSelector': true }, ['SELECTOR_REQUIRED spec.selector']],
    ['uid label', { 'spec.template.metadata': { labels: { 'controller-uid': 'x' } } }, ['JOB_SELECTOR spec.template.metadata.labels[controller-uid]']],
    ['name label', { 'spec.template.metadata': { labels: { 'job-name': 'x' } } }, ['JOB_SELECTOR spec.template.metadata.labels[job-name]']],
    ['own name label', { 'spec.template.metadata': { labels: { 'job-name': 'j' } } }, []],
    ['no uid', { 'spec.template.metadata': { labels: { 'controller-uid': '' } } }, ['JOB_SELECTOR spec.template.metadata.labels[controller-uid]']],
    ['no name', { 'spec.template.metadata': { labels: { 'batch.kubernetes.io/job-name': null } } }, ['JOB_SELECTOR spec.template.metadata.labels[batch.kubernetes.io/job-name]']],
    ['selector of its name', { 'spec.selector': { matchLabels: { 'job-name': 'j' }, matchExpressions: [{ key: 'controller-uid', operator: 'Exists' }] } }, []],
    ['selector of another uid', { 'spec.selector': { matchLabels: { 'controller-uid': 'j' } } }, ['JOB_SELECTOR spec.selector']],
    ['selector of another name', { 'spec.selector': { matchExpressions: [{ key: 'job-name', operator: 'In', values: ['k'] }] } }, ['JOB_SELECTOR spec.selector']],
    ['selector of no name', { 'spec.selector': { matchExpressions: [{ key: 'job-name', operator: 'DoesNotExist' }] } }, ['JOB_SELECTOR spec.selector']],
    ['selector of other pods', { 'spec.selector': { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['x'] }] }, 'spec.template.metadata': { labels: { app: 'x' } } }, ['SELECTOR_MISMATCH spec.template.metadata.labels']],
    ['manager', { 'spec.managedBy': 'kueue' }, ['JOB_COMPLETION spec.managedBy']],
    ['replacement', { 'spec.podReplacementPolicy': 'Always' }, ['JOB_POLICY spec.podReplacementPolicy']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(job, changes))).toEqual(expected)
  })

  const at = 'JOB_POLICY spec.podFailurePolicy.rules[0]'
  test.each<Row>([
    ['codes', rule({ action: 'FailJob', onExitCodes: { operator: 'In', values: [1, 3] } }), []],
    ['conditions', rule({ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }), []],
    ['restarted', rule({ action: 'Count', onExitCodes: { operator: 'NotIn', values: [0] } }, { 'spec.template.spec.restartPolicy': 'OnFailure' }), ['TEMPLATE_RESTART_POLICY spec.template.spec.restartPolicy']],
    ['nothing', rule({ action: 'Ignore' }), [at]],
    ['both', rule({ action: 'Ignore', onExitCodes: { operator: 'In', values: [1] }, onPodConditions: [{ type: 'A' }] }), [at]],
    ['action', rule({ action: 'Stop', onPodConditions: [{ type: 'A' }] }), [`${at}.action`]],
    ['per index', rule({ action: 'FailIndex', onPodConditions: [{ type: 'A' }] }), [`${at}.action`]],
    ['zero', rule({ action: 'Count', onExitCodes: { operator: 'In', values: [0] } }), [`${at}.onExitCodes.values[0]`]],
    ['order', rule({ action: 'Count', onExitCodes: { operator: 'In', values: [3, 1] } }), [`${at}.onExitCodes.values`]],
    ['twice', rule({ action: 'Count', onExitCodes: { operator: 'In', values: [1, 1] } }), [`${at}.onExitCodes.values[1]`]],
    ['container', rule({ action: 'Count', onExitCodes: { containerName: 'x', operator: 'In', values: [1] } }), [`${at}.onExitCodes.containerName`]],
  ])('pod failure policy: %s', (_name, changes, expected) => {
    expect(errors(changed(job, changes))).toEqual(expected)
  })

  const success = (value: Json): Record<string, Json> => ({ ...indexed, 'spec.successPolicy': { rules: [value] } })
  const rule0 = 'JOB_POLICY spec.successPolicy.rules[0]'
  test.each<Row>([
    ['indexes', success({ succeededIndexes: '0,1-2', succeededCount: 2 }), []],
    ['none', success({}), ['FIELD_REQUIRED spec.successPolicy.rules[0]']],
    ['signs and zeros', success({ succeededIndexes: '+0,000000000001-2' }), []],
    ['too large', success({ succeededIndexes: '1-3' }), [`${rule0}.succeededIndexes`]],
    ['order', success({ succeededIndexes: '1,0' }), [`${rule0}.succeededIndexes`]],
    ['too many', success({ succeededIndexes: '0', succeededCount: 2 }), [`${rule0}.succeededCount`]],
    ['not indexed', { 'spec.successPolicy': { rules: [{ succeededCount: 1 }] } }, ['JOB_POLICY spec.successPolicy']],
  ])('success policy: %s', (_name, changes, expected) => {
    expect(errors(changed(job, changes))).toEqual(expected)
  })
})

describe('CronJob', () => {
  test.each<Row>([
    ['valid', {}, []],
    ['no schedule', { 'spec.schedule': undefined }, ['FIELD_REQUIRED spec.schedule']],
    ['words', { 'spec.schedule': 'every day' }, ['CRONJOB_SCHEDULE spec.schedule']],
    ['zone in schedule', { 'spec.schedule': 'TZ=Europe/Paris 0 3 * * *' }, ['CRONJOB_SCHEDULE spec.schedule']],
    ['zone', { 'spec.timeZone': 'Europe/Paris' }, []],
    ['unknown zone', { 'spec.timeZone': 'Europe/Atlantis' }, ['CRONJOB_TIME_ZONE spec.timeZone']],
    ['policy', { 'spec.concurrencyPolicy': 'forbid' }, ['CRONJOB_FIELD spec.concurrencyPolicy']],
    ['limits', { 'spec.successfulJobsHistoryLimit': -1 }, ['NUMBER_NEGATIVE spec.successfulJobsHistoryLimit']],
    ['52', { 'metadata.name': 'x'.repeat(52) }, []],
    ['53', { 'metadata.name': 'x'.repeat(53) }, ['METADATA_NAME metadata.name']],
    ['generated', { 'metadata': { generateName: 'x'.repeat(48) } }, ['METADATA_NAME metadata.name']],
    ['selector', { 'spec.jobTemplate.spec.selector': { matchLabels: { a: 'b' } } }, ['JOB_SELECTOR spec.jobTemplate.spec.selector']],
    ['indexed has no default', { 'spec.jobTemplate.spec.completionMode': 'Indexed' }, ['FIELD_REQUIRED spec.jobTemplate.spec.completions']],
    ['restart', { 'spec.jobTemplate.spec.template.spec.restartPolicy': 'Always' }, ['TEMPLATE_RESTART_POLICY spec.jobTemplate.spec.template.spec.restartPolicy']],
  ])('%s', (_name, changes, expected) => {
    expect(errors(changed(cronJob, changes))).toEqual(expected)
  })
  test('a condition without status has a default since 1.34', () => {
    const object = changed(cronJob, { 'spec.jobTemplate.spec.podFailurePolicy': { rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] }] } })
    const at = 'spec.jobTemplate.spec.podFailurePolicy.rules[0].onPodConditions[0].status'
    expect([errors(object, 33), errors(object, 34)]).toEqual([[`FIELD_REQUIRED ${at}`], []])
  })
  test('its pod is looked into', () => {
    expect([...podsOf(cronJob).keys()]).toEqual(['spec.jobTemplate.spec.template.spec'])
  })
})

describe('schedules', () => {
  test.each([
    '* * * * *', '*/15 0-5,22 1 JAN-mar mon', '0 0 ? * 0', '5/10 * * * *', '@daily', '@every 1h30m', '@every 1.5h', '@every 5\u00b5s', '@every 5\u03bcs', '  0 0 * * *  ',
    '+5 0 * * *', ', 0 * * *', '0-59/59 * * * *',
  ])('%j is one', (schedule) => {
    expect(cronFault(schedule)).toBeUndefined()
  })
  test.each([
    '', '* * * *', '0 0 0 * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 7', '5-1 * * * *', '*/0 * * * *',
    '1-2-3 * * * *', '1/2/3 * * * *', 'a * * * *', '-1 * * * *', '*/-1 * * * *', '@hourly2', '@every', '@every 1d', '@every', '@every 3000000h', '@reboot',
  ])('%j is none', (schedule) => {
    expect(cronFault(schedule)).toBeTypeOf('string')
  })
})

describe('time zones', () => {
  test.each(['UTC', 'Etc/UTC', 'America/Argentina/Buenos_Aires', 'GMT', 'Asia/Kolkata', 'US/Eastern', 'GB'])('%s is known', (zone) => {
    expect(timeZoneFault(zone)).toBeUndefined()
  })
  test.each(['', 'Local', 'utc', '../etc', 'Europe//Paris', '-x/y', '+01', 'Mars/Olympus', 'us/eastern', 'gb'])('%j is not', (zone) => {
    expect(timeZoneFault(zone)).toBeTypeOf('string')
  })
})
