/** What Namespace objects among the inputs ask of the workloads in them. */
import { describe, expect, it } from 'vitest'
import { openCatalog } from '../../../src/core/selection/catalog.ts'
import { asksOfNamespace, readNamespaces } from '../../../src/core/selection/namespaces.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { table } from '../../helpers/table.ts'
import { OPTIONS } from './support.ts'

const namespace = (name: string, metadata: string): string => `apiVersion: v1\nkind: Namespace\nmetadata: {name: ${name}, ${metadata}}\n`
const ASKS = 'annotations: {sidecarctl.dev/inject: logging}'
const source = (text: string, label = 'in.yaml'): SourceText => new SourceText(label, text)

async function read(...texts: string[]): Promise<{ said: string[]; problems: string[] }> {
  const { catalog } = await openCatalog(OPTIONS)
  const { statements, diagnostics } = readNamespaces(texts.map((text, n) => source(text, `${n}`)), catalog, ({ label }) => label === '0')
  const said = [...statements].map(([name, { sidecars, diagnostics: later }]) =>
    [name, sidecars?.picks.map((pick) => pick.name).join() ?? '-', ...later.map(({ code }) => code)].join(' '))
  return { said, problems: diagnostics.map(({ code }) => code) }
}

describe('the Namespace objects of a run', () => {
  it.each<[string, string[], string[], string[]]>([
    ['one that selects a sidecar', [namespace('shop', ASKS)], ['shop logging'], []],
    ['one by a label', [namespace('shop', 'labels: {sidecarctl.dev/inject: metrics}')], ['shop metrics'], []],
    ['one with other annotations', [namespace('shop', 'annotations: {a: b}')], [], []],
    ['several, in documents', [`${namespace('a', ASKS)}---\n${namespace('b', ASKS)}---\n${namespace('c', 'labels: {a: b}')}`], ['a logging', 'b logging'], []],
    ['items of a list', [`apiVersion: v1\nkind: NamespaceList\nitems:\n- metadata: {name: a, ${ASKS}}\n`], ['a logging'], []],
    ['the last of two counts', [namespace('a', ASKS), namespace('a', ASKS.replace('logging', 'metrics'))], ['a metrics'], []],
    ['another kind', [namespace('a', ASKS).replace('kind: Namespace', 'kind: ConfigMap # Namespace')], [], []],
    ['the kind of another group', [namespace('a', ASKS).replace('v1', 'example.com/v1')], [], []],
    ['one without a name', [namespace('""', ASKS)], [], []],
    ['one that cannot be read', [`${namespace('a', ASKS)}---\n}: Namespace sidecarctl.dev/\n`], ['a logging'], []],
    ['an unknown sidecar', [namespace('a', ASKS.replace('logging', 'nothing'))], ['a '], ['ANNOTATION_UNKNOWN']],
    ['an unknown sidecar in a file that did not change', ['', namespace('a', ASKS.replace('logging', 'nothing'))], ['a  ANNOTATION_UNKNOWN'], []],
  ])('%s', async (_, texts, said, problems) => {
    expect(await read(...texts)).toEqual({ said, problems })
  })
})

table<string, string, boolean>('an input asks something of a namespace', (text) => asksOfNamespace(source(text)), [
  [namespace('a', ASKS), 'an annotation', true],
  [namespace('a', ASKS.replace('{', '{a: b, ')), 'one of several annotations', true],
  [namespace('a', 'labels: {sidecarctl.dev/inject: logging}'), 'a label', true],
  [namespace('a', 'annotations: {example.com/a: sidecarctl.dev/}'), 'a value', false],
  [namespace('a', 'labels: [sidecarctl.dev/]'), 'a list', false],
  [namespace('a', ASKS).replace('kind: Namespace', 'kind: Pod # Namespace'), 'another kind', false],
])
