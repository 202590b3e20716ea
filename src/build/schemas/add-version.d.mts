/** The text of releases.mjs with a row for a minor, behind the others. */
export function withRelease(text: string, minor: string, states: string): string
/** The text of version.ts with a minor, behind the others. */
export function withMinor(text: string, minor: string): string
