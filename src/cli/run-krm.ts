import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { Json } from '../core/json/json.ts'
import { readFunctionConfig } from '../core/krm/function-config.ts'
import { unreadable } from '../core/validate/read-diagnostics.ts'
import { readRawDocument, splitDocuments } from '../core/yaml/read/split.ts'
import type { Host } from '../io/host.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import type { RunCommand } from './commands/command.ts'
import { resolveSidecarOptions } from './commands/sidecar-options.ts'
import { editManifests, type EditOptions } from './edit-manifests.ts'
import { EXIT } from './exit-code.ts'
import { pathProblems, withFunctionConfig } from './krm.ts'
import { readInputsOf } from './read-inputs.ts'
import { reportEnv } from './report-env.ts'

/** The codes of files that the functionConfig names and that do not exist. */
const MISSING: ReadonlySet<Diagnostic['code']> = new Set(['IO_NOT_FOUND', 'CONFIG_NOT_FOUND'])

/** Runs `sidecarctl krm`: on a ResourceList, or with --fn-config on a stream of manifests. */
export const runKrmCommand: RunCommand = async ({ raw, host, loadEngine }) => {
  const options: EditOptions = {
    ...resolveSidecarOptions(raw, ['-'], host),
    output: 'as-is',
    write: false,
    keepGoing: false,
    skipFailing: false,
    report: undefined,
    stripLive: false,
    isFunction: raw.fnConfig === undefined,
  }
  if (raw.fnConfig === undefined) return await editManifests('inject', options, host, loadEngine)
  const env = reportEnv(host, options)
  const file = await configFile(host, raw.fnConfig)
  if ('diagnostics' in file) {
    await host.stderr.write(diagnosticsText(file.diagnostics, env))
    return EXIT.failure
  }
  const { config, diagnostics } = readFunctionConfig(file.data)
  const problems = [...diagnostics, ...pathProblems(host, config, options.followLinks)]
  if (hasErrors(problems)) {
    await host.stderr.write(diagnosticsText(problems.map(at(file.at)), env))
    return problems.some(({ code }) => MISSING.has(code)) ? EXIT.failure : EXIT.findings
  }
  const merged = withFunctionConfig(options, config)
  const policy = config.inlinePolicy !== undefined && merged.config === 'find' ? { config: { file: raw.fnConfig } } : {}
  return await editManifests('inject', { ...merged, ...policy }, host, loadEngine)
}

/** The document of `--fn-config`, and where it is; or what is wrong with the file. */
type ConfigFile = { data: Json; at: NonNullable<Diagnostic['at']> } | { diagnostics: readonly Diagnostic[] }

/** Reads the file of `--fn-config`, which holds one document. */
async function configFile(host: Host, path: string): Promise<ConfigFile> {
  const { files, diagnostics } = await readInputsOf(host, [path], { recursive: false })
  const [file] = files
  if (file === undefined) return { diagnostics }
  const docs = splitDocuments(file.source).flatMap(readRawDocument)
  const unread = docs.flatMap((doc) => ('error' in doc ? [unreadable(doc)] : []))
  if (unread.length > 0) return { diagnostics: unread }
  const read = docs.flatMap((doc) => ('root' in doc && doc.root !== undefined && doc.data !== null ? [doc] : []))
  const [doc, second] = read
  const start = { source: file.source, range: { start: 0, end: 0 } }
  if (doc === undefined || second !== undefined) {
    const range = { start: second?.root?.start ?? 0, end: second?.root?.start ?? 0 }
    const message = `--fn-config must be one functionConfig: the file has ${second === undefined ? 'none' : 'several'}`
    return { diagnostics: [diagnostic('FUNCTION_CONFIG', message, { at: { ...start, range } })] }
  }
  return { data: doc.data ?? null, at: start }
}

/** Adds a position to diagnostics. */
function at(place: NonNullable<Diagnostic['at']>): (found: Diagnostic) => Diagnostic {
  return (found) => ({ ...found, at: place })
}
