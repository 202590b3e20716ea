import { checkedKinds } from '../core/validate/list-kinds.ts'
import type { Host } from '../io/host.ts'
import { schemaLoader } from '../io/schema-loader.ts'
import { kindsJson, kindsText } from '../report/kinds.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { commonOptions, oneOf, type RawOptions } from './options.ts'
import { UsageError } from './usage-error.ts'

/** Runs `sidecarctl validate --list-kinds`: the kinds of a version with what is checked of each. */
export async function runListKinds(raw: RawOptions, paths: readonly string[], host: Host): Promise<ExitCode> {
  const { kubeVersion } = commonOptions(raw, [], host)
  if (paths.length > 0) throw new UsageError('--list-kinds takes no PATH', 'leave out the PATH, or the flag')
  const format = raw.output === undefined ? 'text' : oneOf('-o/--output', raw.output, ['text', 'json'] as const)
  const rows = checkedKinds(kubeVersion, schemaLoader(host))
  await host.stdout.write(format === 'json' ? kindsJson(kubeVersion, rows) : kindsText(rows))
  return EXIT.ok
}
