/** Where an entry of a collection begins and ends, and whether a comma right behind it would be read as part of it. */
import type { MapNode, SeqNode } from '../../../../src/core/yaml/read/node.ts'
import { entrySpan, pairSpan } from '../../../../src/core/yaml/edit/entry-span.ts'
import { table } from '../../../helpers/table.ts'
import { readDocument } from './editing.ts'

/** The entries of the document's collection, each as its text; an open one with `…` behind it. */
function spans(text: string): string[] {
  const root = readDocument(text).root as MapNode | SeqNode
  const spans = root.type === 'map' ? root.pairs.map(pairSpan) : root.items.map(entrySpan)
  return spans.map(({ start, end, isOpen }) => text.slice(start, end) + (isOpen ? '…' : ''))
}

table<string, string, string[]>('an entry begins with its anchor or tag, and ends with its value', spans, [
  ['[a, b]', 'items', ['a', 'b']],
  ['[&x a, !!str b]', 'items', ['&x a', '!!str b']],
  ['- a\n- b: 1\n  c: 2 # why\n', 'items', ['a', 'b: 1\n  c: 2']],
  ['{a: 1, b: [2]}', 'pairs', ['a: 1', 'b: [2]']],
  ['a: 1 # why\nb:\n  c: 2\n', 'pairs', ['a: 1', 'b:\n  c: 2']],
  ['? a\n: 1\n? b\n', 'pairs', ['? a\n: 1', '? b'], 'a question mark belongs to it'],
  ['{a, b: 1}', 'pairs', ['a', 'b: 1'], 'a key without a colon ends with the key'],
])

table<string, string, string[]>('an entry is open where it ends with a colon or a tag', spans, [
  ['{a: , b: }', 'pairs', ['a:…', 'b:…']],
  ['{"a":}', 'pairs', ['"a":…']],
  ['a:\nb: 1\n', 'pairs', ['a:…', 'b: 1']],
  ['{a: !!str , b: !!str x}', 'pairs', ['a: !!str…', 'b: !!str x']],
  ['[!!str , x]', 'items', ['!!str…', 'x']],
  ['[&x , x]', 'items', ['&x…', 'x'], 'an anchor, too'],
  ['{!!str , b: 1}', 'pairs', ['!!str…', 'b: 1'], 'a key that is a tag alone'],
  ['[a: , b: 1]', 'items', ['a:…', 'b: 1'], 'a map without braces is as open as its last pair'],
  ['[{a: }, []]', 'items', ['{a: }…', '[]'], 'a map with braces is taken for one, which costs a blank at most'],
  ['[""]', 'items', ['""']],
  ['- a:\n- b\n', 'items', ['a:', 'b'], 'in block style nothing follows on the line'],
])
