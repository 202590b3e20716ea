import { expect } from 'vitest'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { decodeText, encodeText } from '../../src/core/text/decode.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { keepsAll, yamlPackageReads } from './additions.ts'

type Work = (text: SourceText) => Promise<string>

/** The text of one input after the engine's work on it, beside others; errors end the test. */
function worker(work: typeof inject, options: InjectOptions, others: readonly SourceText[] = []): Work {
  return async (source) => {
    const result = await work([source, ...others], options)
    expect(result.diagnostics.filter((d) => d.severity === 'error')).toEqual([])
    return (result.files[0] as { output: string }).output
  }
}

/** The same run with its templates as if they came with the program, which spares checking them each time. */
function withTrustedTemplates(options: InjectOptions): InjectOptions {
  const own = new Map(options.templates.map((source) => [/name: (\S+)/.exec(source.text)?.[1] ?? '', source]))
  const { builtins } = options
  return {
    ...options,
    templates: [],
    builtins: { names: [...builtins.names, ...own.keys()], read: (name) => own.get(name) ?? builtins.read(name) },
  }
}

function decoded(label: string, bytes: Uint8Array): SourceText {
  const read = decodeText(label, bytes)
  if (!read.ok) throw new Error(read.error.message)
  return read.source
}

/**
 * Checks what is promised for every text into which sidecars are put, beside what a case itself expects.
 * @param others the other inputs of the run, on which the result may hang
 */
export async function checkPromises(
  source: SourceText,
  output: string,
  asked: InjectOptions,
  others: readonly SourceText[] = [],
): Promise<void> {
  const options = withTrustedTemplates(asked)
  const put = worker(inject, options, others)
  const { sidecars: _, ...all } = options
  // A Service by itself goes back only when that is forced: nothing in its file proves what led it to a proxy.
  const take = worker(uninject, { ...all, ...(others.length > 0 && { force: 'yes' as const }) })
  const result = new SourceText(source.label, output)
  const isFresh = !/injected\.sidecarctl\.dev\/|sidecarctl\.dev\/(?:injected|retargeted)/.test(source.text)

  expect(await put(result), 'a second run changes nothing').toBe(output)
  expect(await take(result), 'uninject gives the original').toBe(
    isFresh ? source.text : await worker(uninject, { ...all, force: 'yes' })(source),
  )
  expect(
    readInput(result).diagnostics.filter((d) => d.severity === 'error'),
    'the result can be read',
  ).toEqual([])
  if (yamlPackageReads(source.text)) expect(yamlPackageReads(output), 'other readers can read it').toBe(true)
  if (isFresh) expect(keepsAll(source.text, output), 'nothing is removed or altered').toBe(true)

  // An encoding is the same for all that the engine does: it sees the text, and passes the encoding on.
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    const read = decoded(source.label, encodeText(source.text, encoding, true))
    expect([read.encoding, read.bom, read.text], encoding).toEqual([encoding, true, source.text])
  }
  // One run stands for a byte order mark, another encoding, and CR LF where the text has only LF.
  const ends = source.text.includes('\r') ? '\n' : '\r\n'
  const other = decoded(source.label, encodeText(source.text.replaceAll('\n', ends), 'utf-16be', true))
  expect(await put(other), 'the same edits with a byte order mark and CR LF').toBe(output.replaceAll('\n', ends))
}
