const EXTENSIONS = new Set(['.json', '.yaml', '.yml'])

/** True for a name that kubectl reads from a folder: the extension counts, in lower case as kubectl has it. */
export function isManifestName(name: string): boolean {
  const dot = name.lastIndexOf('.')
  return dot >= 0 && EXTENSIONS.has(name.slice(dot))
}
