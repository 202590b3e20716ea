/** Whole documents that come with a sidecar, and leave with it: where they go in the text, and what goes with them. */
import type { JsonObject } from '../../../src/core/json/json.ts'
import { cutDocument, insertDocument, replaceDocument, surroundingsOf, type Surroundings } from '../../../src/core/patch/document-insert.ts'
import { DocumentEditor } from '../../../src/core/patch/document-editor.ts'
import { applyEdits } from '../../../src/core/text/edit.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments, type YamlDocument } from '../../../src/core/yaml/read/split.ts'
import { EditLayoutError } from '../../../src/core/yaml/edit/edit-error.ts'
import { table, type Row } from '../../helpers/table.ts'
import { visible } from '../../helpers/yaml-text.ts'

interface File {
  text: string
  /** Documents that hold something, by the index they have among all. */
  docs: Map<number, YamlDocument>
  editor: DocumentEditor
  around: Surroundings
}

function opened(text: string): File {
  let shift = 0
  const sections = splitDocuments(new SourceText('in.yaml', text)).map((raw) => {
    const docs = readRawDocument({ ...raw, index: raw.index + shift }) as YamlDocument[]
    shift += docs.length - 1
    return docs.filter(({ root }) => root !== undefined)
  })
  const docs = new Map(sections.flat().map((doc) => [doc.index, doc]))
  return { text, docs, editor: new DocumentEditor([...docs.values()][0] as YamlDocument), around: surroundingsOf(text, sections) }
}

const NEW: JsonObject = { kind: 'New', data: { a: 'b' } }

/** The text after a document went behind the one with that index. */
const inserted = (text: string, index: number): string => after(text, ({ docs, editor, around }) => { insertDocument(editor, docs.get(index) as YamlDocument, NEW, around) })
const replaced = (text: string, index: number): string => after(text, ({ docs, editor, around }) => { replaceDocument(editor, docs.get(index) as YamlDocument, NEW, around) })
const cut = (text: string, index: number): string => after(text, ({ docs, editor, around }) => { cutDocument(editor, docs.get(index) as YamlDocument, around) })

function after(text: string, work: (file: File) => void): string {
  const file = opened(text)
  try {
    work(file)
  } catch (error) {
    if (error instanceof EditLayoutError) return `refused at ${error.offset}: ${error.message}; ${error.hint}`
    throw error
  }
  return visible(applyEdits(text, file.editor.edits()))
}
type TextRow = Row<string, number, string>
const B = 'kind: New\ndata:\n  a: b\n'

table('a document goes right behind its workload', inserted, [
  ['kind: A\n', 0, `kind: A\n---\n${B}`],
  ['kind: A', 0, `kind: A\n---\n${B.trimEnd()}`, 'without a final line break the file gets none'],
  ['kind: A\n---\nkind: B\n', 0, `kind: A\n---\n${B}---\nkind: B\n`],
  ['kind: A\n---\nkind: B\n', 1, `kind: A\n---\nkind: B\n---\n${B}`],
  ['kind: A\n# about A\n---\nkind: B\n', 0, `kind: A\n# about A\n---\n${B}---\nkind: B\n`, 'behind the comments that follow'],
  ['---\nkind: A\n', 0, `---\nkind: A\n---\n${B}`],
  ['kind: A\n---\n', 0, `kind: A\n---\n${B}---\n`],
  ['kind: A\r\n', 0, `kind: A␍\n---␍\nkind: New␍\ndata:␍\n  a: b␍\n`],
  ['kind: A\ndata:\n    c: d\n', 0, 'kind: A\ndata:\n    c: d\n---\nkind: New\ndata:\n    a: b\n', 'laid out as its workload is'],
  ['{"kind": "A"}\n---\nkind: B\n', 0, '{"kind": "A"}\n---\n{"kind":"New","data":{"a":"b"}}\n---\nkind: B\n', 'JSON behind JSON'],
  ['{\n  "kind": "A"\n}\n---\nkind: B\n', 0, '{\n  "kind": "A"\n}\n---\n{\n  "kind": "New",\n  "data": {\n    "a": "b"\n  }\n}\n---\nkind: B\n'],
  ['{"kind": "A"}\n---\n{\n  "kind": "B"\n}\n', 1, '{"kind": "A"}\n---\n{\n  "kind": "B"\n}\n---\n{\n  "kind": "New",\n  "data": {\n    "a": "b"\n  }\n}\n'],
  ['{"a": {\n  "b": 1}}\n---\nkind: B\n', 0, '{"a": {\n  "b": 1}}\n---\n{"kind":"New","data":{"a":"b"}}\n---\nkind: B\n', 'on one line where its first entry is on that of the brace'],
  ['{ \t\n "kind": "A"}\n---\nkind: B\n', 0, '{ \t\n "kind": "A"}\n---\n{\n "kind": "New",\n "data": {\n  "a": "b"\n }\n}\n---\nkind: B\n'],
  ['kind: A\r', 0, 'refused at 7: the file ends with CR, after which no document can start; end the file with LF'],
] satisfies TextRow[])

table('in a stream of JSON an object goes behind its workload as a further value', inserted, [
  ['{"kind": "A"}', 0, '{"kind": "A"}\n{"kind":"New","data":{"a":"b"}}'],
  ['{"kind": "A"}\n{"kind": "B"}\n', 0, '{"kind": "A"}\n{"kind":"New","data":{"a":"b"}}\n{"kind": "B"}\n'],
  ['{"kind": "A"}\r\n', 0, '{"kind": "A"}␍\n{"kind":"New","data":{"a":"b"}}␍\n'],
  ['{"kind": "A"} # about A\n', 0, '{"kind": "A"} # about A\n---\n{"kind":"New","data":{"a":"b"}}\n', 'no comment may follow two values'],
  ['{\r\n\t"kind": "A"\r\n}\r\n', 0, '{␍\n\t"kind": "A"␍\n}␍\n{␍\n\t"kind": "New",␍\n\t"data": {␍\n\t\t"a": "b"␍\n\t}␍\n}␍\n'],
  ['{"kind": "A"}{"kind": "B"}\n---\n{"kind": "C"}\n', 0, '{"kind": "A"}{"kind": "B"}\n---\n{"kind":"New","data":{"a":"b"}}\n---\n{"kind": "C"}\n', 'with a separator in the file, behind the stream'],
] satisfies TextRow[])

table('a document of ours gives way to its new version, and comments around it stay', replaced, [
  ['kind: A\n---\n# about\nkind: Old\ndata: {}\n# end\n', 1, `kind: A\n---\n# about\n${B}# end\n`],
  ['kind: Old', 0, B.trimEnd()],
  ['kind: Old\r\n# end\r\n', 0, 'kind: New␍\ndata:␍\n  a: b␍\n# end␍\n'],
  ['kind: Old\ntext: |\n  x\n', 0, B, 'one that ends with a text and its line break'],
  ['kind: Old\r\ntext: |\r\n  x\r\n', 0, 'kind: New␍\ndata:␍\n  a: b␍\n'],
  ['&it {kind: Old}\n', 0, B],
  ['kind: Old\ntext: |+\n  x\n\n---\nkind: B\n', 0, `${B}---\nkind: B\n`, 'with the empty lines that belong to a text'],
  ['kind: Old\r\ntext: |+\r\n  x\r\n\r\n---\r\nkind: B\r\n', 0, 'kind: New␍\ndata:␍\n  a: b␍\n---␍\nkind: B␍\n'],
  ['kind: Old\ntext: |+\n  x\n\n', 0, B],
  ['kind: Old\ntext: |+\n  x', 0, B.trimEnd()],
  ['{"kind": "Old"}\n', 0, '{"kind":"New","data":{"a":"b"}}\n'],
] satisfies TextRow[])

table('a document leaves with its separator', cut, [
  ['kind: A\n---\nkind: Old\n', 1, 'kind: A\n'],
  ['kind: A\n---\nkind: Old\n---\nkind: B\n', 1, 'kind: A\n---\nkind: B\n'],
  ['kind: A\n---\nkind: Old', 1, 'kind: A', 'a file without a final line break has none then'],
  ['kind: Old\n---\nkind: B\n', 0, '---\nkind: B\n', 'the first has none before it'],
  ['---\nkind: Old\n---\nkind: B\n', 0, '---\nkind: B\n'],
  ['kind: A\r\n---\r\nkind: Old\r\n', 1, 'kind: A␍\n'],
  ['kind: A\n---  \nkind: Old\n', 1, 'kind: A\n'],
  ['# top\nkind: A\n---\n\nkind: Old\n\n---\nkind: B\n# end\n', 1, '# top\nkind: A\n---\nkind: B\n# end\n', 'with the empty lines around it'],
  ['\nkind: Old\n\n---\nkind: B\n', 0, '---\nkind: B\n'],
] satisfies TextRow[])

table('comments around it stay, with the document before', cut, [
  ['kind: A\n---\n# about\nkind: Old\n', 1, 'kind: A\n# about\n'],
  ['kind: A\n---\nkind: Old\n# end\n', 1, 'kind: A\n# end\n'],
  ['kind: A\n---\nkind: Old\n  # end\n', 1, 'kind: A\n  # end\n'],
  ['kind: A\n---\n# about\nkind: Old', 1, 'kind: A\n# about'],
  ['kind: A\n---\nkind: Old # gone with it\n', 1, 'kind: A\n'],
  ['# top\nkind: Old\n---\nkind: B\n', 0, '# top\n---\nkind: B\n'],
  ['kind: A\n---\n  # about\nkind: Old\n---\nkind: B\n', 1, 'kind: A\n  # about\n---\nkind: B\n'],
  ['kind: A\n---\nkind: Old\ntext: |\n  # no comment\n---\nkind: B\n', 1, 'kind: A\n---\nkind: B\n'],
  ['kind: Old\ntext: |\n  x\n', 0, ''],
] satisfies TextRow[])

table('a value of a stream of JSON leaves with the space to its neighbour', cut, [
  ['{"kind": "A"}\n{"kind": "Old"}\n', 1, '{"kind": "A"}\n'],
  ['{"kind": "A"}\n{"kind": "Old"}\n{"kind": "B"}\n', 1, '{"kind": "A"}\n{"kind": "B"}\n'],
  ['{"kind": "Old"}\n{"kind": "B"}\n', 0, '{"kind": "B"}\n'],
  ['{"kind": "Old"} {"kind": "B"}\n', 0, '{"kind": "B"}\n'],
  ['{"kind": "Old"}\n', 0, ''],
] satisfies TextRow[])
