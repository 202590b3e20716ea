/** Formats of paths in a pod spec. Each function takes a path and returns its faults, as those of kube/names.ts do. */

/** Source: `validatePathNoBacksteps`. */
export function noBacksteps(path: string): string[] {
  return path.split('/').includes('..') ? ["must not contain '..'"] : []
}

/** A relative path that does not leave its folder. Source: `validateLocalDescendingPath`. */
export function descendingPath(path: string): string[] {
  const faults = path.startsWith('/') ? ['must be a relative path'] : []
  return [...faults, ...noBacksteps(path)]
}

/**
 * A relative path that does not leave its folder, nor begins with a reserved name (`..data`).
 * Source: `ValidateLocalNonReservedPath`.
 */
export function nonReservedPath(path: string): string[] {
  const faults = descendingPath(path)
  if (path.startsWith('..') && !path.startsWith('../') && path !== '..') faults.push("must not start with '..'")
  return faults
}
