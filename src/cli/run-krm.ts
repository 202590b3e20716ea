import { hasErrors } from '../core/diagnostics/diagnostic.ts'
import type { Json } from '../core/json/json.ts'
import { readFunctionConfig } from '../core/krm/function-config.ts'
import { readRawDocument, splitDocuments } from '../core/yaml/read/split.ts'
import type { Host } from '../io/host.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import type { RunCommand } from './commands/command.ts'
import { resolveSidecarOptions } from './commands/sidecar-options.ts'
import { editManifests, type EditOptions } from './edit-manifests.ts'
import { EXIT } from './exit-code.ts'
import { withFunctionConfig } from './krm.ts'
import { readInputsOf } from './read-inputs.ts'
import { reportEnv } from './report-env.ts'
import { UsageError } from './usage-error.ts'

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
  const data = await configFile(host, raw.fnConfig)
  const { config, diagnostics } = readFunctionConfig(data)
  if (hasErrors(diagnostics)) {
    await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
    return EXIT.findings
  }
  const merged = withFunctionConfig(options, config)
  const policy = config.inlinePolicy !== undefined && merged.config === 'find' ? { config: { file: raw.fnConfig } } : {}
  return await editManifests('inject', { ...merged, ...policy }, host, loadEngine)
}

/** The data of a file that holds one document. */
async function configFile(host: Host, path: string): Promise<Json> {
  const { files, diagnostics } = await readInputsOf(host, [path], { recursive: false })
  const [file] = files
  if (file === undefined) throw new UsageError(`--fn-config ${path}: ${diagnostics[0]?.message ?? 'cannot be read'}`)
  const [doc] = splitDocuments(file.source).flatMap(readRawDocument)
  if (doc === undefined || !('root' in doc)) throw new UsageError(`--fn-config ${path}: not a YAML document`)
  return doc.data ?? null
}
