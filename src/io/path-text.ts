import { isAbsolute, relative, sep } from 'node:path'

/** A path for messages and patterns: with `/` on every system. */
export function slashed(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path
}

/** True for what is below a folder; both are absolute. */
export function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** A path relative to a folder, with `/`; undefined where it leads out of the folder. Both are absolute. */
export function pathBelow(folder: string, path: string): string | undefined {
  const inner = relative(folder, path)
  const isOutside = inner === '..' || inner.startsWith(`..${sep}`) || isAbsolute(inner)
  return isOutside ? undefined : slashed(inner)
}
