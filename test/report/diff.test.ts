import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decodeText, encodeText } from '../../src/core/text/decode.ts'
import { loadColors } from '../../src/report/colors.ts'
import type { TextPart } from '../../src/core/text/parts.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { patchPieces, quotePath } from '../../src/report/diff.ts'
import { folder } from '../cli/fake.ts'

const LINES = Array.from({ length: 40 }, (_, i) => `key${i}: value\n`).join('')

function utf16(text: string, swap = false): Buffer {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
  return swap ? bytes.swap16() : bytes
}

/** What git and patch must make of the files: name -> before and after. */
const CASES: { name: string; files: Record<string, [string | Buffer, string]> }[] = [
  { name: 'one insertion', files: { 'a.yaml': ['a: 1\nb: 2\n', 'a: 1\nx: 9\nb: 2\n'] } },
  { name: 'at the start and the end', files: { 'a.yaml': [LINES, `first: 1\n${LINES}last: 1\n`] } },
  {
    name: 'far apart and near',
    files: {
      'a.yaml': [
        LINES,
        LINES.replace('key3:', 'new: 1\nkey3:').replace('key9:', 'new: 2\nkey9:').replace('key30: value\n', ''),
      ],
    },
  },
  {
    name: 'lines changed',
    files: {
      'a.yaml': [LINES, LINES.replace('key3: value', 'key3: other').replace('key33: value\n', 'x: 1\nkey33: else\n')],
    },
  },
  { name: 'lines removed', files: { 'a.yaml': [LINES, LINES.replace('key3: value\n', '')] } },
  { name: 'from empty', files: { 'a.yaml': ['', 'a: 1\n'] } },
  { name: 'no final newline', files: { 'a.yaml': ['a: 1\nb: 2', 'a: 1\nb: 2\nc: 3'] } },
  { name: 'final newline added', files: { 'a.yaml': ['a: 1\nb: 2', 'a: 1\nb: 2\n'] } },
  { name: 'no final newline, changed above', files: { 'a.yaml': ['a: 1\nb: 2', 'x: 0\na: 1\nb: 2'] } },
  { name: 'CRLF', files: { 'a.yaml': ['a: 1\r\nb: 2\r\n', 'a: 1\r\nx: 9\r\nb: 2\r\n'] } },
  { name: 'CRLF without final newline', files: { 'a.yaml': ['a: 1\r\nb: 2', 'a: 1\r\nx: 9\r\nb: 2'] } },
  { name: 'BOM', files: { 'a.yaml': ['\uFEFFa: 1\nb: 2\n', '\uFEFFx: 9\na: 1\nb: 2\n'] } },
  {
    name: 'UTF-16 LE',
    files: { 'a.yaml': [utf16('a: 1\nb: \u010A\u0A0A2\n'), '\uFEFFa: 1\nx: \u00E9\nb: \u010A\u0A0A2\n'] },
  },
  { name: 'UTF-16 LE with CRLF', files: { 'a.yaml': [utf16('a: 1\r\nb: 2\r\n'), '\uFEFFa: 1\r\nx: 9\r\nb: 2\r\n'] } },
  { name: 'UTF-16 BE', files: { 'a.yaml': [utf16('a: 1\nb: 2', true), '\uFEFFa: 1\nx: 9\nb: 2'] } },
  { name: 'documents', files: { 'a.yaml': ['---\na: 1\n---\nb: 2\n', '---\na: 1\nx: 1\n---\nb: 2\nx: 2\n'] } },
  { name: 'documents added', files: { 'a.yaml': ['---\na: 1\n---\nb: 2\n', '---\na: 1\n---\nb: 2\n---\nc: 3\n'] } },
  {
    name: 'lines that look like a patch',
    files: { 'a.yaml': ['-- x\n++ y\n@@ z\n', '-- x\n--- a/x\n+++ b/y\n@@ -1 +1 @@\n++ y\n'] },
  },
  {
    name: 'many files, one unchanged',
    files: {
      'b.yaml': ['b: 1\n', 'b: 1\nx: 1\n'],
      'n.yaml': ['n: 1\n', 'n: 1\n'],
      'k8s/a.yaml': ['a: 1\n', 'x: 1\na: 1\n'],
    },
  },
  {
    name: 'odd names',
    files: {
      'my file.yaml': ['a: 1\n', 'a: 1\nx: 1\n'],
      'gr\u00FC\u00DFe/\u{1F600}.yaml': ['a: 1\n', 'a: 1\nx: 1\n'],
      'qu"ote\\tab\t.yaml': ['a: 1\n', 'a: 1\nx: 1\n'],
    },
  },
]

function patchBytes(changes: Parameters<typeof patchPieces>[0], color = false): Buffer {
  return Buffer.concat(Array.from(patchPieces(changes, color), (piece) => Buffer.from(piece)))
}

interface Built {
  patch: Uint8Array
  before: [string, Buffer][]
  after: [string, Buffer][]
}

function build(files: (typeof CASES)[number]['files']): Built {
  const built: Built = { patch: new Uint8Array(), before: [], after: [] }
  const changes = Object.entries(files).map(([name, [before, after]]) => {
    const bytes = Buffer.from(before)
    const decoded = decodeText(name, bytes)
    if (!decoded.ok) throw new Error(decoded.error.message)
    const { source } = decoded
    const output = after.replace(/^\uFEFF/, '')
    built.before.push([name, bytes])
    built.after.push([name, Buffer.from(encodeText(output, source.encoding, source.bom))])
    return { name, parts: [{ source, output }] }
  })
  built.patch = patchBytes(changes)
  return built
}

interface Outcome {
  stderr: string
  status: number | null
  /** Names of the files that are not what they should be. */
  wrong: string[]
}

const APPLIED: Outcome = { stderr: '', status: 0, wrong: [] }

/** Writes the files before, applies the patch with a program, and compares them with the files after. */
function apply(files: (typeof CASES)[number]['files'], program: string, args: string[], subfolder = ''): Outcome {
  const { patch, before, after } = build(files)
  const root = folder()
  const cwd = join(root, subfolder)
  for (const [name, bytes] of before) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), bytes)
  }
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_CEILING_DIRECTORIES: dirname(root),
  }
  if (subfolder !== '') spawnSync('git', ['init', '-q', root], { env })
  const { stderr, status } = spawnSync(program, args, { cwd, input: patch, encoding: 'utf8', env })
  const wrong = after.filter(([name, bytes]) => !readFileSync(join(cwd, name)).equals(bytes)).map(([name]) => name)
  return { stderr, status, wrong }
}

const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0

describe('patchPieces', () => {
  it.skipIf(!has('git')).each(CASES)('$name: git apply takes it (skipped without git)', ({ files }) => {
    expect(apply(files, 'git', ['apply', '-'])).toEqual(APPLIED)
  })

  it.skipIf(!has('git')).each(CASES)(
    '$name: git apply in a folder of a repository (skipped without git)',
    ({ files }) => {
      expect(apply(files, 'git', ['apply', '-'], 'sub/folder')).toEqual(APPLIED)
    },
  )

  it.skipIf(!has('patch')).each(CASES)('$name: patch -p1 takes it (skipped without patch)', ({ files }) => {
    expect(apply(files, 'patch', ['-p1', '--binary', '--fuzz=0', '-s'])).toEqual(APPLIED)
  })

  it('prints hunks as diff -u does', () => {
    const { patch } = build({
      'a.yaml': [LINES, LINES.replace('key5:', 'new: 1\nkey5:').replace('key39: value\n', 'key39: value\nend: 1')],
    })
    expect(Buffer.from(patch).toString()).toBe(
      '--- a/a.yaml\n+++ b/a.yaml\n' +
        '@@ -3,6 +3,7 @@\n key2: value\n key3: value\n key4: value\n+new: 1\n key5: value\n key6: value\n key7: value\n' +
        '@@ -38,3 +39,4 @@\n key37: value\n key38: value\n key39: value\n+end: 1\n\\ No newline at end of file\n',
    )
  })

  it('is empty when nothing changed', () => {
    expect(build({ 'a.yaml': ['a: 1\n', 'a: 1\n'] }).patch).toHaveLength(0)
  })

  it.each([1, 3, 8, 20])('makes of parts of %i documents what it makes of the whole', (size) => {
    const count = 40
    const document = (n: number, text: string): string => `---\nn: ${n}\n${text}`
    const all = Array.from({ length: count }, (_, n) => ({
      before: document(n, ''),
      after: document(n, n % 3 === 0 && (n < 10 || n > 28) ? 'é: 1\n' : ''),
    }))
    const part = (from: number, to: number): TextPart => {
      const text = all
        .slice(from, to)
        .map(({ before }) => before)
        .join('')
      const before = { lines: from * 2, documents: from, bytes: all.slice(0, from).join('').length }
      return {
        source: new SourceText('a.yaml', text, 'utf-8', from === 0, before),
        output: all
          .slice(from, to)
          .map(({ after }) => after)
          .join(''),
      }
    }
    const parts = Array.from({ length: Math.ceil(count / size) }, (_, n) => part(n * size, (n + 1) * size))
    expect(patchBytes([{ name: 'a.yaml', parts }]).toString()).toBe(
      patchBytes([{ name: 'a.yaml', parts: [part(0, count)] }]).toString(),
    )
  })

  it.each([
    ['one', (n: number) => n === 1500, 12],
    ['all', () => true, 3000 * 18],
  ] as const)('stays quick and small when of a list of 3,000 items %s get lines', (_, gets, most) => {
    const item = (n: number, more: boolean) =>
      `- apiVersion: v1\n  kind: Pod\n  metadata:\n    name: p${n}\n  spec:\n    containers:\n    - name: a\n      image: a\n${more ? '    - name: logging\n      image: l\n' : ''}`
    const text = (more: (n: number) => boolean) => Array.from({ length: 3000 }, (_, n) => item(n, more(n))).join('')
    const start = performance.now()
    const { patch } = build({ 'a.yaml': [text(() => false), text(gets)] })
    expect(performance.now() - start).toBeLessThan(3000)
    const lines = Buffer.from(patch).toString().trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(most)
    expect(lines.filter((line) => line.startsWith('-'))).toEqual(['--- a/a.yaml'])
  })

  it('colours lines where asked', async () => {
    await loadColors()
    const decoded = decodeText('a.yaml', Buffer.from('a: 1\n'))
    if (!decoded.ok) throw new Error('not read')
    const text = Buffer.from(
      patchBytes([{ name: 'a.yaml', parts: [{ source: decoded.source, output: 'b: 1\n' }] }], true),
    ).toString()
    expect(text).toContain('\u001B[31m-a: 1\u001B[39m\n\u001B[32m+b: 1\u001B[39m\n')
  })
})

describe('quotePath', () => {
  it.each([
    ['a/b.yaml', 'a/b.yaml'],
    ['a/b c.yaml', 'a/b c.yaml\t'],
    ['a/\u00FC.yaml', '"a/\\303\\274.yaml"'],
    ['a/"\\.yaml', '"a/\\"\\\\.yaml"'],
    ['a/\n\u001B.yaml', '"a/\\n\\033.yaml"'],
  ])('%j', (path, quoted) => {
    expect(quotePath(path)).toBe(quoted)
  })
})
