import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { brief, config, validate } from './support.ts'

describe('documents, as kubectl reads them', () => {
  const cases: [name: string, text: string, expected: string[]][] = [
    ['nothing', '', []],
    ['comments and empty documents', '# a\n---\n\n---\nnull\n', []],
    ['several', `${config('a')}---\n# b\n---\n${config('c')}`, ['0 ConfigMap a: valid', '2 ConfigMap c: valid']],
    ['a bad one hides no other', `a: [\n---\n${config('b')}---\n- x\n---\n${config('c', ', dta: {}')}`, [
      '0 -: invalid', '  2:1 error YAML_SYNTAX',
      '1 ConfigMap b: valid',
      '2 -: invalid', '  5:1 error DOCUMENT_NOT_OBJECT',
      '3 ConfigMap c: invalid', '  7:56 error FIELD_UNKNOWN dta',
    ]],
    ['no kind', 'apiVersion: v1\n', ['0 -: invalid', '  1:1 error DOCUMENT_NO_KIND']],
    ['text behind ---', `${config('a')}--- !x\n${config('b')}`, [
      '0 ConfigMap a: valid', '1 -: invalid', '  2:1 error YAML_SYNTAX', '1 ConfigMap b: valid',
    ]],
    ['a comment behind ---', `--- # first\n${config('a')}`, ['0 ConfigMap a: valid']],
    ['text behind a document end', `${config('a')}...\n# x\n\na: [\n`, ['0 ConfigMap a: valid', '0 -: skipped', '  5:1 warning DOCUMENT_IGNORED']],
    ['no text behind a document end', `${config('a')}...\n# x\n...\n---\n${config('b')}...`, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
    ['a document behind a --- that a lone CR precedes', `${config('a').trimEnd()}\r---\n${config('b')}`, [
      '0 ConfigMap a: valid', '0 -: skipped', '  3:1 warning DOCUMENT_IGNORED',
    ]],
    ['one that a line separator precedes', `${config('a').trimEnd()}\u2028--- ${config('b')}`, [
      '0 ConfigMap a: valid', '0 -: skipped', '  1:60 warning DOCUMENT_IGNORED',
    ]],
    ['none behind a --- that a lone CR precedes', `${config('a').trimEnd()}\r---\n# x\n---\n${config('b')}`, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
    ['a directive', `# x\n%YAML 1.1\n---\n${config('a')}`, ['0 -: invalid', '  2:1 error YAML_SYNTAX', '0 ConfigMap a: valid']],
    ['a duplicate key', config('a', ', data: {x: a, x: b}'), ['0 ConfigMap a: valid', '  1:69 warning YAML_DUPLICATE_KEY']],
    ['JSON values in a row', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}\n', [
      '0 ConfigMap a: valid', '1 ConfigMap b: valid',
    ]],
    ['JSON with text behind it', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n# c\n\njunk: x\n', [
      '0 ConfigMap a: valid', '1 -: invalid', '  4:1 error DOCUMENT_NO_KIND',
    ]],
    ['JSON with a --- behind it that a lone CR precedes', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\r---\r{}\n', [
      '0 ConfigMap a: valid', '0 -: invalid', '  2:1 error YAML_SYNTAX',
    ]],
    ['JSON values in a row in a stream of YAML', '---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}\n', [
      '0 ConfigMap a: valid', '0 -: skipped', '  3:1 warning DOCUMENT_IGNORED',
    ]],
    ['text that is no JSON behind JSON in a stream of YAML', '---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n{}\u2029----\u2029{\n', [
      '0 ConfigMap a: valid', '0 -: skipped', '  3:1 warning DOCUMENT_IGNORED',
    ]],
    ['JSON with a comment behind it', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n# c\n', ['0 ConfigMap a: valid']],
    ['YAML that follows JSON behind a ---', '---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\nx: y\n', [
      '0 ConfigMap a: valid', '0 -: skipped', '  3:1 warning DOCUMENT_IGNORED',
    ]],
    ['a --- behind two values of JSON', `${'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}\n'.repeat(2)}---\n${config('b')}`, [
      '0 ConfigMap a: valid', '1 ConfigMap a: valid', '1 -: invalid', '  3:1 error YAML_SYNTAX', '2 ConfigMap b: valid',
    ]],
    ['an escape that only JSON has, behind a ---', `---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"x":"\\/"}}\n`, ['0 -: invalid', '  2:76 error YAML_SYNTAX']],
    ['a carriage return in the comment of the first ---', `--- # x\r${config('a')}`, ['0 ConfigMap a: valid']],
    ['NEL in the comment of the first ---', `--- # x\u0085${config('a')}`, ['0 ConfigMap a: valid']],
    ['a line separator in the comment of the first ---', `--- # x\u2028${config('a')}`, ['0 ConfigMap a: valid']],
    ['a no-break space in front of the comment of the first ---', `--- \u00a0# x\n${config('a')}`, ['0 -: invalid', '  1:1 error YAML_SYNTAX', '0 ConfigMap a: valid']],
    ['a tab before the first ---', `\t\n---\n${config('a')}`, ['0 -: invalid', '  1:1 error YAML_SYNTAX', '1 ConfigMap a: valid']],
    ['a no-break space before the first ---', `\u00a0\n---\n${config('a')}`, ['0 -: invalid', '  1:1 error DOCUMENT_NOT_OBJECT', '1 ConfigMap a: valid']],
    ['a byte order mark behind the first ---', `---\n\ufeffapiVersion: v1\nkind: ConfigMap\n`, ['0 -: invalid', '  2:1 error DOCUMENT_NO_KIND']],
    ['one behind another ---', `${config('a')}---\n\ufeff${config('b')}`, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
    ['two at the beginning, which are two before JSON', `\ufeff${config('a')}`, ['0 ConfigMap a: valid']],
    ['a tag with a handle of its own', `%TAG !e! tag:yaml.org,2002:\r---\rapiVersion: v1\rkind: !e!binary Q29uZmlnTWFw\rmetadata: {name: a}\n`, ['0 ConfigMap a: valid']],
    ['a directive with its --- behind a carriage return, and another document', `%TAG !e! tag:example.com:\r---\r${config('a')}---\n${config('b')}`, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
    ['a handle that stands for other tags', `%TAG !! tag:example.com:\r---\rapiVersion: v1\rkind: ConfigMap\rmetadata: {name: !!binary a}\n`, ['0 ConfigMap a: valid']],
    ['an empty document with a directive', `%TAG !e! tag:example.com:\r--- #\u2028\n---\n${config('b')}`, ['1 ConfigMap b: valid']],
    ['a tag with an escape that is no text', 'apiVersion: v1\nkind: !!%ffstr ConfigMap\n', ['0 -: invalid', '  2:7 error YAML_SYNTAX']],
    ['an unrendered template', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .x }}\n', ['0 -: invalid', '  4:9 error TEMPLATE_TEXT']],
    ['braces that are text to kubectl', 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  x: a{{ b }}\n  y: "{{ b }}"\n', [
      '0 ConfigMap a: valid', '  6:7 warning TEMPLATE_TEXT',
    ]],
    ['an alias without its anchor', 'a: *b\n', ['0 -: invalid', '  1:4 error YAML_ALIAS']],
    ['a null as a key', 'a: {~: b}\n', ['0 -: invalid', '  1:5 error YAML_UNSUPPORTED']],
  ]
  it.each(cases)('%s', async (_name, text, expected) => {
    expect(brief(await validate(text))).toEqual(expected)
  })

  it('a directive before a document is refused, whatever the document', async () => {
    expect(brief(await validate(`%YAML 1.2\n---\n# nothing\n`))).toEqual(['0 -: invalid', '  1:1 error YAML_SYNTAX'])
  })
})

const utf16 = (text: string): SourceText[] => [new SourceText('a.yaml', text, 'utf-16le', true)]

describe('UTF-16', () => {
  it.each<[string, string, string[]]>([
    ['one document', config('a'), ['0 ConfigMap a: valid']],
    ['one document after a comment', `# x\n---\n${config('a')}`, ['1 ConfigMap a: valid']],
    ['several documents', `${config('a', ', dta: {}')}---\n${config('b', ', dta: {}')}`, [
      '0 ConfigMap a: invalid', '  1:56 error FIELD_UNKNOWN dta', '1 ConfigMap b: invalid', '  3:56 error FIELD_UNKNOWN dta',
    ]],
    ['one and a separator', `${config('a')}---\n`, ['0 ConfigMap a: valid']],
    ['a directive before the first', `%YAML 1.1\n---\n${config('a')}`, ['0 -: invalid', '  1:1 error YAML_SYNTAX', '0 ConfigMap a: valid']],
    ['JSON', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}', ['0 ConfigMap a: valid']],
    ['nothing', '# x\n', []],
  ])('%s', async (_name, text, expected) => {
    expect(brief(await validate(utf16(text)))).toEqual(expected)
  })
})

const items = (text: string, head = 'apiVersion: v1\nkind: List\n'): string => `${head}items:\n${text}`

describe('JSON with documents after it', () => {
  const json = (name: string): string => `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${name}"}}\n`
  it.each<[string, string, number, string[]]>([
    ['is an error before 1.33', `${json('a')}---\n${config('b')}`, 32, ['0 ConfigMap a: valid', '1 -: invalid', '  3:1 error YAML_SYNTAX', '1 ConfigMap b: valid']],
    ['is read since', `${json('a')}---\n${config('b')}`, 33, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
    ['is an error behind several', `${json('a')}${json('b')}---\n${config('c')}`, 36, ['0 ConfigMap a: valid', '1 ConfigMap b: valid', '1 -: invalid', '  3:1 error YAML_SYNTAX', '2 ConfigMap c: valid']],
    ['is an error without a separator before 1.33', `${json('a')}${config('b')}---\n${config('c')}`, 32, ['0 ConfigMap a: valid', '1 -: invalid', '  2:1 error YAML_SYNTAX', '1 ConfigMap b: valid', '2 ConfigMap c: valid']],
    ['is read without a separator since', `${json('a')}${config('b')}---\n${config('c')}`, 36, ['0 ConfigMap a: valid', '1 ConfigMap b: valid', '2 ConfigMap c: valid']],
    ['is an error without a separator behind several', `${json('a')}${json('b')}${config('c')}`, 36, ['0 ConfigMap a: valid', '1 ConfigMap b: valid', '2 -: invalid', '  3:2 error YAML_SYNTAX']],
    ['is read where the stream is YAML', `---\n${json('a')}---\n${config('b')}`, 32, ['0 ConfigMap a: valid', '1 ConfigMap b: valid']],
  ])('%s', async (_name, text, minor, expected) => {
    expect(brief(await validate(text, { kubeVersion: { minor } }))).toEqual(expected)
  })
})

describe('lists', () => {
  it.each<[string, string, string[]]>([
    ['are taken apart', items(`- ${config('a')}- ${config('b', ', x: 1')}`), [
      '0 ConfigMap a: valid', '0 ConfigMap b: invalid', '  5:58 error FIELD_UNKNOWN x',
    ]],
    ['in lists', items(`- apiVersion: v1\n  kind: List\n  items:\n  - ${config('a')}- ${config('b')}`), ['0 -: invalid', '  4:3 error LIST_MALFORMED items[0]', '0 ConfigMap b: valid']],
    ['lend their kind to items without apiVersion', items('- {kind: ~, metadata: {name: a}}\n- {apiVersion: v1, metadata: {name: b}}\n- {kind: ConfigMap}\n', 'apiVersion: v1\nkind: ConfigMapList\n'), [
      '0 -: invalid', '  5:3 error LIST_MALFORMED items[1]', '  6:3 error LIST_MALFORMED items[2]', '0 ConfigMap a: valid',
    ]],
    ['lend their kind', items('- metadata: {name: a}\n  data: {x: 1}\n', 'apiVersion: v1\nkind: ConfigMapList\n'), [
      '0 ConfigMap a: invalid', '  5:13 error FIELD_TYPE data[x]',
    ]],
    ['without items', 'apiVersion: v1\nkind: List\n', ['0 List : invalid', '  2:7 error LIST_MALFORMED kind']],
    ['with no items', 'apiVersion: v1\nkind: List\nitems: []\n', ['0 -: invalid', '  1:1 error LIST_EMPTY']],
    ['of null', 'apiVersion: v1\nkind: List\nitems:\n', ['0 -: invalid', '  3:1 error LIST_MALFORMED items', '0 -: invalid', '  1:1 error LIST_EMPTY']],
    ['of null beside an object', `apiVersion: v1\nkind: List\nitems:\n---\n${config('a')}`, ['0 -: invalid', '  3:1 error LIST_MALFORMED items', '1 ConfigMap a: valid']],
    ['of one kind with an unknown field', items(`- ${config('a')}`, 'apiVersion: v1\nkind: ConfigMapList\nmetadata: {name: a}\n'), ['0 -: invalid', '  3:12 error FIELD_UNKNOWN metadata.name', '0 ConfigMap a: valid']],
    ['of any kind with an unknown field', items(`- ${config('a')}`, 'apiVersion: v1\nkind: List\nmetadata: {name: a}\n'), ['0 ConfigMap a: valid']],
    ['with no items beside an object', `apiVersion: v1\nkind: List\nitems: []\n---\n${config('a')}`, ['1 ConfigMap a: valid']],
    ['of an unknown kind', items(`- ${config('a')}`, 'apiVersion: v1\nkind: FooList\n'), ['0 -: invalid', '  1:13 error KIND_UNKNOWN apiVersion', '0 ConfigMap a: valid']],
    ['of an unknown kind with no items', `apiVersion: v1\nkind: FooList\nitems: []\n---\n${config('a')}`, ['0 -: invalid', '  1:13 error KIND_UNKNOWN apiVersion', '1 ConfigMap a: valid']],
    ['of a kind in another version', items(`- ${config('a')}`, 'apiVersion: v1\nkind: DeploymentList\n'), ['0 -: invalid', '  1:13 error KIND_UNKNOWN apiVersion', '0 ConfigMap a: valid']],
    ['of a version that is not served', items(`- ${config('a')}`, 'apiVersion: v2\nkind: List\n'), ['0 -: invalid', '  1:13 error KIND_UNKNOWN apiVersion', '0 ConfigMap a: valid']],
    ['of another version that is', items(`- ${config('a')}`, 'apiVersion: apps/v1\nkind: List\n'), ['0 ConfigMap a: valid']],
    ['that claim to be an object', items(`- ${config('a')}`, 'apiVersion: v1\nkind: Pod\n'), ['0 ConfigMap a: valid']],
    ['of a group of another project', items(`- ${config('a')}`, 'apiVersion: example.com/v1\nkind: FooList\n'), ['0 ConfigMap a: valid']],
    ['whose items lack a field that only OpenAPI requires', items('- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i, livenessProbe: {httpGet: {port: 1, httpHeaders: [{name: h}]}}}]}}\n'), [
      '0 Pod a: invalid', '  4:141 error FIELD_REQUIRED spec.containers[0].livenessProbe.httpGet.httpHeaders[0].value',
    ]],
    ['whose items have null in a map or list', items("- {apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: ~}, data: {x: ~}}\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: c, image: i, args: [~]}]}}\n"), [
      '0 ConfigMap a: invalid', '  4:79 error FIELD_TYPE data[x]', '0 Pod a: invalid', '  5:99 error FIELD_TYPE spec.containers[0].args[0]',
    ]],
    ['of one kind whose items have null in a map', items('- {metadata: {name: a}, data: {x: ~}}\n', 'apiVersion: v1\nkind: ConfigMapList\n'), ['0 ConfigMap a: invalid', '  4:35 error FIELD_TYPE data[x]']],
    ['of another version, which kubectl does not validate', items('- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: ~}}\n', 'apiVersion: apps/v1\nkind: List\n'), ['0 ConfigMap a: valid']],
    ['with a map for items', 'apiVersion: v1\nkind: List\nitems: {}\n', ['0 -: invalid', '  3:1 error LIST_MALFORMED items']],
    ['with an item that is no object', items(`- x\n- ${config('a')}- kind: Pod\n`), [
      '0 -: invalid', '  4:3 error LIST_MALFORMED items[0]', '  6:3 error LIST_MALFORMED items[2]', '0 ConfigMap a: valid',
    ]],
  ])('%s', async (_name, text, expected) => {
    expect(brief(await validate(text))).toEqual(expected)
  })

  it('of a group of another project need a definition where kinds must be known', async () => {
    const list = items(`- ${config('a')}`, 'apiVersion: example.com/v1\nkind: FooList\n')
    const spec = '{group: example.com, scope: Cluster, names: {plural: foos, kind: Foo}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]}'
    const definition = `{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: foos.example.com}, spec: ${spec}}\n`
    expect(brief(await validate(list, { strictKinds: true }))).toEqual(['0 -: invalid', '  2:7 error KIND_NOT_CHECKED kind', '0 ConfigMap a: valid'])
    const definitions = [new SourceText('crd.yaml', definition)]
    expect(brief(await validate(list, { strictKinds: true, definitions }))).toEqual(['0 ConfigMap a: valid'])
  })

  it('of kpt and kustomize need none, as they are no objects of a cluster', async () => {
    const list = items(`- ${config('a')}`, 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n')
    expect(brief(await validate(list, { strictKinds: true }))).toEqual(['0 ConfigMap a: valid'])
  })
})
