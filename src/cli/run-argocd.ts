import { hasErrors } from '../core/diagnostics/diagnostic.ts'
import { isObject, type JsonObject, parseJson } from '../core/json/json.ts'
import { INJECTION_KIND, readFunctionConfig } from '../core/krm/function-config.ts'
import { POLICY_API_VERSION } from '../core/selection/policy-schema.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import type { RunCommand } from './commands/command.ts'
import { resolveEditOptions } from './commands/inject.ts'
import { editManifests } from './edit-manifests.ts'
import { EXIT } from './exit-code.ts'
import { withFunctionConfig } from './krm.ts'
import { reportEnv } from './report-env.ts'
import { UsageError } from './usage-error.ts'

/** The parameters that `plugin.yaml` announces. Paths are not among them: an Application must not name files. */
const PARAMETERS: ReadonlySet<string> = new Set(['sidecars', 'set', 'mode', 'start', 'kubernetesVersion'])

/** Injects the manifests of the working folder, with the parameters that Argo CD passes. */
export const runArgocdPlugin: RunCommand = async ({ host, loadEngine }) => {
  const options = resolveEditOptions({ quiet: true, recursive: true }, ['.'], host)
  const spec = parametersOf(host.env['ARGOCD_APP_PARAMETERS'])
  const { config, diagnostics } = readFunctionConfig(
    { apiVersion: POLICY_API_VERSION, kind: INJECTION_KIND, spec },
    (field) => `ARGOCD_APP_PARAMETERS, ${field.replace(/^spec\./, '')}`,
  )
  if (hasErrors(diagnostics)) {
    await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
    return EXIT.failure
  }
  return await editManifests(
    'inject',
    { ...withFunctionConfig(options, config), refusesSources: true },
    host,
    loadEngine,
  )
}

/**
 * Parameters as Argo CD writes them: a list of a name with `string`, `array` or `map`. Empty values are those that the
 * user left out. Source: Argo CD, "Config Management Plugins", `ARGOCD_APP_PARAMETERS`.
 */
function parametersOf(text: string | undefined): JsonObject {
  if (text === undefined || text.trim() === '') return {}
  const list = parseJson(text)
  if (!Array.isArray(list)) throw new UsageError('ARGOCD_APP_PARAMETERS is not a JSON list of parameters')
  const spec: JsonObject = {}
  for (const one of list) {
    const name = isObject(one) ? one['name'] : undefined
    if (!isObject(one) || typeof name !== 'string' || !PARAMETERS.has(name)) {
      const known = `use one of: ${[...PARAMETERS].join(', ')}`
      throw new UsageError(`unknown parameter ${JSON.stringify(name ?? null)} in ARGOCD_APP_PARAMETERS`, known)
    }
    const value = one['array'] ?? one['map'] ?? one['string'] ?? ''
    if (value === '' || Object.keys(value as object).length === 0) continue
    spec[name] = value
  }
  return spec
}
