import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readCases, type Case } from './cases/case.ts'
import { goldensOf } from './cases/goldens.ts'
import { checkPromises } from './cases/promises.ts'
import { runCase, type Ran } from './cases/run-case.ts'

/** `UPDATE_CASES=1 npx vitest run ...` records what the program gives now; look at the difference before a commit. */
const UPDATE = process.env['UPDATE_CASES'] === '1'

const CASES = readCases()

function record(one: Case, goldens: ReadonlyMap<string, Buffer>): void {
  for (const name of one.goldens) if (!goldens.has(name)) rmSync(join(one.folder, name))
  for (const [name, bytes] of goldens) {
    mkdirSync(dirname(join(one.folder, name)), { recursive: true })
    writeFileSync(join(one.folder, name), bytes)
  }
}

function show(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1')
}

describe('cases', () => {
  it('finds cases', () => {
    expect(CASES.length).toBeGreaterThan(20)
    expect(CASES.filter((one) => one.inputs.size === 0).map((one) => one.name)).toEqual([])
  })

  describe.each(CASES)('$name', (one) => {
    let run: Promise<Ran> | undefined
    /** The run of the case, which both tests look at. */
    const ranCase = (): Promise<Ran> => (run ??= runCase(one))

    it('gives what is recorded', async () => {
      const ran = await ranCase()
      const goldens = goldensOf(one, ran)
      if (UPDATE) record(one, goldens)
      const recorded = UPDATE ? [...goldens.keys()] : [...one.goldens]
      expect(recorded.length, 'a case expects an output or a message').toBeGreaterThan(0)
      expect([...goldens.keys()].sort(), 'recorded files and results are the same').toEqual(recorded.sort())
      for (const [name, bytes] of goldens) {
        const path = join(one.folder, name)
        expect(existsSync(path) ? show(readFileSync(path)) : undefined, `${name}`).toBe(show(bytes))
      }
      expect(ran.code, 'no bug shows up').not.toBe(3)
      if (ran.code !== 0 && one.args[0] !== 'diff') expect([ran.stdout.length, ran.written.size]).toEqual([0, 0])
    })

    it('keeps the promises', async () => {
      const { code, call } = await ranCase()
      run = undefined
      if (call === undefined || code > 1 || call.result.diagnostics.some((d) => d.severity === 'error')) {
        expect(one.goldens.has('expected.stderr'), 'trouble is told').toBe(true)
        return
      }
      const { files } = call.result
      const changed = files.filter((file) => file.output !== file.source.text)
      for (const { source, output } of call.command === 'inject' ? changed : []) {
        await checkPromises(
          source,
          output,
          call.options,
          files.map((file) => file.source).filter((other) => other !== source),
        )
      }
      if (call.command === 'uninject') {
        for (const { source, output } of changed) expect(output.length).toBeLessThan(source.text.length)
      }
    })
  })
})
