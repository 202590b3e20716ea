/** The images of the sidecars of a run, and pins of a policy that none of them uses. */
import { describe, expect, it } from 'vitest'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import { listImages } from '../../../src/core/selection/list-images.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { policy, problemLine } from './support.ts'

const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\n'
const TEMPLATES = [
  `${HEAD}metadata: {name: plain, version: 1.2.0, description: A., checked: {version: "2", date: "2026-11-28"}}
spec:
  container: {image: a/plain:1}`,
  `${HEAD}metadata: {name: many, version: "3", description: A.}
spec:
  container: {name: main, image: a/main:1}
  initContainers: [{name: init, image: a/main:1}, {name: other, image: a/other:1}]
  volumes: [{name: data, image: {reference: "a/data:1"}}]`,
  `${HEAD}metadata: {name: free, version: "1", description: A.}
spec:
  parameters:
    tag: {type: string, description: T., required: true, example: "5"}
    more: {type: string, description: M., default: x}
  container: {image: "a/free:\${{ params.tag }}-\${{ params.more }}"}`,
  `${HEAD}metadata: {name: moded, version: "1", description: A.}
spec:
  container: {image: "a/moded:\${{ sidecar.mode }}"}`,
  `${HEAD}metadata: {name: bare, version: "1", description: A.}
spec:
  parameters: {word: {type: string, description: W., required: true}}
  container: {image: "a/bare:\${{ params.word }}"}`,
]
const BROKEN = `${HEAD}metadata: {name: broken, version: "1", description: A.}\nspec: {contaner: {}}`
const sources = [...TEMPLATES, BROKEN].map((text, n) => new SourceText(`${n}.yaml`, text))
const { catalog } = await openCatalog({ templates: sources, builtins: { names: [], read: () => undefined } })

interface Flags {
  sidecars?: string
  set?: string
}

/** Images in lines, each with its sidecar and version, containers, and what it was without the policy; then problems. */
async function listed(spec: string | undefined, { sidecars, set = '' }: Flags = {}): Promise<string[]> {
  const { images, diagnostics } = listImages(catalog, {
    parameters: set.split(' ').filter((text) => text !== '').map((text) => {
      const [, template = '', name = '', value = ''] = /^(.*?)\.(.*?)=(.*)$/.exec(text) ?? []
      return { template, name, value }
    }),
    ...(sidecars !== undefined && { sidecars: sidecars.split(' ').filter((name) => name !== '') }),
    ...(spec !== undefined && { policy: await policy(spec) }),
  })
  return [
    ...images.map(({ sidecar, version, containers, image, source, checked }) =>
      [`${sidecar} ${version} ${containers.join()} ${image}`, ...(source === image ? [] : [`for ${source}`]), ...(checked === undefined ? [] : [`newest ${checked.version}`])].join(' ')),
    ...diagnostics.map(problemLine),
  ]
}

const PLAIN = 'plain 1.2.0 plain a/plain:1 newest 2'
const MANY = ['many 3 init,main a/main:1', 'many 3 other a/other:1', 'many 3 data a/data:1']
const MODED = ['moded 1 moded a/moded:native', 'moded 1 moded a/moded:classic']
const NEEDS_WORD = 'PARAM_REQUIRED at nothing: the template bare requires a value for word (W) | set it with --set bare.word=VALUE'

describe('the images of', () => {
  it.each<[string, string | undefined, Flags, string[]]>([
    ['all templates, without policy and flags', undefined, {}, ['free 1 free a/free:5-x', ...MANY, ...MODED, PLAIN, NEEDS_WORD]],
    ['all, too, where the policy has no rules', 'parameters: {free: {tag: "6"}, bare: {word: w}}', {}, ['bare 1 bare a/bare:w', 'free 1 free a/free:6-x', ...MANY, ...MODED, PLAIN]],
    ['the sidecars of flags', undefined, { sidecars: 'plain many' }, [PLAIN, ...MANY]],
    ['no sidecar', undefined, { sidecars: '' }, []],
    ['the sidecars of rules, whatever these match', 'rules: [{match: {names: [none]}, add: [plain]}, {add: [moded]}]', {}, [PLAIN, ...MODED]],
    ['no rule', 'rules: []', {}, []],
    ['the sidecars of flags before those of rules', 'rules: [{add: [plain]}]', { sidecars: 'moded' }, MODED],
  ])('%s', async (_, spec, flags, expected) => expect(await listed(spec, flags)).toEqual(expected))
})

describe('the values for images are', () => {
  const RULES = 'rules: [{add: [{name: free, parameters: {tag: "7"}}]}, {add: [{name: free, parameters: {tag: "8"}}]}]'
  it.each<[string, string | undefined, Flags, string[]]>([
    ['examples where there are no others', undefined, { sidecars: 'free' }, ['free 1 free a/free:5-x']],
    ['those of flags', undefined, { sidecars: 'free plain', set: 'free.tag=6 free.more=y' }, ['free 1 free a/free:6-y', PLAIN]],
    ['those of the policy', 'parameters: {free: {tag: "6"}, plain: {}}', { sidecars: 'free' }, ['free 1 free a/free:6-x']],
    ['those of each rule', RULES, {}, ['free 1 free a/free:7-x', 'free 1 free a/free:8-x']],
    ['those of each rule for the sidecar of a flag', RULES, { sidecars: 'free plain' }, ['free 1 free a/free:7-x', 'free 1 free a/free:8-x', PLAIN]],
    ['those of rules before those of the policy', `parameters: {free: {tag: "6", more: z}}\n${RULES}`, {}, ['free 1 free a/free:7-z', 'free 1 free a/free:8-z']],
    ['those of flags before all', `parameters: {free: {more: z}}\n${RULES}`, { set: 'free.tag=9' }, ['free 1 free a/free:9-z']],
  ])('%s', async (_, spec, flags, expected) => expect(await listed(spec, flags)).toEqual(expected))
})

describe('what is wrong is reported:', () => {
  const KNOWN = 'known names: bare, broken, free, many, moded, plain'
  it.each<[string, string | undefined, Flags, string[]]>([
    ['an unknown sidecar', undefined, { sidecars: 'plian elephant' }, ['SIDECAR_UNKNOWN at nothing: unknown sidecar "plian" | did you mean plain?', `SIDECAR_UNKNOWN at nothing: unknown sidecar "elephant" | ${KNOWN}`]],
    ['no template with errors, which were reported before', undefined, { sidecars: 'broken plain' }, [PLAIN]],
    ['values for an unknown sidecar, once', undefined, { sidecars: 'plain', set: 'plian.a=1 plian.b=2' }, [PLAIN, 'SIDECAR_UNKNOWN at nothing: --set plian.a: unknown sidecar "plian" | did you mean plain?']],
    ['values for a sidecar that is not listed', undefined, { sidecars: 'plain', set: 'free.tag=1 free.more=2' }, [PLAIN, 'PARAM_UNKNOWN at nothing: --set free.tag: sidecar "free" is not selected | select it with --sidecar free']],
    ['an invalid value, for both modes once', 'rules: [{add: [{name: plain, parameters: {x: 1}}]}]', {}, ['PARAM_UNKNOWN at 1: the template plain has no parameter "x" (set by sidecarctl.yaml, spec.rules[0].add[0].parameters.x) | the template plain has no parameters']],
    ['a required value without an example', undefined, { sidecars: 'bare' }, [NEEDS_WORD]],
  ])('%s', async (_, spec, flags, expected) => expect(await listed(spec, flags)).toEqual(expected))
})

describe('under a policy with images', () => {
  const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
  const LIST = 'to list the images in use: sidecarctl templates images'
  const pinned = (image: string): string => `images: {pins: {"${image}": "${DIGEST}"}}`
  it.each<[string, string, Flags, string[]]>([
    ['they come from its registry', 'images: {registry: r.example.com}', { sidecars: 'plain' }, ['plain 1.2.0 plain r.example.com/a/plain:1 for a/plain:1 newest 2']],
    ['they have its digest', pinned('a/plain:1'), { sidecars: 'plain' }, [`plain 1.2.0 plain a/plain:1@${DIGEST} for a/plain:1 newest 2`]],
    ['a pin of one of several is used', pinned('a/main:1'), { sidecars: 'many' }, [`many 3 init,main a/main:1@${DIGEST} for a/main:1`, ...MANY.slice(1)]],
    ['a pin of another tag is reported', pinned('a/plain:2'), { sidecars: 'plain' }, [PLAIN, `IMAGE_NOT_PINNED at "${DIGEST}": this pin is for a tag that no sidecar uses | ${LIST}`]],
    ['a pin of another image is reported', pinned('a/other'), { sidecars: 'plain' }, [PLAIN, `IMAGE_NOT_PINNED at "${DIGEST}": no sidecar uses the image of this pin | ${LIST}`]],
    ['settings of something else change nothing', 'security: {assignUids: false}', { sidecars: 'plain' }, [PLAIN]],
  ])('%s', async (_, spec, flags, expected) => expect(await listed(spec, flags)).toEqual(expected))
})
