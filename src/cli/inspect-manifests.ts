import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { RunResult } from '../core/inject/result.ts'
import type { Host } from '../io/host.ts'
import type { Loaded } from '../io/read-files.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import { emptySelection } from './empty-selection.ts'
import type { EngineLoader } from './engine.ts'
import { ONLY_INJECTED, type UnchosenIn } from './engine-settings.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import { runEngine } from './load-manifests.ts'
import { openRun } from './open-run.ts'
import { inputsText } from './inputs-text.ts'
import type { LoadedPolicies } from './policy.ts'
import { print, type Printed } from './print.ts'
import { withRunContext } from './run-context.ts'
import { unusedRules } from './unused-rules.ts'
import type { ChangeOptions } from './staged.ts'

/** What inject would do with manifests. */
export interface Inspection {
  host: Host
  result: RunResult
  loaded: Loaded
  settings: InjectOptions
  policies: LoadedPolicies
  /** All findings, of inputs and of the run. */
  diagnostics: readonly Diagnostic[]
}

/** The report of a command. */
export interface InspectionReport {
  text: string
  /** Printed on standard error after the diagnostics. */
  summary?: string
  /** Whether the manifests differ from what inject would make, where that is what the command reports. */
  findings?: boolean
}

/** How a command inspects manifests. */
export interface InspectionKind {
  /** Whether a long input may be read in parts. Default: no. */
  inParts?: boolean
  /** What workloads get for which nobody selects sidecars. Default: only what is injected already counts. */
  unchosen?: UnchosenIn
  /** Whether what is injected is compared, so that it is an error where it cannot be. Default: yes. */
  compares?: boolean
  /** Whether the resources that sidecars add are computed. Default: yes. */
  costs?: boolean
  printed?: Printed
  report(inspection: Inspection): Promise<InspectionReport>
}

/**
 * Reports what inject would do, without changing anything. The report is what was asked for, so it goes to standard
 * output even if there are errors; diagnostics and totals go to standard error.
 */
export async function inspectManifests(
  options: SidecarOptions & Partial<ChangeOptions>,
  to: Host,
  loadEngine: EngineLoader,
  kind: InspectionKind,
): Promise<ExitCode> {
  return await withRunContext(to, options, async (run) => {
    const { host } = run
    const how = { inParts: kind.inParts === true, unchosen: kind.unchosen ?? ONLY_INJECTED }
    const manifests = await openRun(run, options, loadEngine, how)
    if (manifests === undefined) return EXIT.failure
    const { engine, env, settings, diagnostics: before } = manifests
    const inspecting = { ...settings, force: 'silent' as const, costs: kind.costs !== false }
    const { result, loaded } = await runEngine(manifests.loaded, engine.inject, inspecting)
    const unused = unusedRules(result, manifests.policies, options, host)
    const found =
      kind.compares === false
        ? result.diagnostics.filter(({ code }) => code !== 'SIDECAR_NOT_COMPARED')
        : result.diagnostics
    const all = [...before, ...emptySelection(result, options), ...unused, ...found]
    const shown = options.verbosity === 'verbose' ? all : all.filter(({ severity }) => severity !== 'info')
    const {
      text,
      summary = '',
      findings = false,
    } = await kind.report({ host, result, loaded, settings, policies: manifests.policies, diagnostics: all })
    await print(host, kind.printed ?? 'text', () => [text])
    await host.stderr.write(diagnosticsText(shown, env))
    await host.stderr.write(summary + inputsText(manifests, env.verbosity))
    const code = exitCodeOf(all)
    return code === EXIT.ok && findings ? EXIT.findings : code
  })
}
