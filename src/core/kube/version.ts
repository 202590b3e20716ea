/** A Kubernetes minor release, `1.N`. Patch releases do not change what the API server accepts. */
export interface KubeVersion {
  minor: number
}

/** The minors of Kubernetes 1 with a schema of their own, oldest first. */
export const KNOWN_MINORS = [31, 32, 33, 34, 35, 36] as const

/** The version used when none is asked for: the newest known. */
export const LATEST: KubeVersion = { minor: KNOWN_MINORS[KNOWN_MINORS.length - 1] as number }

/** Reads `1.31`, `v1.31.4`, `1.31.4-gke.100` or `latest`; undefined if it is not a known version. */
export function parseKubeVersion(text: string): KubeVersion | undefined {
  if (text === 'latest') return LATEST
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]*)?$/.exec(text)
  if (match === null) return undefined
  const minor = Number(match[1])
  return (KNOWN_MINORS as readonly number[]).includes(minor) ? { minor } : undefined
}
