/**
 * The patches of `export`, applied by kustomize, give the objects that `inject` gives. By default one fixture in six is
 * tried; `PATCHES=all` tries all, and `SIDECARCTL_MANIFESTS=DIR` every manifest of a folder.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/core/inject/result.ts'
import { findProgram } from '../bench/measure.ts'
import { readCases } from '../cases/case.ts'
import { runCase } from '../cases/run-case.ts'
import { compareIn, injectFile, type Verdict } from './compare.ts'

const EVERY = process.env['PATCHES'] === 'all' ? 1 : 6
const MANIFESTS = process.env['SIDECARCTL_MANIFESTS']
const NEEDS = findProgram('kubectl') === undefined ? ' (skipped: needs kubectl on the PATH)' : ''

let scratch = ''
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-patches-'))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** Counts verdicts, and keeps the names of what is not the same. */
class Comparison {
  readonly counts: Record<Verdict, number> = {
    same: 0,
    different: 0,
    failed: 0,
    unnamed: 0,
    unreadable: 0,
    'read-otherwise': 0,
  }
  readonly wrong: string[] = []

  add(name: string, result: RunResult): void {
    const verdict = compareIn(join(scratch, name.replaceAll('/', '_')), result)
    this.counts[verdict]++
    if (verdict === 'different' || verdict === 'failed') this.wrong.push(`${verdict}: ${name}`)
  }
}

describe.skipIf(NEEDS !== '')(`patches applied by kustomize${NEEDS}`, () => {
  it('give the objects of inject for fixtures', { timeout: 600_000 }, async () => {
    const comparison = new Comparison()
    const cases = readCases().filter(({ args }) => args[0] === 'inject')
    for (const one of cases.filter((_, n) => n % EVERY === 0)) {
      const { code, call } = await runCase(one)
      if (code !== 0 || call?.command !== 'inject') continue
      if (call.result.files.some(({ source, output }) => source.text !== output)) comparison.add(one.name, call.result)
    }
    process.stdout.write(`fixtures: ${JSON.stringify(comparison.counts)}\n`)
    expect(comparison.wrong).toEqual([])
    expect(comparison.counts['read-otherwise']).toBeLessThan(10)
    expect(comparison.counts.same).toBeGreaterThan(200 / EVERY)
  })

  it.skipIf(MANIFESTS === undefined)(
    `give the objects of inject for manifests${MANIFESTS === undefined ? ' (skipped: needs SIDECARCTL_MANIFESTS)' : ''}`,
    { timeout: 1_200_000 },
    async () => {
      const comparison = new Comparison()
      const args = ['-s', 'logging,metrics', '--set', 'metrics.port=9100', '--no-validate', '--on-conflict', 'rename']
      const folder = MANIFESTS as string
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      for (const name of names.filter((one) => /\.(?:ya?ml|json)$/.test(one)).sort()) {
        const result = await injectFile(basename(name), readFileSync(join(folder, name)), args)
        if (result !== undefined) comparison.add(name, result)
      }
      process.stdout.write(`manifests: ${JSON.stringify(comparison.counts)}\n`)
      expect(comparison.wrong).toEqual([])
      expect(comparison.counts.same).toBeGreaterThan(0)
    },
  )
})
