const EXTENSIONS = new Set(['.json', '.yaml', '.yml'])

/** Whether kubectl would read a file with this name from a folder: by its extension, in lower case. */
export function isManifestName(name: string): boolean {
  const dot = name.lastIndexOf('.')
  return dot >= 0 && EXTENSIONS.has(name.slice(dot))
}
