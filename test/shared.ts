import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Recorded facts about real programs, kept beside a checkout by the maintainers; not part of a clone. */
export const SHARED = process.env['SIDECARCTL_SHARED'] ?? fileURLToPath(new URL('../../shared', import.meta.url))

/** The reason to skip a test that needs `path` below the shared folder, or undefined when it is there. */
export function missing(path: string): string | undefined {
  return existsSync(`${SHARED}/${path}`) ? undefined : `needs ${path} of the maintainers' shared folder`
}
