import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withMinor, withRelease } from '../../src/build/schemas/add-version.mjs'
import { KNOWN_MINORS } from '../../src/core/kube/version.ts'

const text = (file: string): string => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')

it('a new version is a row and a number in the files as they are', () => {
  const next = String((KNOWN_MINORS[KNOWN_MINORS.length - 1] as number) + 1)
  const releases = withRelease(text('build/schemas/releases.mjs'), next, 'release-1.0')
  expect(releases.trimEnd().split('\n').slice(-2)).toEqual([
    `  { minor: ${next}, alias: 'client-node-1.${next}', states: 'release-1.0' },`,
    ']',
  ])
  expect(withMinor(text('core/kube/version.ts'), next)).toContain(
    `KNOWN_MINORS = [${KNOWN_MINORS.join(', ')}, ${next}] as const`,
  )
})
