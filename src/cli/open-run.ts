import { diagnosticsText, type ReportEnv } from '../report/diagnostics.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import type { Engine, EngineLoader } from './engine.ts'
import { loadManifests, type LoadedManifests, type LoadHow } from './load-manifests.ts'
import { reportEnv } from './report-env.ts'
import type { RunContext } from './run-context.ts'
import type { ChangeOptions } from './staged.ts'

/** What a command that looks at manifests works with. */
export interface OpenRun extends LoadedManifests {
  engine: Engine
  env: ReportEnv
}

/**
 * Loads the engine, the policies and the manifests of a command.
 * @returns undefined where the policy or the changed files could not be read, which standard error says then
 */
export async function openRun(
  context: RunContext,
  options: SidecarOptions & Partial<ChangeOptions>,
  loadEngine: EngineLoader,
  how: LoadHow,
): Promise<OpenRun | undefined> {
  const env = reportEnv(context.host, options)
  const engine = await loadEngine()
  const manifests = await loadManifests(context, options, how)
  if (manifests.usable) return { ...manifests, engine, env }
  await context.host.stderr.write(diagnosticsText(manifests.diagnostics, env))
  return undefined
}
