/** The parts of an image reference. */
export interface ImageReference {
  /** Such as `docker.io`, which is the default. */
  registry: string
  /** Such as `library/busybox`. */
  repository: string
  tag: string | undefined
  /** Such as `sha256:...`. */
  digest: string | undefined
}

const REPOSITORY = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[a-z0-9]+:[0-9a-f]{32,}$/

/**
 * Reads an image reference as container runtimes do (`ParseNormalizedNamed` of distribution/reference): the part before
 * the first slash is a registry if it has a dot, a colon or a capital letter, or is `localhost`; else the image is on
 * docker.io, below library/ if it has no slash.
 * @returns undefined for what is not a reference
 */
export function parseImageReference(text: string): ImageReference | undefined {
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const named = at < 0 ? text : text.slice(0, at)
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1)
  const tag = colon < 0 ? undefined : named.slice(colon + 1)
  const path = colon < 0 ? named : named.slice(0, colon)
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(slash, 0))
  const isRegistry = first === 'localhost' || /[.:A-Z]/.test(first)
  const registry = isRegistry ? (first === 'index.docker.io' ? 'docker.io' : first) : 'docker.io'
  const rest = isRegistry ? path.slice(slash + 1) : path
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest
  if (text.length > 500 || !REPOSITORY.test(repository)) return undefined
  if ((tag !== undefined && !TAG.test(tag)) || (digest !== undefined && !DIGEST.test(digest))) return undefined
  return { registry, repository, tag, digest }
}

/** The name of an image with its registry, without tag and digest. */
export function imageName({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`
}
