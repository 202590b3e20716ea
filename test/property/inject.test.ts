import { array, assert, asyncProperty, constantFrom, nat, property } from 'fast-check'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { ItemPlace } from '../../src/core/field-path/item-place.ts'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { keepsAll, yamlPackageReads } from '../cases/additions.ts'
import { smallSidecars } from '../fuzz/check.ts'
import { ManifestWriter } from './manifest.ts'

const [OPTIONS] = smallSidecars(fileURLToPath(new URL('../..', import.meta.url))) as [InjectOptions]

/** Names of everything that the two sidecars add. */
const ADDED = new Set([
  'tail',
  'pulse',
  'app-logs',
  'tail-files',
  'PULSE_PORT',
  'example.com/tail',
  'example.com/pulse',
  'injected.sidecarctl.dev/tail',
  'injected.sidecarctl.dev/pulse',
])

/** Data without additions, and without what is empty or null, which additions may have filled. */
function withoutAdditions(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.flatMap((item) =>
      isObject(item) && ADDED.has(String(item['name'])) ? [] : (withoutAdditions(item) ?? []),
    )
    return items.length === 0 ? undefined : items
  }
  if (!isObject(value)) return value ?? undefined
  const pairs = Object.entries(value).flatMap(([key, child]): [string, Json][] => {
    const rest = ADDED.has(key) || key === 'terminationGracePeriodSeconds' ? undefined : withoutAdditions(child)
    return rest === undefined ? [] : [[key, rest]]
  })
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs)
}

function dataOf(text: string): Json | undefined {
  const read = readInput(new SourceText('a.yaml', text))
  expect(read.diagnostics).toEqual([])
  return read.documents[0]?.doc.data
}

async function run(
  work: typeof inject,
  text: string,
  starts: ReadonlyMap<string, ItemPlace> = new Map(),
): Promise<string> {
  const result = await work([new SourceText('a.yaml', text)], { ...OPTIONS, starts })
  expect(result.diagnostics.filter((d) => d.severity === 'error').map((d) => `${d.code} ${d.message}`)).toEqual([])
  return result.files[0]?.output as string
}

/** Longer runs by hand: `SIDECARCTL_RUNS=20000`. fast-check prints seed and path of a failure. */
const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 300)
/** Looking for a smaller failing manifest ends in time for the runner to print the one that is known. */
const LIMITS = { numRuns: RUNS, ...(RUNS <= 300 && { interruptAfterTimeLimit: 20_000 }) }

/** Places among the init containers that a manifest may have, or lack. */
const PLACES: readonly ItemPlace[] = [
  'first',
  'last',
  ...['i0', 'i0-x', 'i1', 'i1-x', 'i2'].flatMap((name): ItemPlace[] => [`before:${name}`, `after:${name}`]),
]
/** Names of the init containers. */
function initNames(text: string): string[] {
  const { initContainers } = (dataOf(text) as { spec: { initContainers?: { name: string }[] | null } }).spec
  return (initContainers ?? []).map(({ name }) => name)
}

describe('any manifest, however it is written', () => {
  const choices = array(nat(10_000), { minLength: 0, maxLength: 400, size: 'max' })

  it('is read as what it stands for', () => {
    assert(
      property(choices, (stream) => {
        const { text, data } = new ManifestWriter(stream).write()
        expect(dataOf(text)).toEqual(data)
      }),
      LIMITS,
    )
  })

  it('keeps every byte of its own, the same twice, and exactly undone', async () => {
    await assert(
      asyncProperty(choices, async (stream) => {
        const { text, data } = new ManifestWriter(stream).write()
        const output = await run(inject, text)
        expect(output).not.toBe(text)
        expect(keepsAll(text, output)).toBe(true)
        expect(await run(inject, output)).toBe(output)
        expect(await run(uninject, output)).toBe(text)
        expect(withoutAdditions(dataOf(output) as Json)).toEqual(withoutAdditions(data))
        expect(((dataOf(output) as JsonObject)['spec'] as { containers: Json[] }).containers.length).toBe(
          (data['spec'] as { containers: Json[] }).containers.length + 1,
        )
        if (yamlPackageReads(text)) expect(yamlPackageReads(output)).toBe(true)
      }),
      LIMITS,
    )
  })

  it('keeps its bytes and its order, wherever among the init containers a sidecar starts and moves to', async () => {
    await assert(
      asyncProperty(choices, constantFrom(...PLACES), constantFrom(...PLACES), async (stream, from, to) => {
        const { text } = new ManifestWriter(stream).write()
        const [one, other] = [new Map([['tail', from]]), new Map([['tail', to]])]
        const output = await run(inject, text, one)
        const moved = await run(inject, output, other)
        for (const [result, starts, place] of [
          [output, one, from],
          [moved, other, to],
        ] as const) {
          expect(keepsAll(text, result)).toBe(true)
          expect(await run(inject, result, starts)).toBe(result)
          const names = initNames(result)
          expect(names.filter((name) => name !== 'tail')).toEqual(initNames(text))
          const [side, name = ''] = place.split(':')
          const [index, at] = [names.indexOf('tail'), names.indexOf(name)]
          if (side === 'last') expect(index).toBe(names.length - 1)
          else if (at >= 0) expect(index).toBe(side === 'after' ? at + 1 : at - 1)
          else expect(index).toBe(0)
        }
        expect(await run(uninject, moved)).toBe(text)
      }),
      LIMITS,
    )
  })
})
