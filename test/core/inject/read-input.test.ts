import { expect, it } from 'vitest'
import { readInput } from '../../../src/core/inject/read-input.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const POD = 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}]}\n'
const FOREIGN = 'apiVersion: v1\nkind: ConfigMap\n'

/** What is found in an input: `workloads` in documents, and the codes of what is wrong, with line and column. */
function classify(text: string): { workloads: number; found: string[] } {
  const source = new SourceText('a', text)
  const { documents, diagnostics } = readInput(source)
  return {
    workloads: documents.reduce((n, d) => n + d.workloads.length, 0),
    found: diagnostics.map((d) => {
      const at = source.position(d.at?.range.start ?? -1)
      return `${at.line}:${at.column} ${d.code}${d.severity === 'warning' ? '~' : ''}`
    }),
  }
}

it.each<[string, string, number, string[]]>([
  ['nothing', '', 0, []],
  ['comments', '# a\n---\n# b\n', 0, []],
  ['a null', '~\n', 0, []],
  ['a workload', POD, 1, []],
  ['two', `${POD}---\n${POD}`, 2, []],
  ['a foreign one', FOREIGN, 0, []],
  ['a foreign one that is broken', `${FOREIGN}data: [\n---\n${POD}`, 1, []],
  ['a foreign one with twice the same key', `${FOREIGN}data: {a: b, a: c}\n`, 0, []],
  ['a foreign one with braces', `${FOREIGN}data: {{ x }}\n`, 0, []],
  ['a foreign one with a kind inside', `${FOREIGN}data:\n  kind: Pod\n  x: [\n`, 0, []],
  ['a foreign one that holds a manifest as text', `${FOREIGN}data:\n  x: |\n    kind: Pod\n    {{ y }}\n`, 0, []],
  ['a broken one of no kind', 'a: [\n', 0, ['2:1 YAML_SYNTAX']],
  ['a workload with conflict markers of git', `apiVersion: v1\n<<<<<<< HEAD\nkind: Pod\n=======\nkind: Job\n>>>>>>> b\n`, 0, ['2:1 YAML_SYNTAX']],
  ['a broken workload', `${POD}x: [\n`, 0, ['5:1 YAML_SYNTAX']],
  ['a kind in quotes', '"apiVersion": "v1"\n"kind": "Pod"\n', 1, []],
  ['a kind in escapes', 'apiVersion: v1\nkind: "\\x50od"\n', 1, []],
  ['a key in escapes', 'apiVersion: v1\n"k\\x69nd": Pod\n', 1, []],
  ['a kind behind an anchor', 'apiVersion: v1\nx: &k Pod\nkind: *k\n', 1, []],
  ['a kind from a merge', 'x: &m {kind: Pod}\napiVersion: v1\n<<: *m\n', 1, []],
  ['a kind on the next line', 'apiVersion: v1\nkind:\n  Pod\n', 1, []],
  ['a kind that is empty before it is a workload', 'apiVersion: v1\nkind:\nkind: Pod\n', 1, ['3:1 YAML_DUPLICATE_KEY~']],
  ['a word that ends with kind', 'apiVersion: v1\nkind: Mankind\n', 0, []],
  ['a kind with a tag', 'apiVersion: v1\nkind: !!str Pod\n', 1, []],
  ['JSON', '{"kind":"Pod","apiVersion":"v1"}', 1, []],
  ['a list', '- a\n', 0, ['1:1 DOCUMENT_NOT_OBJECT']],
  ['a scalar', 'a\n', 0, ['1:1 DOCUMENT_NOT_OBJECT']],
  ['no kind', 'apiVersion: v1\n', 0, ['1:1 DOCUMENT_NO_KIND']],
  ['no apiVersion', 'kind: Pod\n', 0, ['1:1 DOCUMENT_NO_KIND']],
  ['a template', 'apiVersion: v1\nkind: {{ .Kind }}\n', 0, ['2:7 TEMPLATE_TEXT']],
  ['a template without kind', '{{ include "x" . }}\n', 0, ['1:1 TEMPLATE_TEXT']],
  ['a template as plain text', `${POD}x: a{{ b }}\n`, 1, ['4:5 TEMPLATE_TEXT']],
  ['braces in quotes, blocks and comments', `${POD}a: "{{ b }}"\nc: '{{ d }}'\ne: |\n  {{ f }}\n# {{ g }}\n`, 1, []],
  ['the same key twice', `${POD}x: {a: b, a: c}\n`, 1, ['4:11 YAML_DUPLICATE_KEY~']],
  ['the same key twice on the way of an edit', 'apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a, env: [], env: []}]}\n', 1, ['3:40 YAML_DUPLICATE_KEY']],
  ['the same annotation twice', 'apiVersion: v1\nkind: Pod\nmetadata: {annotations: {a: b, a: c}}\n', 1, ['3:32 YAML_DUPLICATE_KEY']],
  ['the same field of a container twice, which nobody edits', 'apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a, image: b}]}\n', 1, ['3:32 YAML_DUPLICATE_KEY~']],
  ['null in a list with a workload', 'apiVersion: v1\nkind: List\nitems: [null, {apiVersion: v1, kind: Pod}]\n', 1, ['3:9 LIST_MALFORMED']],
  ['the same key as number and text', `${POD}x: {1: b, "1": c}\n`, 1, ['4:11 YAML_DUPLICATE_KEY~']],
  ['text behind a marker', `# a\n--- x\n${POD}`, 1, ['2:1 YAML_SYNTAX']],
  ['text behind the marker of a foreign one', `# a\n--- x\n${FOREIGN}`, 0, []],
  ['a value that is no JSON', `${POD}x: .nan\n`, 0, ['4:4 YAML_UNSUPPORTED']],
])('%s', (_, text, workloads, found) => {
  expect(classify(text)).toEqual({ workloads, found })
})
