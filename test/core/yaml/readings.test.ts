import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isObject, type Json } from '../../../src/core/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readChunk, splitDocuments } from '../../../src/core/yaml/documents.ts'
import { folder } from '../../cli/fake.ts'

/** What kubectl 1.32 made of a text: the data beside apiVersion, kind and name of a ConfigMap `a`, or a refusal. */
interface Reading {
  text: string
  rest?: Json
  refused?: true
}

const READINGS = JSON.parse(readFileSync(new URL('readings.json', import.meta.url), 'utf8')) as Reading[]
const NAMED = READINGS.map((reading) => ({ ...reading, name: JSON.stringify(reading.text.replace(/^apiVersion: v1\nkind: ConfigMap\nmetadata: \{name: a\}\n/, '')).slice(0, 80) }))

function whole(rest: Json | undefined): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...(rest as object) }
}

describe('readings', () => {
  it('are many, of both kinds', () => {
    expect(READINGS.length).toBeGreaterThan(350)
    expect(READINGS.filter((r) => r.refused).length).toBeGreaterThan(100)
  })

  it.each(NAMED)('$name', ({ text, rest, refused }) => {
    const chunks = splitDocuments(new SourceText('a', text))
    const docs = chunks.flatMap(readChunk)
    // A list or a scalar is YAML, but no object.
    const bad = docs.some((doc) => 'error' in doc || (doc.root !== undefined && !isObject(doc.data))) || chunks.some((chunk) => chunk.badSeparator !== undefined || chunk.directive)
    expect(bad, 'refused').toBe(refused === true)
    if (refused !== true) expect(docs.flatMap((doc) => ('root' in doc && doc.root !== undefined ? [doc.data] : []))).toEqual([whole(rest)])
  })
})

const KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0

function fileOf(n: number): string {
  return `${String(n).padStart(4, '0')}.yaml`
}

describe.skipIf(!KUBECTL)(`readings by the kubectl that is here${KUBECTL ? '' : ' (skipped: there is none)'}`, () => {
  it('agree with the recorded ones', () => {
    const root = folder()
    mkdirSync(join(root, 'in'))
    for (const [n, { text }] of READINGS.entries()) writeFileSync(join(root, 'in', fileOf(n)), text)
    const done = spawnSync('kubectl', ['patch', '--local', '-f', 'in', '-p', '{}', '-o', 'json'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, KUBECONFIG: '/dev/null' },
    })
    const objects = done.stdout.split(/\n(?=\{)/).filter((part) => part.trim() !== '').map((part) => JSON.parse(part) as Json)
    expect(objects).toEqual(READINGS.filter((r) => r.refused !== true).map((r) => whole(r.rest)))
    const refused = new Set([...done.stderr.matchAll(/\b(\d{4})\.yaml/g)].map((match) => match[1]))
    expect([...refused].sort()).toEqual(READINGS.flatMap((r, n) => (r.refused ? [fileOf(n).slice(0, 4)] : [])))
  })
})
