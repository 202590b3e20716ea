import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../../src/cli/engine.ts'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import type { RunResult } from '../../src/core/inject/result.ts'
import type { SourceText } from '../../src/core/text/source.ts'
import { captureHost, folder } from '../cli/fake.ts'
import type { Case } from './case.ts'
import type { Given } from './goldens.ts'

/** A call of the engine, as the program made it. */
export interface EngineCall {
  command: 'inject' | 'uninject'
  sources: readonly SourceText[]
  options: InjectOptions
  result: RunResult
}

/** What a run of the program gave, and how it called the engine. */
export interface Ran extends Given {
  call: EngineCall | undefined
}

/** Runs the program in process over a copy of a case, with other input bytes where `change` gives them. */
export async function runCase(one: Case, change: (bytes: Buffer) => Buffer = (bytes) => bytes): Promise<Ran> {
  const inputs = new Map([...one.inputs].map(([name, bytes]) => [name, change(bytes)]))
  const cwd = folder(Object.fromEntries([...inputs, ...one.templates]))
  const stdin = one.args.includes('-') ? [...inputs.values()][0] : undefined
  const { host, stdoutBytes, stderr } = captureHost({ cwd, ...(stdin !== undefined && { stdin }) })
  let call: EngineCall | undefined
  const code = await main(one.args, host, async () => {
    const engine = await loadEngine()
    const watched =
      (command: EngineCall['command']): Engine['inject'] =>
      async (sources, options) => {
        const result = await engine[command](sources, options)
        call = { command, sources, options, result }
        return result
      }
    return { ...engine, inject: watched('inject'), uninject: watched('uninject') }
  })
  const written = new Map(
    [...inputs].flatMap(([name, before]) => {
      const after = readFileSync(join(cwd, name))
      return after.equals(before) ? [] : [[name, after] as const]
    }),
  )
  return { code, stdout: stdoutBytes(), stderr: stderr(), written, call }
}
