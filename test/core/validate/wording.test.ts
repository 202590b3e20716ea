import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('findings on values begin with the words of the API server', () => {
  const folder = join(import.meta.dirname, '../../../src/core/validate')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(50)
  const other = files.filter((name) => /['"`](?:invalid|unsupported) value[ :]/i.test(readFileSync(join(folder, name), 'utf8').replaceAll(/(['"`])(?:Invalid|Unsupported) value: /g, '$1')))
  expect(other).toEqual([])
})
