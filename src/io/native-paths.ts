import type * as nodeFs from 'node:fs'
import type { Dirent } from 'node:fs'
import { hasForeignBytes, pathBytes, pathText } from '../core/text/path-bytes.ts'

/** The number of leading arguments of a function that are paths. */
const PATHS = {
  accessSync: 1,
  linkSync: 2,
  lstatSync: 1,
  mkdirSync: 1,
  openSync: 1,
  readFileSync: 1,
  readlinkSync: 1,
  renameSync: 2,
  statSync: 1,
  symlinkSync: 2,
  unlinkSync: 1,
} as const

/** The functions that take or return paths. */
type PathFunctions = Pick<typeof nodeFs, keyof typeof PATHS | 'readdirSync' | 'realpathSync'>

/** The character that Node substitutes for bytes that are not UTF-8. */
const REPLACED = '\uFFFD'

type Call = (...args: unknown[]) => unknown

function native(path: unknown): unknown {
  return typeof path === 'string' && hasForeignBytes(path) ? Buffer.from(pathBytes(path)) : path
}

function withPaths(call: Call, count: number): Call {
  return (...args) => call(...args.map((arg, n) => (n < count ? native(arg) : arg))) // bounded: the arguments of one call
}

/** Node's file system with names that need not be UTF-8 (see `pathText`). Node takes such names only as bytes. */
export function withNativePaths<T extends PathFunctions>(fs: T): T {
  const wrapped = Object.fromEntries(
    Object.entries(PATHS).map(([name, count]) => [name, withPaths(fs[name as keyof typeof PATHS] as Call, count)]),
  )
  return { ...fs, ...wrapped, readdirSync: readdirOf(fs) as T['readdirSync'], realpathSync: realpathOf(fs) }
}

function readdirOf(fs: PathFunctions): Call {
  const readdir = fs.readdirSync as Call
  return (path, options) => {
    const entries = readdir(native(path), options) as (string | Dirent)[]
    if (!entries.some((entry) => (typeof entry === 'string' ? entry : entry.name).includes(REPLACED))) return entries
    const raw = readdir(native(path), { ...(options as object), encoding: 'buffer' }) as (Buffer | Dirent<Buffer>)[]
    return raw.map((entry) =>
      Buffer.isBuffer(entry) ? pathText(entry) : Object.assign(entry, { name: pathText(entry.name) }),
    )
  }
}

function realpathOf(fs: PathFunctions): PathFunctions['realpathSync'] {
  const realpath = (path: string): string => {
    try {
      const real = hasForeignBytes(path) ? undefined : fs.realpathSync(path)
      if (real?.includes(REPLACED) === false) return real
    } catch {
      // A link in the path can lead to such a name.
    }
    return pathText(fs.realpathSync.native(native(path) as string, { encoding: 'buffer' }))
  }
  return Object.assign(realpath, { native: fs.realpathSync.native }) as PathFunctions['realpathSync']
}
