import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type JsonObject, formatJsonPath, isObject } from '../../../src/core/json/json.ts'
import { findKind } from '../../../src/core/validate/served-kinds.ts'
import { schemaOf, validateSchema } from './schemas.ts'

/** Real manifests and what an API server of 1.36 said of them; kept beside the project, not in it. */
const SHARED = process.env['SIDECARCTL_SHARED'] ?? new URL('../../../../shared', import.meta.url).pathname
const schema = schemaOf(36)

function objects(file: string): JsonObject[] {
  const bytes = readFileSync(file)
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8')
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), { version: '1.1', schema: 'core', uniqueKeys: false })
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return []
  const roots = documents.map((document) => document.toJS({ maxAliasCount: -1 }) as JsonObject)
  return roots.filter(isObject).flatMap((root) => (root['kind'] === 'List' ? (root['items'] as JsonObject[]) : [root]))
}

function findings(data: JsonObject): string[] {
  const [apiVersion, kind] = [String(data['apiVersion']), String(data['kind'])]
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion]
  const verdict = findKind(schema, apiVersion, kind)
  const found = verdict.state === 'refused' ? verdict.findings : validateSchema(schema, { group, version, kind, data })
  return found.map(({ code, path, message }) => `${code} ${formatJsonPath(path)}: ${message}`)
}

const rows = (name: string) =>
  readFileSync(join(SHARED, 'oracle', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string, string])

describe.skipIf(!existsSync(SHARED))('real manifests (skipped without the shared folder)', () => {
  it.each([
    ['corpus-verdicts.tsv', 'corpus/manifests', 400],
    ['verdicts.tsv', 'oracle/verdicts', 30],
  ])('%s: refuses nothing that the API server accepts', (table, folder, atLeast) => {
    const accepted = rows(table).filter(([verdict]) => verdict === 'OK')
    const wrong = accepted.flatMap(([, file]) => objects(join(SHARED, folder, file)).flatMap(findings).map((f) => `${file} ${f}`))
    expect(wrong).toEqual([])
    expect(accepted.length).toBeGreaterThanOrEqual(atLeast)
  })

  it.each([
    ['corpus-verdicts.tsv', 'corpus/manifests'],
    ['verdicts.tsv', 'oracle/verdicts'],
  ])('%s: finds all that the API server could not decode', (table, folder) => {
    const undecodable = rows(table).filter(([, , said]) => /strict decoding error|cannot be handled as a/.test(said ?? ''))
    const missed = undecodable.filter(([, file]) => objects(join(SHARED, folder, file)).flatMap(findings).length === 0)
    expect(missed).toEqual([])
    expect(undecodable.length).toBeGreaterThan(2)
  })
})
