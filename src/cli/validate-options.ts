import { POD_SECURITY_LEVELS, type PodSecurityLevel } from '../core/validate/pod-security/control.ts'
import type { Host } from '../io/host.ts'
import { VALIDATION_FORMATS, type ValidationFormat } from '../report/validation/formats.ts'
import { commonOptions, configOf, oneOf, type CommonOptions, type RawOptions, type RunOptions } from './options.ts'
import { UsageError } from './usage-error.ts'

/** One validation, fully decided. Frozen. */
export interface ValidateRunOptions extends CommonOptions {
  /** The policy file, which may name the version; as in `RunOptions`. Default: find. */
  readonly config: RunOptions['config']
  /** What goes to standard output. Default: text. */
  readonly format: ValidationFormat
  /** Kinds without a schema are errors. Default: no. */
  readonly strictKinds: boolean
  /** API versions that are off by default and that the cluster serves. Default: none. */
  readonly served: ReadonlySet<string>
  /** Files, folders or Helm charts with CustomResourceDefinitions. Default: none. */
  readonly definitions: readonly string[]
  /** The level that pods must satisfy. Default: undefined, which asks nothing. */
  readonly podSecurity: PodSecurityLevel | undefined
}

/** Turns flags and arguments into one frozen, typed object; throws UsageError for what cannot be meant. */
export function resolveValidateOptions(raw: RawOptions, args: readonly string[], host: Host): ValidateRunOptions {
  return Object.freeze<ValidateRunOptions>({
    ...commonOptions(raw, args, host),
    config: configOf(raw.config),
    format: raw.output === undefined ? 'text' : oneOf('-o/--output', raw.output, VALIDATION_FORMATS),
    strictKinds: raw.strictKinds === true,
    served: new Set((raw.served ?? []).map(apiVersionOf)),
    definitions: raw.crd ?? [],
    podSecurity: raw.podSecurity === undefined ? undefined : oneOf('--pod-security', raw.podSecurity, POD_SECURITY_LEVELS),
  })
}

function apiVersionOf(text: string): string {
  if (/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/v\d+(?:(?:alpha|beta)\d+)?$/.test(text)) return text
  throw new UsageError(`--served '${text}' is not an API version`, 'write it as GROUP/VERSION, for example --served resource.k8s.io/v1beta1')
}
