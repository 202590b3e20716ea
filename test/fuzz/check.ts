import fs, { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateInputs } from '../../src/core/validate/validate-inputs.ts'
import { hasErrors } from '../../src/core/diagnostics/diagnostic.ts'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import { LATEST } from '../../src/core/kube/version.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { decodeText } from '../../src/core/text/decode.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { schemaLoader } from '../../src/io/schema-loader.ts'
import { keepsAll, yamlPackageReads } from '../cases/additions.ts'

/** Templates by name, from the files of the cases. */
const TEMPLATES = {
  tail: ['templates', 'tail.yaml'],
  pulse: ['templates', 'pulse.yaml'],
  gate: ['templates', 'gate.yaml'],
  ship: ['cases', 'kinds', 'kserve-shared-object', 'templates', 'ship.yaml'],
} as const

/**
 * What runs are asked for in turn: small sidecars of the cases, which between them add to every list and map that
 * sidecars can add to, bring an object along, and lead Services elsewhere.
 */
export function smallSidecars(root: string): readonly InjectOptions[] {
  const sources = new Map(
    Object.entries(TEMPLATES).map(([name, file]) => {
      const path = join(root, 'fixtures', ...file)
      return [name, new SourceText(path, readFileSync(path, 'utf8'))]
    }),
  )
  const all: InjectOptions = {
    parameters: [],
    kubeVersion: LATEST,
    validate: false,
    templates: [],
    builtins: { names: [...sources.keys()], read: (name) => sources.get(name) },
    loadSchema: schemaLoader({ fs, schemasFolder: join(root, 'dist', 'schemas') }),
  }
  const parameters = [{ template: 'pulse', name: 'grace', value: '45' }]
  return [
    { ...all, sidecars: ['tail', 'pulse'], parameters },
    { ...all, sidecars: ['ship', 'tail'], modes: new Map([['', 'classic']]) },
    {
      ...all,
      sidecars: ['tail', 'pulse'],
      parameters,
      modes: new Map([['', 'native']]),
      starts: new Map([
        ['tail', 'last'],
        ['pulse', 'before:tail'],
      ]),
      onConflict: 'rename',
    },
    { ...all, sidecars: ['gate'], retargetServices: true, onConflict: 'keep' },
  ]
}

/** What came of a text: the code of its first error, or whether it was changed. */
export type Verdict = { broken: string } | { refused: string } | { changed: boolean }

/** Checks that the engine keeps its promises for any text; a refusal keeps them, unless it is for a fault of our own. */
export async function judge(source: SourceText, options: InjectOptions): Promise<Verdict> {
  const put = async (text: string): Promise<{ text: string; error: string | undefined; isAdopted: boolean }> => {
    const result = await inject([new SourceText(source.label, text)], options)
    const error = result.diagnostics.find((d) => d.severity === 'error')
    const isAdopted = result.diagnostics.some(({ code }) => code === 'RECORD_ADOPTED')
    return { text: result.files[0]?.output ?? '', error: error && `${error.code}: ${error.message}`, isAdopted }
  }
  const done = await put(source.text)
  const isFresh = !/injected\.sidecarctl\.dev\/|sidecarctl\.dev\/(?:injected|retargeted)/.test(source.text)
  // A record that was spoilt may claim what it does not own; then this refusal is right.
  if (done.error?.startsWith('EDIT_UNSAFE') && isFresh) return { broken: done.error }
  if (done.error !== undefined) return { refused: done.error }
  if (done.text === source.text) return { changed: false }
  if (hasErrors(readInput(new SourceText(source.label, done.text)).diagnostics))
    return { broken: 'the result cannot be read' }
  const again = await put(done.text)
  if (again.error !== undefined || again.text !== done.text)
    return { broken: `a second run differs: ${again.error ?? ''}` }
  // A sidecar that was there without a record comes out as one with a record does: what was there before it nobody knows.
  if (!isFresh || done.isAdopted) return { changed: true }
  const undone = await uninject([new SourceText(source.label, done.text)], options)
  if (undone.files[0]?.output !== source.text) return { broken: 'not undone exactly' }
  if (!keepsAll(source.text, done.text)) return { broken: 'more than additions' }
  // Others read no stream of JSON values, which is what a value becomes that gets a further object.
  const isStream = /^\s*\{/.test(source.text) && !done.text.includes('\n---')
  if (!isStream && yamlPackageReads(source.text) && !yamlPackageReads(done.text))
    return { broken: 'other readers cannot read the result' }
  return { changed: true }
}

/** The same for bytes, which need not be text. An exception is a broken promise, too. */
export async function judgeBytes(bytes: Uint8Array, options: InjectOptions): Promise<Verdict> {
  try {
    const decoded = decodeText('input', bytes)
    if (!decoded.ok) return { refused: 'TEXT_ENCODING' }
    await validateInputs([decoded.source], { ...options, strictKinds: false, definitions: [] })
    return await judge(decoded.source, options)
  } catch (error) {
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
