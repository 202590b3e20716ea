import * as fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SpillStore } from '../../src/io/spill-store.ts'
import { StoreError } from '../../src/io/errors.ts'
import { captureHost, folder, type Setup } from '../cli/fake.ts'

/** A store that holds ten bytes in memory, and the rest in a file. */
function storeIn(temporary: string, setup: Setup = {}): SpillStore {
  return new SpillStore(captureHost({ temporaryFolder: () => temporary, sizes: { held: 10 }, ...setup }).host)
}

function failing(code: string): never {
  throw Object.assign(new Error(code), { code })
}

const TEXTS = ['short', '', 'longer than ten bytes', 'é \u{1F600} \u2028', 'x'.repeat(100_000), 'last']

describe('a store', () => {
  it('gives back what it was given, in any order and as often as asked', () => {
    const store = storeIn(folder())
    const loads = TEXTS.map((text) => store.keepText(text))
    for (const order of [
      [0, 1, 2, 3, 4, 5],
      [5, 0, 4, 4, 2, 3, 1],
    ]) {
      expect(order.map((n) => loads[n]?.())).toEqual(order.map((n) => TEXTS[n]))
    }
    const long = [
      ['plain\ntext\n', true],
      ['é\ntext\n', false],
    ] as const
    const kept = long.map(([text, isAscii]) => store.keepLong(Buffer.from(text), isAscii))
    expect([...kept, ...kept].map((load) => load().text)).toEqual([...long, ...long].map(([text]) => text))
    store.close()
  })

  it('copies what it is given', () => {
    const store = storeIn(folder())
    const bytes = Buffer.from('abc')
    const loads = [store.keep(bytes), store.keep(Buffer.concat([bytes, Buffer.alloc(20)]))]
    bytes.fill('x')
    expect(loads.map((load) => load().toString('latin1', 0, 3))).toEqual(['abc', 'abc'])
    store.close()
  })

  it('makes a file only for what is too much for the memory; nobody else may read it, and it is gone at once', () => {
    const temporary = folder()
    const opened: unknown[][] = []
    const closed: number[] = []
    const openSync: typeof fs.openSync = (...args) => {
      opened.push(args)
      return fs.openSync(...args)
    }
    const closeSync = (fd: number): void => {
      closed.push(fd)
      fs.closeSync(fd)
    }
    const store = storeIn(temporary, { fs: { openSync, closeSync } })
    store.keepText('0123456789')
    expect(opened).toEqual([])
    const load = store.keepText('0')
    expect(opened).toEqual([[expect.stringContaining(temporary), 'wx+', 0o600]])
    expect(fs.readdirSync(temporary)).toEqual([])
    expect(load()).toBe('0')
    expect(closed).toHaveLength(0)
    store.close()
    expect(closed).toHaveLength(1)
  })

  it.each<[string, Setup]>([
    ['the folder is not there', { temporaryFolder: () => '/nonexistent/folder' }],
    ['the folder may not be written', { fs: { openSync: () => failing('EROFS') } }],
    ['an open file cannot be removed', { fs: { unlinkSync: () => failing('EBUSY') } }],
  ])('holds all in memory where %s', (_, setup) => {
    const store = storeIn(folder(), setup)
    const loads = TEXTS.map((text) => store.keepText(text))
    expect(loads.map((load) => load())).toEqual(TEXTS)
    store.close()
  })

  it('writes on where a write took only a part, and reads on so', () => {
    const writeSync = ((fd: number, bytes: Uint8Array, at: number, length: number, position: number) =>
      fs.writeSync(fd, bytes, at, Math.min(length, 7), position)) as typeof fs.writeSync
    const readSync = ((fd: number, bytes: Uint8Array, at: number, length: number, position: number) =>
      fs.readSync(fd, bytes, at, Math.min(length, 5), position)) as typeof fs.readSync
    const store = storeIn(folder(), { fs: { writeSync, readSync } })
    const load = store.keepText('more than ten bytes, and then some')
    expect(load()).toBe('more than ten bytes, and then some')
    store.close()
  })

  it('names the folder and what went wrong where the file does not hold it', () => {
    const temporary = folder()
    const full = storeIn(temporary, { fs: { writeSync: () => failing('ENOSPC') } })
    expect(() => full.keepText('more than ten bytes')).toThrow(StoreError)
    expect(() => full.keepText('more than ten bytes')).toThrow(
      expect.objectContaining({ folder: temporary, message: expect.stringContaining('no space left') }),
    )
    const short = storeIn(temporary, { fs: { readSync: () => 0 } })
    const load = short.keepText('more than ten bytes')
    expect(load).toThrow(StoreError)
  })
})
