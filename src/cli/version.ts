/** Set by the build; undefined when tests run the sources. */
declare const SIDECARCTL_VERSION: string | undefined

/** The version of the program, from package.json. */
export function version(): string {
  return typeof SIDECARCTL_VERSION === 'string' ? SIDECARCTL_VERSION : '0.0.0-source'
}
