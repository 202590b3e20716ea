import { POD_SECURITY_LEVELS, type PodSecurityLevel } from '../core/pod-security/control.ts'
import type { Host } from '../io/host.ts'
import { VALIDATION_FORMATS, type ValidationFormat } from '../report/validation/formats.ts'
import { commonOptions, configOf, oneOf, type CommonOptions, type RawOptions, type RunOptions } from './options.ts'

/** One validation, fully decided. Frozen. */
export interface ValidateRunOptions extends CommonOptions {
  /** The policy file, which may name the version; as in `RunOptions`. Default: find. */
  readonly config: RunOptions['config']
  /** What goes to standard output. Default: text. */
  readonly format: ValidationFormat
  /** Kinds without a schema are errors. Default: no. */
  readonly strictKinds: boolean
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
    definitions: raw.crd ?? [],
    podSecurity: raw.podSecurity === undefined ? undefined : oneOf('--pod-security', raw.podSecurity, POD_SECURITY_LEVELS),
  })
}
