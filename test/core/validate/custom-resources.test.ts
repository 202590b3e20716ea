import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatJsonPath } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { validate } from './support.ts'

const FOLDER = join('fixtures', 'custom-resources')
const PROJECTS = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name)

const read = (project: string, name: string): SourceText => new SourceText(name, readFileSync(join(FOLDER, project, name), 'utf8'))

/** `CODE path` for each error of each document, in no order. */
async function errorsOf(project: string, name: string): Promise<string[][]> {
  const { objects, diagnostics } = await validate([read(project, name)], { definitions: name === 'definitions.yaml' ? [] : [read(project, 'definitions.yaml')] })
  expect(diagnostics).toEqual([])
  return objects.map((object) => object.diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code} ${formatJsonPath(path ?? [])}`).toSorted())
}

describe('custom resources', () => {
  it('of many projects', () => {
    expect(PROJECTS.length).toBeGreaterThanOrEqual(10)
  })

  it.each(PROJECTS)('%s: definitions are accepted', async (project) => {
    expect((await errorsOf(project, 'definitions.yaml')).flat()).toEqual([])
  })

  it.each(PROJECTS)('%s: objects are accepted, and every rule is checked', async (project) => {
    const { objects } = await validate([read(project, 'valid.yaml')], { definitions: [read(project, 'definitions.yaml')] })
    expect(objects.length).toBeGreaterThan(0)
    expect(objects.flatMap((object) => object.diagnostics)).toEqual([])
  })

  it.each(PROJECTS)('%s: objects are refused', async (project) => {
    const documents = read(project, 'invalid.yaml').text.split('---\n')
    const expected = documents.map((text) => [...text.matchAll(/^# (\w+ .*)$/gm)].map(([, line]) => line as string).toSorted())
    expect(await errorsOf(project, 'invalid.yaml')).toEqual(expected)
  })
})
