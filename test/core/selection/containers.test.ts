import { describe, expect, it } from 'vitest'
import { uninject } from '../../../src/core/inject/run.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { OPTIONS, policy, run } from './support.ts'

/** A pod with an exporter in front of the app, and annotations. */
const pod = (annotations = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
${annotations}spec:
  containers:
    - name: exporter
      image: exporter:1
      ports: [{containerPort: 9113, name: metrics}]
    - name: web
      image: web:1
      ports: [{containerPort: 8080}]
    - name: worker
      image: worker:1
`

const annotated = (value: string): string => pod(`  annotations:\n    sidecarctl.dev/containers: ${value}\n`)

/** Names of the containers with the mount of the shared log folder, the sidecar's own left out. */
function mounted(text: string): string[] {
  const [, list = ''] = text.split('\n  containers:\n')
  return (list.split(/^ {2}\w/m)[0] ?? '')
    .split(/^ {4}- name: /m)
    .filter((part) => part.includes('mountPath: /var/log/app'))
    .map((part) => part.slice(0, part.indexOf('\n')))
}

const LOGGING: Partial<InjectOptions> = { sidecars: ['logging'] }

async function inject(text: string, options: Partial<InjectOptions>): Promise<{ output: string; problems: string[] }> {
  const { files, diagnostics } = await run({ 'a.yaml': text }, options)
  const problems = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, hint, at }) => {
      const line = at?.source.position(at.range.start).line
      return `${at?.source.label}:${line} ${code} ${message}; ${hint}`
    })
  return { output: files[0]?.output ?? '', problems }
}

const rules = async (containers: string): Promise<Partial<InjectOptions>> => ({
  policy: await policy(`rules:\n- {name: web, add: [logging], ${containers}}\n`),
})

describe('the app containers that get folders, settings and mounts', () => {
  it.each<[string, string, () => Promise<Partial<InjectOptions>>, string[]]>([
    ['all by default',                     pod(),                     async () => LOGGING,                                    ['exporter', 'web', 'worker']],
    ['those of the flag',                  pod(),                     async () => ({ ...LOGGING, containers: ['web'] }),      ['web']],
    ['several, in the order of the pod',   pod(),                     async () => ({ ...LOGGING, containers: ['worker', 'web'] }), ['web', 'worker']],
    ['those of the annotation',            annotated('web, worker'),  async () => LOGGING,                                    ['web', 'worker']],
    ['those of the policy',                pod(),                     () => rules('containers: [worker]'),                     ['worker']],
    ['the annotation before the policy',   annotated('web'),          () => rules('containers: [worker]'),                     ['web']],
    ['the flag before the annotation',     annotated('web'),          async () => ({ ...LOGGING, containers: ['worker'] }),   ['worker']],
  ])('are %s', async (_, text, options, expected) => {
    const chosen = await options()
    const { output, problems } = await inject(text, chosen)
    expect(problems).toEqual([])
    expect(mounted(output)).toEqual(expected)
    expect((await inject(output, chosen)).output).toBe(output)
    const back = await uninject([new SourceText('a.yaml', output)], OPTIONS)
    expect(back.files[0]?.output).toBe(text)
  })

  it('follow a change of the choice, and nothing is left behind', async () => {
    const first = (await inject(pod(), LOGGING)).output
    const narrowed = (await inject(first, { ...LOGGING, containers: ['web'] })).output
    expect(mounted(narrowed)).toEqual(['web'])
    expect(narrowed).toBe((await inject(pod(), { ...LOGGING, containers: ['web'] })).output)
    expect((await inject(narrowed, LOGGING)).output).toBe(first)
  })

  it('are the app of which a template takes port and name', async () => {
    const all = await inject(pod(), { sidecars: ['metrics'] })
    const web = await inject(pod(), { sidecars: ['metrics'], containers: ['web'] })
    expect(all.output).toContain('9113')
    expect(web.output).toContain('8080')
    expect(web.output).not.toMatch(/localhost:9113|127\.0\.0\.1:9113/)
  })

  it('must exist: the place, and the name that was meant, are told', async () => {
    expect((await inject(pod(), { ...LOGGING, containers: ['wob'] })).problems).toEqual([
      'a.yaml:1 CONTAINER_UNKNOWN --containers chooses the container "wob", which the app does not have; did you mean web?',
    ])
    expect((await inject(annotated('api'), LOGGING)).problems).toEqual([
      'a.yaml:6 CONTAINER_UNKNOWN annotation sidecarctl.dev/containers chooses the container "api", which the app does not have; known names: exporter, web, worker',
    ])
    expect((await inject(pod(), await rules('containers: [web, worke]'))).problems).toEqual([
      'sidecarctl.yaml:5 CONTAINER_UNKNOWN rule "web" chooses the container "worke", which the app does not have; did you mean worker?',
    ])
    // A sidecar is none of the app's.
    const injected = (await inject(pod(), LOGGING)).output
    expect((await inject(injected, { ...LOGGING, containers: ['logging'] })).problems).toHaveLength(1)
  })

  it('are asked of no workload without sidecars', async () => {
    const none = pod('  annotations:\n    sidecarctl.dev/inject: "false"\n    sidecarctl.dev/containers: nope\n')
    expect(await inject(none, {})).toEqual({ output: none, problems: [] })
  })

  it('are names of containers, in an annotation of the workload', async () => {
    expect((await inject(annotated('web,,'), LOGGING)).problems[0]).toContain('ANNOTATION_INVALID')
    expect((await inject(annotated('web').replace('/containers', '/container'), LOGGING)).problems[0]).toContain(
      'did you mean sidecarctl.dev/containers?',
    )
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default, annotations: {sidecarctl.dev/containers: web}}\n'
    expect((await inject(`${namespace}---\n${pod()}`, LOGGING)).problems[0]).toContain('write it on the workload')
  })
})
