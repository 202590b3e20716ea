/**
 * Rules for paths in the spec. Each function takes a path and returns what is wrong with it, as names.ts does.
 */

/** Source: `validatePathNoBacksteps`. */
export function noBacksteps(path: string): string[] {
  return path.split('/').includes('..') ? ["must not contain '..'"] : []
}

/** A path below some folder. Source: `validateLocalDescendingPath`. */
export function descendingPath(path: string): string[] {
  const faults = path.startsWith('/') ? ['must be a relative path'] : []
  return [...faults, ...noBacksteps(path)]
}

/** A path below some folder whose first name is not a reserved one. Source: `ValidateLocalNonReservedPath`. */
export function nonReservedPath(path: string): string[] {
  const faults = descendingPath(path)
  if (path.startsWith('..') && !path.startsWith('../') && path !== '..') faults.push("must not start with '..'")
  return faults
}
