/** What a policy says of the images and user IDs of all sidecars: `images` and `security`. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { uninject } from '../../../src/core/inject/run.ts'
import { parseImageReference } from '../../../src/core/kube/image-reference.ts'
import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import { imagesOf, imageUnder, missedPins, withSettings, type SidecarSettings } from '../../../src/core/selection/sidecar-settings.ts'
import type { Sidecar } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { resolved } from '../template/support.ts'
import { deployment, OPTIONS, policy, run, textAt } from './support.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

interface Pod {
  containers: { name: string; image: string }[]
  initContainers: { name: string; image: string; securityContext: Record<string, unknown> }[]
  imagePullSecrets?: { name: string }[]
  securityContext?: Record<string, unknown>
}

function podOf(text: string | undefined): Pod {
  return (parse(text ?? '') as { spec: { template: { spec: Pod } } }).spec.template.spec
}

describe('image references', () => {
  it.each([
    ['busybox',                       'docker.io',           'library/busybox', undefined, undefined],
    ['busybox:1.37.0',                'docker.io',           'library/busybox', '1.37.0',  undefined],
    ['fluent/fluent-bit:5.1',         'docker.io',           'fluent/fluent-bit', '5.1',   undefined],
    ['index.docker.io/library/nginx', 'docker.io',           'library/nginx',   undefined, undefined],
    ['quay.io/a/b/c:v1',              'quay.io',             'a/b/c',           'v1',      undefined],
    ['localhost/x:1',                 'localhost',           'x',               '1',       undefined],
    ['host:5000/x',                   'host:5000',           'x',               undefined, undefined],
    [`host:5000/x:1@${DIGEST}`,       'host:5000',           'x',               '1',       DIGEST],
    [`busybox@${DIGEST}`,             'docker.io',           'library/busybox', undefined, DIGEST],
  ])('%s', (text, registry, repository, tag, digest) => {
    expect(parseImageReference(text)).toEqual({ registry, repository, tag, digest })
  })

  it.each(['', 'UPPER', 'a b', 'a:', 'a@x', '/a', 'a//', 'https://x/y', 'a:b:c'])('%j is none', (text) => {
    expect(parseImageReference(text)).toBeUndefined()
  })
})

describe('images under a policy', () => {
  it.each([
    // before                       | images                                         | after
    ['busybox:1.37.0',               'registry: r.example.com/m',                      'r.example.com/m/library/busybox:1.37.0'],
    ['quay.io/p/statsd:v1',          'registry: r.example.com',                        'r.example.com/p/statsd:v1'],
    ['quay.io/p/statsd:v1',          'registry: {docker.io: r.example.com/hub}',       'quay.io/p/statsd:v1'],
    ['a/b:1',                        'registry: {docker.io: r.example.com/hub}',       'r.example.com/hub/a/b:1'],
    ['r.example.com/m/x:1',          'registry: r.example.com/m',                      'r.example.com/m/x:1'],
    [`a/b:1@${DIGEST}`,              'registry: r.example.com',                        `r.example.com/a/b:1@${DIGEST}`],
    ['a/b:1',                        `pins: {"a/b:1": "${DIGEST}"}`,                   `a/b:1@${DIGEST}`],
    ['a/b:1',                        `pins: {docker.io/a/b: "${DIGEST}"}`,             `a/b:1@${DIGEST}`],
    ['a/b:2',                        `pins: {"a/b:1": "${DIGEST}"}`,                   'a/b:2'],
    ['a/b:1',                        `pins: {a/b: "sha256:${'f'.repeat(64)}", "a/b:1": "${DIGEST}"}`, `a/b:1@${DIGEST}`],
    [`a/b:1@${DIGEST}`,              `pins: {"a/b:1": "sha256:${'f'.repeat(64)}"}`,    `a/b:1@${DIGEST}`],
    ['r.example.com/mx/y:1',         'registry: r.example.com/m',                      'r.example.com/m/mx/y:1'],
    ['a/b',                          'registry: r.example.com',                        'r.example.com/a/b'],
    ['a/b:1',                        `{registry: "h:5000", pins: {"a/b:1": "${DIGEST}"}}`, `h:5000/a/b:1@${DIGEST}`],
    ['not an image',                 'registry: r.example.com',                        'not an image'],
  ])('%s with %s: %s', async (before, images, after) => {
    const { sidecarSettings } = await policy(`images: ${images.includes('\n') || images.startsWith('{') ? images : `{${images}}`}`)
    expect(sidecarSettings === undefined ? undefined : imageUnder(before, sidecarSettings)).toBe(after)
  })

  it.each([
    ['{registry: "https://r.example.com"}', 'spec.images.registry'],
    ['{pins: {a/b: latest}}', 'spec.images.pins'],
    ['{pins: {"a b": "DIGEST"}}', '"a b" is not the name of an image'],
    ['{pins: {busybox: "DIGEST", docker.io/library/busybox: "DIGEST"}}', '"docker.io/library/busybox" and "busybox" are the same image'],
    ['{pins: {"a/b:1@DIGEST": "DIGEST"}}', `"a/b:1@${DIGEST}" is not the name of an image with or without a tag`],
    ['{pullSecrets: [Mirror]}', 'spec.images.pullSecrets'],
    ['{mirror: x}', 'mirror'],
  ])('%s is rejected', async (images, message) => {
    const text = `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  images: ${images.replaceAll('DIGEST', DIGEST)}\n`
    const { diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(diagnostics.map((d) => d.message).join('\n')).toContain(message)
  })
})

describe('a policy with images', () => {
  const SPEC = `images:
  registry: r.example.com/m
  pullSecrets: [mirror]
  pins: {fluent/fluent-bit: "${DIGEST}", "haproxy:1": "${DIGEST}"}
rules: [{add: [logging, {name: ambassador, parameters: {host: db.example.com, port: 5432, localPort: 5432}}, mesh-linkerd]}]`

  it('changes those of sidecars alone, adds the pull secrets, and all of it goes again', async () => {
    const text = deployment()
    const options = { policy: await policy(SPEC) }
    const { files, diagnostics } = await run({ 'a.yaml': text }, options)
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    const output = files[0]?.output ?? ''
    const pod = podOf(output)
    expect(pod.containers).toMatchObject([{ image: 'nginx:1.29' }])
    const images = Object.fromEntries(pod.initContainers.map(({ name, image }) => [name, image]))
    expect(images['logging']).toMatch(/^r\.example\.com\/m\/fluent\/fluent-bit:[0-9.]+@sha256:[0-9a-f]{64}$/)
    expect(images['ambassador']).toMatch(/^r\.example\.com\/m\/library\/haproxy:[0-9.]+-alpine$/)
    expect(pod.imagePullSecrets).toEqual([{ name: 'mirror' }])
    expect((await run({ 'a.yaml': output }, options)).files[0]?.output).toBe(output)
    // Without the policy, too: what it added is the sidecars'.
    const undone = await uninject([new SourceText('a.yaml', output)], OPTIONS)
    expect(undone.diagnostics).toEqual([])
    expect(undone.files[0]?.output).toBe(text)
  })

  it('says once that a pin is for another tag', async () => {
    const files = { 'a.yaml': deployment(), 'b.yaml': deployment({ name: 'api' }) }
    const { diagnostics } = await run(files, { policy: await policy(SPEC) })
    const [found, ...more] = diagnostics.filter(({ code }) => code === 'IMAGE_NOT_PINNED')
    expect(more).toEqual([])
    expect(found?.message).toMatch(
      /^this pin is for the tag 1, but the sidecar uses haproxy:[0-9.]+-alpine, which has no pin; the same for 1 other workload$/,
    )
  })

  it("leaves a pull secret of the manifest's where it is, and gives a pod without containers of sidecars none", async () => {
    const own = deployment().replace('      containers:', '      imagePullSecrets: [{name: mirror}]\n      containers:')
    const { files } = await run({ 'a.yaml': own }, { policy: await policy(SPEC) })
    const undone = await uninject([new SourceText('a.yaml', files[0]?.output ?? '')], OPTIONS)
    expect(undone.files[0]?.output).toBe(own)
    const mesh = await policy('images: {pullSecrets: [mirror]}\nrules: [{add: [mesh-linkerd]}]')
    expect(podOf((await run({ 'a.yaml': deployment() }, { policy: mesh })).files[0]?.output).imagePullSecrets).toBeUndefined()
  })
})

describe('a policy with assignUids: false', () => {
  const names = OPTIONS.builtins.names.filter((name) => !name.startsWith('mesh-'))

  it.each(['native', 'classic'] as const)('leaves user and group IDs out of every sidecar, %s', async (mode) => {
    const { examples } = await import('../template/support.ts')
    const { builtinTemplate } = await import('../../../src/core/template/library.ts')
    for (const name of names) {
      const template = builtinTemplate(name, OPTIONS.builtins)
      const parameters = template === undefined ? [] : examples(template)
      const options = {
        sidecars: [name],
        parameters: parameters.map((p) => ({
          template: name,
          name: p.name,
          value: typeof p.value === 'string' ? p.value : JSON.stringify(p.value),
        })),
        modes: new Map([['', mode]]),
        policy: await policy('security: {assignUids: false}'),
        allowLowerPodSecurity: true,
      }
      const { files, diagnostics } = await run({ 'a.yaml': deployment() }, options)
      expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([])
      const output = files[0]?.output ?? ''
      expect(output, name).toContain('runAsNonRoot: true')
      expect(output, name).not.toMatch(/runAsUser|runAsGroup|fsGroup/)
    }
  })

  it('a template without other settings gets no empty map', async () => {
    const head = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: own, version: "1", description: x}\n'
    const spec = 'spec: {container: {image: a, securityContext: {runAsUser: 1}}, pod: {fsGroup: 2}}\n'
    const templates = [new SourceText('own.yaml', head + spec)]
    const options = { templates, sidecars: ['own'], policy: await policy('security: {assignUids: false}') }
    const pod = podOf((await run({ 'a.yaml': deployment() }, options)).files[0]?.output)
    expect(pod.initContainers).toEqual([{ name: 'own', image: 'a', restartPolicy: 'Always' }])
    expect(pod.securityContext).toBeUndefined()
  })
})

/** The settings of a policy's spec, which has some. */
async function settingsOf(spec: string): Promise<SidecarSettings> {
  const { sidecarSettings } = await policy(spec)
  if (sidecarSettings === undefined) throw new Error('no settings')
  return sidecarSettings
}

describe('the settings of a policy', () => {
  const summary = ({ registries, pullSecrets, pins, assignUids }: SidecarSettings): object => ({
    registries: Object.fromEntries(registries),
    pullSecrets,
    pins: pins.map(({ image, digest, at }) => `${image.repository}:${image.tag} ${digest === DIGEST ? 'pinned' : digest} at ${textAt(at) === `"${DIGEST}"` ? 'its digest' : textAt(at)}`),
    assignUids,
  })
  const NONE = { registries: {}, pullSecrets: [], pins: [], assignUids: true }
  it.each<[string, object]>([
    ['images: {}', NONE],
    ['security: {}', NONE],
    ['security: {assignUids: true}', NONE],
    ['security: {assignUids: false}', { ...NONE, assignUids: false }],
    ['images: {registry: r.example.com}', { ...NONE, registries: { '': 'r.example.com' } }],
    ['images: {registry: {docker.io: r.example.com/hub, quay.io: q.example.com}}', { ...NONE, registries: { 'docker.io': 'r.example.com/hub', 'quay.io': 'q.example.com' } }],
    ['images: {pullSecrets: [a, b, a]}', { ...NONE, pullSecrets: ['a', 'b'] }],
    [`images: {pins: {"a/b:1": "${DIGEST}", a/b: "${DIGEST}"}}`, { ...NONE, pins: ['a/b:1 pinned at its digest', 'a/b:undefined pinned at its digest'] }],
  ])('%s', async (spec, expected) => expect(summary(await settingsOf(spec))).toEqual(expected))

  it('are none where it says nothing of them', async () => {
    expect((await policy('modes: {}')).sidecarSettings).toBeUndefined()
  })
})

describe('a sidecar under a policy', () => {
  const parts = ({ container, initContainers, volumes, pod: { imagePullSecrets, fsGroup } }: Sidecar): object => ({
    ...(container !== undefined && { container }),
    ...(initContainers.length > 0 && { initContainers }),
    ...(volumes.length > 0 && { volumes }),
    ...(imagePullSecrets.length > 0 && { imagePullSecrets }),
    ...(fsGroup !== undefined && { fsGroup }),
  })
  const name = 'demo'
  const MIRROR = 'images: {registry: r.example.com}'
  const SECRET = 'images: {pullSecrets: [mirror, other]}'
  const NO_UIDS = 'security: {assignUids: false}'
  const [USER, GROUP] = ['runAsUser: 1', 'runAsGroup: 2']
  it.each<[string, string, object]>([
    // spec of its template | spec of the policy | what of it goes into a pod
    ['container: {image: a:1, args: [x]}', MIRROR, { container: { name, image: 'r.example.com/library/a:1', args: ['x'] } }],
    ['initContainers: [{name: i, image: a:1}]', MIRROR, { initContainers: [{ name: 'i', image: 'r.example.com/library/a:1' }] }],
    ['volumes: [{name: v, image: {reference: a:1, pullPolicy: Always}}]', MIRROR, { volumes: [{ name: 'v', image: { reference: 'r.example.com/library/a:1', pullPolicy: 'Always' } }] }],
    ['volumes: [{name: v, emptyDir: {}}]', MIRROR, { volumes: [{ name: 'v', emptyDir: {} }] }],
    ['volumes: [{name: v, image: {pullPolicy: Always}}]', MIRROR, { volumes: [{ name: 'v', image: { pullPolicy: 'Always' } }] }],
    ['container: {args: [x]}', MIRROR, { container: { name, args: ['x'] } }],
    ['container: {image: a:1}', SECRET, { container: { name, image: 'a:1' }, imagePullSecrets: [{ name: 'mirror' }, { name: 'other' }] }],
    ['initContainers: [{name: i, image: a:1}]', SECRET, { initContainers: [{ name: 'i', image: 'a:1' }], imagePullSecrets: [{ name: 'mirror' }, { name: 'other' }] }],
    ['container: {image: a:1}\npod: {imagePullSecrets: [{name: own}, {name: mirror}]}', SECRET, { container: { name, image: 'a:1' }, imagePullSecrets: [{ name: 'own' }, { name: 'mirror' }, { name: 'other' }] }],
    ['volumes: [{name: v, emptyDir: {}}]', SECRET, { volumes: [{ name: 'v', emptyDir: {} }] }],
    ['pod: {fsGroup: 3}', NO_UIDS, {}],
    ['pod: {fsGroup: 3}', MIRROR, { fsGroup: 3 }],
    [`container: {image: a:1, securityContext: {${USER}, ${GROUP}}}`, NO_UIDS, { container: { name, image: 'a:1' } }],
    [`container: {image: a:1, securityContext: {${USER}, runAsNonRoot: true}}`, NO_UIDS, { container: { name, image: 'a:1', securityContext: { runAsNonRoot: true } } }],
    [`container: {image: a:1, securityContext: {${USER}}}`, MIRROR, { container: { name, image: 'r.example.com/library/a:1', securityContext: { runAsUser: 1 } } }],
    [`initContainers: [{name: i, image: a:1, securityContext: {${GROUP}}}]`, NO_UIDS, { initContainers: [{ name: 'i', image: 'a:1' }] }],
  ])('%s with %s', async (spec, of, expected) => {
    const { sidecar } = resolved(spec)
    expect(parts(withSettings(sidecar as Sidecar, await settingsOf(of)))).toEqual(expected)
  })

  it('is the same object again for the same settings, and itself without any', async () => {
    const sidecar = resolved('container: {image: a:1}').sidecar as Sidecar
    const [mirror, secret] = [await settingsOf(MIRROR), await settingsOf(SECRET)]
    const once = withSettings(sidecar, mirror)
    expect(withSettings(sidecar, mirror)).toBe(once)
    expect(withSettings(sidecar, secret)).not.toBe(once)
    expect(withSettings(sidecar, mirror)).toBe(once)
    expect(withSettings(sidecar, undefined)).toBe(sidecar)
  })
})

describe('pins that an image misses by its tag', () => {
  it.each<[string, string, string[]]>([
    // image | pins | those for another tag
    ['a/b:2', `"a/b:1": "${DIGEST}"`, ['1']],
    ['a/b:3', `"a/b:1": "${DIGEST}", "a/b:2": "${DIGEST}"`, ['1', '2']],
    ['a/b', `"a/b:1": "${DIGEST}"`, ['1']],
    ['a/b:1', `"a/b:1": "${DIGEST}"`, []],
    ['a/b:2', `"a/b:1": "${DIGEST}", a/b: "${DIGEST}"`, []],
    ['a/b:2', `"a/c:1": "${DIGEST}"`, []],
    [`a/b:2@${DIGEST}`, `"a/b:1": "${DIGEST}"`, []],
    ['not an image', `"a/b:1": "${DIGEST}"`, []],
  ])('%s with {%s}', async (image, pins, expected) => {
    expect(missedPins(image, await settingsOf(`images: {pins: {${pins}}}`)).map((pin) => pin.image.tag)).toEqual(expected)
  })
})

describe('the images of a sidecar', () => {
  it.each<[string, string]>([
    // spec of its template | images by container or volume
    ['container: {image: a:1}', 'demo a:1'],
    ['container: {name: main, image: a:1}\ninitContainers: [{name: i, image: b:1}]', 'i b:1, main a:1'],
    ['container: {args: [x]}', ''],
    ['volumes: [{name: v, image: {reference: d:1}}, {name: w, emptyDir: {}}, {name: x, image: {pullPolicy: Always}}]', 'v d:1'],
    ['pod: {fsGroup: 3}', ''],
  ])('%s', (spec, expected) => {
    expect(imagesOf(resolved(spec).sidecar as Sidecar).map(({ container, image }) => `${container} ${image}`).join(', ')).toBe(expected)
  })
})
