/** From changes to a pod template to its text: the editor of one document, and what it finds at a path. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { ItemPlace } from '../../../src/core/field-path/item-place.ts'
import type { PatchOp, PlaceOf } from '../../../src/core/field-path/patch-op.ts'
import { DocumentEditor } from '../../../src/core/patch/document-editor.ts'
import { applyEdits } from '../../../src/core/text/edit.ts'
import { EditLayoutError, EditError } from '../../../src/core/yaml/edit/edit-error.ts'
import { table, type Row } from '../../helpers/table.ts'
import { visible, yaml } from '../../helpers/yaml-text.ts'
import { readDocument } from '../yaml/edit/editing.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const insert = (address: string, value: Json, place: ItemPlace = 'last'): PatchOp => ({ type: 'insert', address: at(address), value, place })
const replace = (address: string, value: Json): PatchOp => ({ type: 'replace', address: at(address), value })
const remove = (address: string): PatchOp => ({ type: 'remove', address: at(address) })
const restore = (address: string, text: string): PatchOp => ({ type: 'restore', address: at(address), text })

/** Items of ours, each as its address, which are all put first. */
const placeOf = (ours: readonly string[]): PlaceOf => (address) => (ours.some((one) => JSON.stringify(at(one)) === JSON.stringify(address)) ? 'first' : undefined)

/** The text of a document that is a pod template itself, with changes; `ours` are the addresses of what we put in. */
function planned(before: string, [changes, ours = []]: readonly [PatchOp[], string[]?]): string {
  const doc = readDocument(before)
  const editor = new DocumentEditor(doc)
  try {
    editor.plan([], doc.data as JsonObject, changes, placeOf(ours))
  } catch (error) {
    if (error instanceof EditError) return `refused: ${error.message}${error instanceof EditLayoutError ? `; ${error.hint}` : ''}`
    throw error
  }
  const after = applyEdits(before, editor.edits())
  readDocument(after)
  return visible(after)
}
type PlanRow = Row<string, readonly [PatchOp[], string[]?], string>
const rows = (rule: string, list: readonly PlanRow[]): void => { table(rule, planned, list) }

rows('new things go into the closest map or list that is there, and what is missing on the way is made once', [
  [yaml`
    spec:
      containers:
      - name: app
  `, [[insert('spec.volumes[v]', { name: 'v' }), insert('spec.volumes[w]', { name: 'w' })]], yaml`
    spec:
      containers:
      - name: app
      volumes:
      - name: v
      - name: w
  `],
  [yaml`
    spec:
      containers:
      - name: app
  `, [[insert('spec.containers[app].env[A]', { name: 'A' }), insert('spec.containers[side]', { name: 'side' })]], yaml`
    spec:
      containers:
      - name: app
        env:
        - name: A
      - name: side
  `],
  [yaml`
    spec:
      volumes: # none
  `, [[insert('spec.volumes[v]', { name: 'v' })]], yaml`
    spec:
      volumes: # none
      - name: v
  `, 'a key without a value is filled'],
  [yaml`
    spec: {}
  `, [[insert('spec.volumes[v]', { name: 'v' })]], yaml`
    spec: {volumes: [{name: v}]}
  `, 'an empty map takes it between its braces'],
  [yaml`
    spec:
      a: 1
  `, [[insert('metadata.annotations[a/b]', 'c')]], yaml`
    spec:
      a: 1
    metadata:
      annotations:
        a/b: c
  `, 'the document\'s own metadata goes last'],
  ['# top\nspec:\n  a: 1\n', [[insert('metadata.labels.a', 'b')]], '# top\nspec:\n  a: 1\nmetadata:\n  labels:\n    a: b\n'],
  ['{"spec":{"a":1}}', [[insert('metadata.labels.a', 'b')]], '{"spec":{"a":1},"metadata":{"labels":{"a":"b"}}}'],
])

rows('what is to come first goes before the user\'s own, behind what of ours is there', [
  [yaml`
    spec:
      initContainers:
      - name: users
  `, [[insert('spec.initContainers[a]', { name: 'a' }, 'first'), insert('spec.initContainers[b]', { name: 'b' }, 'first')]], yaml`
    spec:
      initContainers:
      - name: a
      - name: b
      - name: users
  `],
  [yaml`
    spec:
      initContainers:
      - name: ours
      - name: users
  `, [[insert('spec.initContainers[a]', { name: 'a' }, 'first')], ['spec.initContainers[ours]']], yaml`
    spec:
      initContainers:
      - name: ours
      - name: a
      - name: users
  `],
  [yaml`
    spec:
      initContainers:
      - name: ours
      - name: users
  `, [[insert('spec.initContainers[a]', { name: 'a' }, 'first'), insert('spec.initContainers[z]', { name: 'z' }), remove('spec.initContainers[ours]')], ['spec.initContainers[ours]']], yaml`
    spec:
      initContainers:
      - name: a
      - name: users
      - name: z
  `, 'one that goes is none of them'],
  [yaml`
    spec:
      containers: []
  `, [[insert('spec.initContainers[z]', { name: 'z' }), insert('spec.initContainers[a]', { name: 'a' }, 'first')]], yaml`
    spec:
      containers: []
      initContainers:
      - name: a
      - name: z
  `, 'in a list that is made, too'],
])

rows('what is all of a list or map leaves it empty, or gives way to others', [
  [yaml`
    spec:
      volumes:
      - name: v
      other: 1
  `, [[remove('spec.volumes[v]')]], yaml`
    spec:
      volumes: []
      other: 1
  `],
  [yaml`
    spec:
      volumes:
      - name: v
      other: 1
  `, [[remove('spec.volumes[v]'), insert('spec.volumes[w]', { name: 'w' })]], yaml`
    spec:
      volumes:
      - name: w
      other: 1
  `],
  ['spec: {volumes: [{name: v}]}\n', [[remove('spec.volumes[v]'), insert('spec.volumes[w]', { name: 'w' }), insert('spec.volumes[a]', { name: 'a' }, 'first')]], 'spec: {volumes: [{name: a}, {name: w}]}\n'],
  ['spec: {volumes: [{name: v}]}\n', [[remove('spec.volumes[v]')]], 'spec: {volumes: []}\n'],
  ['spec: {volumes: [{name: v}, {name: w}]}\n', [[remove('spec.volumes[v]'), insert('spec.volumes[x]', { name: 'x' })]], 'spec: {volumes: [{name: w}, {name: x}]}\n'],
  [yaml`
    metadata:
      labels:
        a: b
    spec: 1
  `, [[remove('metadata.labels.a')]], yaml`
    metadata:
      labels: {}
    spec: 1
  `],
  [yaml`
    metadata:
      labels:
        a: b
    spec: 1
  `, [[remove('metadata.labels.a'), insert('metadata.labels.c', 'd')]], yaml`
    metadata:
      labels:
        c: d
    spec: 1
  `],
  ['metadata: {labels: {a: b}}\n', [[remove('metadata.labels.a'), insert('metadata.labels.c', 'd')]], 'metadata: {labels: {c: d}}\n'],
  ['metadata: {labels: {a: b, e: f}}\n', [[remove('metadata.labels.a'), insert('metadata.labels.c', 'd')]], 'metadata: {labels: {e: f, c: d}}\n'],
  ['metadata: {labels: {a: b}}\n', [[remove('metadata.labels.a')]], 'metadata: {labels: {}}\n'],
  ['spec:\n  volumes: []\n', [[insert('spec.volumes[v]', { name: 'v' })]], 'spec:\n  volumes: [{name: v}]\n', 'an empty one takes them as it is'],
  ['spec: {volumes: [{name: v}, {name: w}]}\n', [[remove('spec.volumes[w]')]], 'spec: {volumes: [{name: v}]}\n'],
  ['metadata: {labels: {a: b, c: d}}\n', [[remove('metadata.labels.c')]], 'metadata: {labels: {a: b}}\n'],
  [yaml`
    spec:
      volumes: [
        {name: v}, # one
        {name: w} # two
      ]
  `, [[remove('spec.volumes[v]'), remove('spec.volumes[w]')]], yaml`
    spec:
      volumes: [
         # one # two
      ]
  `],
])

rows('what comes to the end of a list or map between brackets takes the place of what goes there', [
  ['spec: {volumes: [{name: v},  {name: w}]}\n', [[remove('spec.volumes[w]'), insert('spec.volumes[x]', { name: 'x' })]], 'spec: {volumes: [{name: v},  {name: x}]}\n'],
  ['spec: {volumes: [{name: u},  {name: v}, {name: w} ]}\n', [[remove('spec.volumes[v]'), remove('spec.volumes[w]'), insert('spec.volumes[x]', { name: 'x' })]], 'spec: {volumes: [{name: u},  {name: x} ]}\n'],
  ['metadata: {labels: {a: b,  c: d}}\n', [[remove('metadata.labels.c'), insert('metadata.labels.e', 'f')]], 'metadata: {labels: {a: b,  e: f}}\n'],
  ['metadata: {labels: {a: b,  c: d}}\n', [[remove('metadata.labels.a'), insert('metadata.labels.e', 'f')]], 'metadata: {labels: {c: d, e: f}}\n', 'not of what goes before it'],
  ['spec:\n  volumes:\n  - name: v\n  - name: w\n', [[remove('spec.volumes[w]'), insert('spec.volumes[x]', { name: 'x' })]], 'spec:\n  volumes:\n  - name: v\n  - name: x\n', 'in lines there is no need to'],
  [yaml`
    spec:
      volumes: [
        {name: v}, # one
        {name: w} # two
      ]
  `, [[remove('spec.volumes[v]'), remove('spec.volumes[w]'), insert('spec.volumes[x]', { name: 'x' })]], yaml`
    spec:
      volumes: [
        {name: x} # one # two
      ]
  `, 'with the comments of all that goes'],
  [yaml`
    metadata:
      labels: {
        a: b, # one
        c: d # two
      }
  `, [[remove('metadata.labels.a'), remove('metadata.labels.c'), insert('metadata.labels.e', 'f')]], yaml`
    metadata:
      labels: {
        e: f # one # two
      }
  `],
])

rows('values are replaced and restored in their place', [
  ['spec:\n  a: 0x1 # why\n', [[replace('spec.a', 2)]], 'spec:\n  a: 2 # why\n'],
  ['spec:\n  volumes:\n  - name: v # why\n    x: 1\n', [[replace('spec.volumes[v]', { name: 'v', x: 2 })]], 'spec:\n  volumes:\n  - name: v # why\n    x: 2\n'],
  ['spec:\n  volumes: # why\n  - name: v\n', [[restore('spec.volumes', ' ~')]], 'spec:\n  volumes: ~ # why\n'],
  ['spec:\n  a: 45 # why\n', [[restore('spec.a', ' 30')]], 'spec:\n  a: 30 # why\n'],
  ['spec: {volumes: [{name: v}]}\n', [[restore('spec.volumes', ' null')]], 'spec: {volumes: null}\n'],
  ['spec:\n  a:\n    # note\n    b: 1\n', [[restore('spec.a', ' ~')]], 'spec:\n  a: ~\n    # note\n', 'comments inside stay'],
  ['spec:\n  containers:\n  - name: a\n    volumeMounts:\n    - {name: x, mountPath: /x}\n    - {name: y, mountPath: /y} # why\n', [[replace('spec.containers[a].volumeMounts', [{ name: 'z', mountPath: '/y' }])]],
    'spec:\n  containers:\n  - name: a\n    volumeMounts:\n    - {name: z, mountPath: /y} # why\n', 'items are known by what identifies them in their list'],
  ['b: &it [1]\nspec:\n  volumes:\n  - {name: v}\n', [[restore('spec.volumes[v]', ' *it')]], 'b: &it [1]\nspec:\n  volumes:\n  - *it\n'],
])

rows('a record is folded below its key, so that git can merge changes of two that are neighbours', [
  ['metadata:\n  annotations:\n    a: b\n', [[insert('metadata.annotations[injected.sidecarctl.dev/a]', '{"own":{}}'), insert('metadata.annotations[injected.sidecarctl.dev/b]', '{}'), insert('metadata.annotations[example.com/c]', '{}')]],
    'metadata:\n  annotations:\n    a: b\n    injected.sidecarctl.dev/a: >-\n      {"own":{}}\n    injected.sidecarctl.dev/b: >-\n      {}\n    example.com/c: "{}"\n'],
  ['spec:\n  a: 1\n', [[insert('metadata.annotations[injected.sidecarctl.dev/a]', '{}')]], 'spec:\n  a: 1\nmetadata:\n  annotations:\n    injected.sidecarctl.dev/a: >-\n      {}\n', 'in metadata that is made for it'],
  ['spec:\n  a: 1\nmetadata: {annotations: {a: b}}\n', [[insert('metadata.annotations[injected.sidecarctl.dev/a]', '{}')]], 'spec:\n  a: 1\nmetadata: {annotations: {a: b, injected.sidecarctl.dev/a: "{}"}}\n', 'not in flow style'],
  ['metadata:\n  annotations:\n    injected.sidecarctl.dev/a: \'{"own":{}}\' # why\n', [[replace('metadata.annotations[injected.sidecarctl.dev/a]', '{}')]], 'metadata:\n  annotations:\n    injected.sidecarctl.dev/a: >- # why\n      {}\n', 'where it is replaced'],
  ['metadata:\n  annotations:\n    injected.sidecarctl.dev/a: \'{"own":{}}\'\n    injected.sidecarctl.dev/b: \'{}\'\n      # deep\n', [[replace('metadata.annotations[injected.sidecarctl.dev/a]', '{}'), remove('metadata.annotations[injected.sidecarctl.dev/b]')]],
    'metadata:\n  annotations:\n    injected.sidecarctl.dev/a: "{}"\n      # deep\n', 'but not where a comment would become a part of it'],
])

rows('metadata that is made goes before the spec, above which people look for it', [
  ['kind: List\nitems:\n- spec:\n    a: 1\n', [[]], 'kind: List\nitems:\n- spec:\n    a: 1\n', 'without changes nothing happens'],
])

describe('in a template inside of the document', () => {
  it('new metadata goes in front of the spec', () => {
    const text = 'spec:\n  template:\n    spec:\n      a: 1\n'
    const doc = readDocument(text)
    const editor = new DocumentEditor(doc)
    editor.plan(['spec', 'template'], { spec: { a: 1 } }, [insert('metadata.labels.a', 'b'), insert('other', 1)], () => undefined)
    expect(applyEdits(text, editor.edits())).toBe('spec:\n  template:\n    metadata:\n      labels:\n        a: b\n    spec:\n      a: 1\n    other: 1\n')
  })

  it('new metadata goes last where the first key shares the line of a dash', () => {
    const text = 'items:\n- kind: A\n- spec:\n    a: 1\n  other: 1\n'
    const editor = new DocumentEditor(readDocument(text))
    editor.plan(['items', 1], { spec: { a: 1 }, other: 1 }, [insert('metadata.labels.a', 'b')], () => undefined)
    expect(applyEdits(text, editor.edits())).toBe('items:\n- kind: A\n- spec:\n    a: 1\n  other: 1\n  metadata:\n    labels:\n      a: b\n')
  })
})

/** The texts of a list of `u`, `v` and `w`, in whatever style, as spec.initContainers of a pod template. */
const LISTS: readonly (readonly [string, string])[] = [
  ['block', 'spec:\n  initContainers:\n  - name: u\n    image: a\n  - name: v\n  - name: w\n  containers: []\n'],
  ['indented block at the end of a file without a last break', 'spec:\n  initContainers:\n    - name: u\n    - name: v\n    - name: w'],
  ['a dash on its own line', 'spec:\n  initContainers:\n  -\n    name: u\n  -\n    name: v\n  -\n    name: w\n'],
  ['comments above items, beside them and below the last', 'spec:\n  initContainers: # all\n  # about u\n  - name: u # u\n  # about v\n\n  - name: v # v\n    # in v\n    image: a\n  # about w\n  - name: w\n  # the end\n  containers: []\n'],
  ['blank lines between items', 'spec:\n  initContainers:\n\n  - name: u\n\n  - name: v\n\n  - name: w\n\n  containers: []\n'],
  ['a block scalar at the end of an item', 'spec:\n  initContainers:\n  - name: u\n    args:\n    - |\n      x\n\n  - name: v\n    args: [a]\n  - name: w\n    args:\n    - >-\n      # x\n'],
  ['Windows line ends', 'spec:\r\n  initContainers:\r\n  # about u\r\n  - name: u\r\n  - name: v\r\n  - name: w\r\n'],
  ['anchors and tags', 'spec:\n  initContainers: &all\n  - &u\n    name: u\n  - !!map {name: v}\n  - name: w\n    env: &e []\n'],
  ['flow on one line', 'spec: {initContainers: [{name: u}, {name: v}, {name: w}], containers: []}\n'],
  ['flow with a last comma', 'spec:\n  initContainers: [ {name: u}, {name: v}, {name: w}, ]\n'],
  ['flow with a line for each item and comments', 'spec:\n  initContainers: [\n    {name: u}, # u\n    # about v\n    {name: v}, # v\n    {name: w} # w\n  ] # all\n'],
  ['flow items in a block list', 'spec:\n  initContainers:\n  - {name: u} # u\n  - {name: v}\n  - {name: w}\n'],
  ['JSON on one line', '{"spec":{"initContainers":[{"name":"u"},{"name":"v"},{"name":"w"}],"containers":[]}}'],
  ['JSON in lines', '{\n  "spec": {\n    "initContainers": [\n      {\n        "name": "u"\n      },\n      {\n        "name": "v"\n      },\n      {\n        "name": "w"\n      }\n    ]\n  }\n}\n'],
  ['JSON with a line for each item', '{"spec": {\n\t"initContainers": [\n\t\t{"name": "u"},\n\t\t{"name": "v"},\n\t\t{"name": "w"}\n\t]\n}}\n'],
]
const PLACES: readonly [ItemPlace, string][] = [
  ['first', 'a b u v w'], ['before:u', 'a b u v w'], ['after:u', 'u a b v w'], ['before:v', 'u a b v w'], ['after:v', 'u v a b w'], ['before:w', 'u v a b w'], ['after:w', 'u v w a b'], ['last', 'u v w a b'],
]

describe('items go into the middle of a list in any style, and out again without a trace', () => {
  const apply = (text: string, changes: readonly PatchOp[], places: PlaceOf): string => {
    const doc = readDocument(text)
    const editor = new DocumentEditor(doc)
    editor.plan([], doc.data as JsonObject, changes, places)
    return applyEdits(text, editor.edits())
  }
  const namesIn = (text: string): string =>
    (readDocument(text).data as { spec: { initContainers: { name: string }[] } }).spec.initContainers.map(({ name }) => name).join(' ')
  const [a, b] = [{ name: 'a', image: 'x:1', command: ['sh', '-c', 'a\nb\n'] }, { name: 'b' }]
  const both = (place: ItemPlace): PatchOp[] => [insert('spec.initContainers[a]', a, place), insert('spec.initContainers[b]', b, place)]
  const out = [remove('spec.initContainers[a]'), remove('spec.initContainers[b]')]

  for (const [style, text] of LISTS) {
    it.each(PLACES)(`${style}: %s`, (place, names) => {
      const injected = apply(text, both(place), () => undefined)
      expect(namesIn(injected)).toBe(names)
      expect(apply(injected, out, () => undefined)).toBe(text)
    })

    it.each(['first', 'after:u', 'before:w', 'last'] as const)(`${style}: from %s to all others`, (from) => {
      const injected = apply(text, both(from), () => undefined)
      const places: PlaceOf = (address) => (['a', 'b'].includes((address.at(-1) as { id: string }).id) ? from : undefined)
      for (const [to, names] of PLACES) {
        const moved = apply(injected, [...out, ...both(to)], places)
        expect(`${to}: ${namesIn(moved)}`).toBe(`${to}: ${names}`)
        expect(moved).toBe(apply(text, both(to), () => undefined))
        expect(apply(moved, out, () => undefined)).toBe(text)
      }
    })
  }
})

rows('a change behind an alias is written out where the alias is', [
  [yaml`
    base: &it
      a: 1
    spec: *it # why
  `, [[insert('spec.b', 2)]], yaml`
    base: &it
      a: 1
    spec: {a: 1, b: 2} # why
  `],
  [yaml`
    base: &it
      name: app
    spec:
      containers:
      - *it
  `, [[insert('spec.containers[app].env[A]', { name: 'A' }), insert('spec.containers[app].tty', true)]], yaml`
    base: &it
      name: app
    spec:
      containers:
      - {name: app, env: [{name: A}], tty: true}
  `, 'all changes at once'],
  [yaml`
    base: &it
      name: app
    spec:
      containers: [*it ]
  `, [[insert('spec.containers[app].tty', true)]], 'refused: the value to change is an alias of &it', 'but not between brackets'],
])

rows('what cannot be done is refused', [
  ['spec:\n  volumes: none\n', [[insert('spec.volumes[v]', { name: 'v' })]], 'refused: this is neither a map nor a list'],
  ['spec:\n  text: |\n    x\n  gone: 1\n    # deep\n  b: 1\n', [[remove('spec.gone')]], 'refused: without the lines above it, this comment would become part of the block scalar before them; indent the comment like the keys around it'],
  ['spec:\n  text: |\n    x\n  gone: 1\n\n \n    # deep\n', [[remove('spec.gone')]], 'refused: without the lines above it, this comment would become part of the block scalar before them; indent the comment like the keys around it', 'blank lines between are no help'],
  ['spec:\n  text: |\n    x\n  gone: 1\n\n  # not deep\n', [[remove('spec.gone')]], 'spec:\n  text: |\n    x\n\n  # not deep\n'],
  ['spec:\n  text: |\n  gone: 1\n    # deep\n', [[remove('spec.gone')]], 'refused: without the lines above it, this comment would become part of the block scalar before them; indent the comment like the keys around it', 'a scalar without text is as deep as its comment'],
  ['spec:\n  text: |\n  gone: 1\n  # not deep\n', [[remove('spec.gone')]], 'spec:\n  text: |\n  # not deep\n'],
  ['spec:\n  list:\n  - >\n  gone: 1\n  # not deep\n', [[remove('spec.gone')]], 'spec:\n  list:\n  - >\n  # not deep\n'],
  ['spec:\n  list:\n  - >\n  gone: 1\n   # deep\n', [[remove('spec.gone')]], 'refused: without the lines above it, this comment would become part of the block scalar before them; indent the comment like the keys around it'],
  ['spec:\n  text: |1\n      x\n  gone: 1\n   # deep\n', [[remove('spec.gone')]], 'refused: without the lines above it, this comment would become part of the block scalar before them; indent the comment like the keys around it', 'an indicator says how deep the text is'],
  ['spec:\n  text: |3\n      x\n  gone: 1\n    # not deep\n', [[remove('spec.gone')]], 'spec:\n  text: |3\n      x\n    # not deep\n'],
])

rows('what several places share is refused', [
  ['spec:\n  a: &it 1\nb: *it\n', [[replace('spec.a', 2)]], 'refused: the value to change has the anchor &it, and aliases elsewhere use it'],
  ['b: &it 1\nspec:\n  a: *it # why\n', [[replace('spec.a', 2)]], 'b: &it 1\nspec:\n  a: 2 # why\n', 'an alias itself is not'],
  ['b: &it {name: v}\nspec:\n  volumes:\n  - *it\n', [[replace('spec.volumes[v]', { name: 'v', x: 1 })]], 'b: &it {name: v}\nspec:\n  volumes:\n  - name: v\n    x: 1\n'],
  ['b: &it 1\nspec:\n  a: [*it ]\n', [[replace('spec.a', 2)]], 'b: &it 1\nspec:\n  a: 2\n'],
  ['spec: &it {a: 1}\nb: *it\n', [[replace('spec.a', 2)]], 'refused: the value to change has the anchor &it, and aliases elsewhere use it'],
  ['spec: &it {a: 1}\n', [[replace('spec.a', 2)]], 'spec: &it {a: 2}\n', 'an anchor that nobody uses is none'],
  ['base: &it {a: 1}\nspec:\n  <<: *it\n  b: 1\n', [[insert('spec.a.c', 2)]], 'refused: the value to change comes from a merge key'],
  ['base: &it {a: ~}\nspec:\n  <<: *it\n  b: 1\n', [[insert('spec.a.c', 2)]], 'refused: the value to change comes from a merge key'],
  ['base: &it {a: 1}\nspec:\n  <<: *it\n  b: 1\n', [[insert('spec.c', 2)]], 'base: &it {a: 1}\nspec:\n  <<: *it\n  b: 1\n  c: 2\n', 'beside a merge key there is room'],
  ['spec:\n  a: &it\nb: *it\n', [[insert('spec.a.c', 2)]], 'refused: the value to change has the anchor &it, and aliases elsewhere use it'],
  ['b: &it ~\nspec:\n  a: *it\n', [[insert('spec.a.c', 2)]], 'b: &it ~\nspec:\n  a:\n    c: 2\n', 'an alias that stands for nothing gives way'],
])

/** What the editor does at a path of the document. */
function direct(before: string, work: (editor: DocumentEditor) => unknown): unknown {
  const editor = new DocumentEditor(readDocument(before))
  try {
    const made = work(editor)
    const after = visible(applyEdits(before, editor.edits()))
    return after === before ? made : after
  } catch (error) {
    if (error instanceof EditError) return `refused: ${error.message}`
    throw error
  }
}
const LIST = 'kind: List\nitems:\n- {kind: A}\n- kind: B\n'

table<string, (editor: DocumentEditor) => unknown, unknown>('items and scalars are edited by their path', direct, [
  [LIST, (e) => e.insertItems(['items'], 1, [{ kind: 'C' }]), 'kind: List\nitems:\n- {kind: A}\n- kind: C\n- kind: B\n'],
  [LIST, (e) => e.removeItems(['items'], new Set([0])), 'kind: List\nitems:\n- kind: B\n'],
  [LIST, (e) => e.replaceItem(['items'], 1, { kind: 'C' }), 'kind: List\nitems:\n- {kind: A}\n- kind: C\n'],
  [LIST, (e) => e.insertItems(['kind'], 0, [1]), 'refused: this is not a list'],
  [LIST, (e) => e.insertItems(['other'], 0, [1]), 'refused: this is not a list'],
  [LIST, (e) => e.insertItems(['items', 'x'], 0, [1]), 'refused: this is not a list'],
  [LIST, (e) => e.scalarText(['other'], 'x'), 'refused: this is not a map'],
  [LIST, (e) => e.insertItems([0], 0, [1]), 'refused: this is not a list'],
  [LIST, (e) => e.offsetOf(['items', 1]), 32],
  ['a: &it {b: 1}\n', (e) => e.offsetOf(['a']), 3, 'with its anchor'],
  [LIST, (e) => e.offsetOf(['items']), 'refused: this is not a map'],
  ['a: !!int 1 # why\n', (e) => e.scalarText([], 'a'), '!!int 1'],
  ['a: # why\n', (e) => e.scalarText([], 'a'), ''],
  ['a: 1\n', (e) => e.scalarText([], 'b'), undefined],
  ['a: 1 # why\nb: 2\n', (e) => e.putScalar([], 'a', 'x', 'b'), 'a: x # why\nb: 2\n'],
  ['a: 1\nb: 2\n', (e) => e.putScalar([], 'new', 'x', 'a'), 'a: 1\nnew: x\nb: 2\n', 'a new key goes behind the one that is named'],
  ['a: {c: 1}\n', (e) => e.putScalar(['a'], 'new', 'x', 'gone'), 'a: {new: x, c: 1}\n', 'where that is not there, before all others'],
  ['a: {c: 1, b: 2}\n', (e) => e.putScalar(['a'], 'new', 'x', 'b'), 'a: {c: 1, b: 2, new: x}\n'],
  ['a: 1 # why\n', (e) => e.restoreScalar([], 'a', '0x1'), 'a: 0x1 # why\n'],
  ['a: 1 # why\nb: 2\n', (e) => e.restoreScalar([], 'a', undefined), 'b: 2\n', 'no text, no key'],
  ['a: 1\n', (e) => e.restoreScalar([], 'b', 'x'), undefined, 'a key that is gone stays away'],
  ['b: &it {x: 1}\na:\n  <<: *it\n', (e) => e.scalarText(['a'], 'x'), 'refused: the value to change comes from a merge key'],
  ['b: &it 1\na: *it\n', (e) => e.scalarText([], 'a'), '*it'],
  ['b: &it 1\na: *it\n', (e) => e.scalarText([], 'b'), 'refused: the value to change has the anchor &it, and aliases elsewhere use it'],
  ['a: 1\n', (e) => e.textAt([], ['a']), ' 1'],
  ['x: {a: ~ }\n', (e) => e.textAt(['x'], ['a']), ' ~'],
  ['a: 1\n', (e) => e.textAt([], ['b']), undefined],
  ['a: 1\n', (e) => e.textAt([], ['a', 'b']), undefined],
  ['a: [1]\n', (e) => e.textAt([], ['a', 0]), undefined, 'an item has none'],
  ['x: {a, b: 1}\n', (e) => e.textAt([], ['x', 'a']), undefined, 'a key without a colon neither'],
  ['b: &it {x: 1}\na:\n  <<: *it\n', (e) => e.textAt([], ['a', 'x']), undefined, 'nor one of a merge key'],
  [LIST, (e) => e.splice({ start: 0, end: 4, text: 'KIND' }), LIST.replace('kind', 'KIND')],
  [LIST, (e) => e.edits(), []],
])
