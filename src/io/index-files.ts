import type { Dirent, Stats } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { pathText } from '../core/text/path-bytes.ts'
import { commitOf, git, namesIn, readBlobs, submoduleAt, SUBMODULE, type Repository } from './git.ts'
import type { FileSystem } from './host.ts'
import { isManifestName } from './manifest-name.ts'

/** A file or a link of the index. */
interface Blob {
  kind: 'file' | 'link'
  id: string
  repository: Repository
}

interface Folder {
  kind: 'folder'
  entries: Map<string, Node>
}

type Node = Blob | Folder

/** The mode of a link in an index or a tree. */
const LINK = '120000'
/** Number of blobs that one call of git reads. */
const BATCH = 1000
/** As on Linux (path_resolution(7)). */
const MAX_LINKS = 40
/** Descriptors of files of the index; the system gives small numbers. */
const FIRST_DESCRIPTOR = 1 << 30

/** Paths in the index that belong to several versions of a file: a merge has conflicts. */
export class UnmergedError extends Error {
  readonly paths: readonly string[]

  constructor(paths: readonly string[]) {
    super('unmerged paths')
    this.paths = paths
  }
}

function systemError(code: 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'EISDIR' | 'EINVAL' | 'EIO', path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path })
}

/** A line of `git ls-files --stage` (MODE ID STAGE TAB PATH) or `git ls-tree -r` (MODE TYPE ID TAB PATH). */
function entryOf(line: string): { mode: string; words: string[]; path: string } {
  const tab = line.indexOf('\t')
  const words = line.slice(0, tab).split(' ')
  return { mode: words[0] as string, words, path: line.slice(tab + 1) }
}

/** The contents of blobs, read many at a time. */
class BlobReader {
  readonly #contents = new Map<string, Buffer>()
  readonly #pending = new Map<Repository, Set<string>>()

  /** Notes a blob that is probably read later. */
  expect({ id, repository }: Blob): void {
    let ids = this.#pending.get(repository)
    if (ids === undefined) this.#pending.set(repository, (ids = new Set()))
    ids.add(id)
  }

  read(blob: Blob, path: string): Buffer {
    const known = this.#contents.get(blob.id)
    if (known !== undefined) return known
    const pending = this.#pending.get(blob.repository) ?? new Set<string>()
    const ids = [blob.id]
    for (const id of pending) {
      if (ids.length === BATCH) break
      if (id !== blob.id) ids.push(id)
    }
    for (const id of ids) pending.delete(id)
    for (const [id, content] of readBlobs(blob.repository, ids)) this.#contents.set(id, content)
    const content = this.#contents.get(blob.id)
    if (content === undefined) throw systemError('EIO', path)
    return content
  }
}

/** The files of an index as a tree of folders; those of a submodule are as its commit in the index has them. */
class IndexTree {
  readonly top: string
  readonly #root: Folder = { kind: 'folder', entries: new Map() }
  readonly #blobs = new BlobReader()

  constructor(repository: Repository) {
    this.top = repository.top
    const unmerged = new Set<string>()
    for (const line of namesIn(git(repository, ['ls-files', '--stage', '-z']))) {
      const { mode, words, path } = entryOf(line)
      if (words[2] !== '0') unmerged.add(path)
      else this.#add(path.split('/'), mode, words[1] as string, repository)
    }
    if (unmerged.size > 0) throw new UnmergedError([...unmerged])
  }

  #add(names: readonly string[], mode: string, id: string, repository: Repository): void {
    if (mode === SUBMODULE) return this.#addSubmodule(names, id, repository)
    const name = names.at(-1) as string
    const blob: Blob = { kind: mode === LINK ? 'link' : 'file', id, repository }
    if (isManifestName(name)) this.#blobs.expect(blob)
    this.folder(names.slice(0, -1)).entries.set(name, blob)
  }

  /** A submodule that is not checked out is an empty folder, as in the working tree. */
  #addSubmodule(names: readonly string[], commit: string, around: Repository): void {
    this.folder(names)
    const submodule = submoduleAt(join(this.top, ...names), around) // bounded: the names of one path
    if (submodule === undefined) return
    let tree: Buffer
    try {
      tree = git(submodule, ['ls-tree', '-r', '-z', '--full-tree', commitOf(submodule, commit)])
    } catch {
      // The commit has not been fetched.
      return
    }
    for (const line of namesIn(tree)) {
      const { mode, words, path } = entryOf(line)
      this.#add([...names, ...path.split('/')], mode, words[2] as string, submodule)
    }
  }

  /** The folder with a path from the top, made if it does not exist. */
  folder(names: readonly string[]): Folder {
    let at = this.#root
    for (const name of names) {
      let next = at.entries.get(name)
      if (next?.kind !== 'folder') at.entries.set(name, (next = { kind: 'folder', entries: new Map() }))
      at = next
    }
    return at
  }

  content(blob: Blob, path: string): Buffer {
    return this.#blobs.read(blob, path)
  }

  /** The names from the top to a path; undefined for a path outside or in the folder of git. */
  names(path: string): string[] | undefined {
    const inside = relative(this.top, path)
    const names = inside === '' ? [] : inside.split(sep)
    return names[0] === '..' || inside === path || names.includes('.git') ? undefined : names
  }

  /**
   * What a path leads to, with its links resolved, the last one if `follow` says so.
   * @returns the path alone if it leads out of the index
   */
  find(path: string, follow: boolean): { node?: Node; path: string } {
    let target = path
    for (let links = 0; links <= MAX_LINKS; links++) {
      const names = this.names(target)
      if (names === undefined) return { path: target }
      const found = this.#walk(names, follow, target)
      if (!('link' in found)) return { node: found, path: target }
      target = resolve(dirname(found.at), pathText(this.content(found.link, found.at)), ...found.rest) // bounded: the names of one path
    }
    throw systemError('ELOOP', path)
  }

  /** The node at a path, or the first link on the way. */
  #walk(names: readonly string[], follow: boolean, path: string): Node | { link: Blob; at: string; rest: string[] } {
    let node: Node = this.#root
    for (const [n, name] of names.entries()) {
      if (node.kind !== 'folder') throw systemError('ENOTDIR', path)
      const next: Node | undefined = node.entries.get(name)
      if (next === undefined) throw systemError('ENOENT', path)
      const rest = names.slice(n + 1)
      if (next.kind === 'link' && (follow || rest.length > 0))
        return { link: next, at: join(this.top, names.slice(0, n + 1).join(sep)), rest }
      node = next
    }
    return node
  }
}

/** The status of a file of the index, as far as the program asks for it. */
function statsOf(tree: IndexTree, node: Node, path: string): Stats {
  const stats = {
    isFile: () => node.kind === 'file',
    isDirectory: () => node.kind === 'folder',
    isSymbolicLink: () => node.kind === 'link',
    isCharacterDevice: () => false,
    get size() {
      return node.kind === 'folder' ? 0 : tree.content(node, path).length
    },
    mode: node.kind === 'folder' ? 0o755 : 0o644,
    mtimeMs: 0,
    ino: 0,
  }
  return stats as Stats
}

function direntOf(name: string, parentPath: string, kind: Node['kind']): Dirent {
  return {
    name,
    parentPath,
    isFile: () => kind === 'file',
    isDirectory: () => kind === 'folder',
    isSymbolicLink: () => kind === 'link',
  } as Dirent
}

/**
 * A file system in which a repository is as its index has it, so that what is read is what `git commit` would store.
 * Everything outside of the repository, and in its folder `.git`, is as it is. Throws UnmergedError, and what git reports.
 * @param cwd the working folder, which exists even if the index has no file in it
 */
export function indexFiles(fs: FileSystem, repository: Repository, cwd: string): FileSystem {
  const tree = new IndexTree(repository)
  const real = (path: string): string => realFolder(fs, resolve(path), tree)
  const names = tree.names(real(cwd))
  if (names !== undefined) tree.folder(names)
  const open = new Map<number, { blob: Blob; path: string; at: number }>()
  let next = FIRST_DESCRIPTOR

  const find = (path: string, follow = true) => tree.find(real(path), follow)
  const stat = (follow: boolean) => (path: string, options?: { throwIfNoEntry?: boolean }) => {
    try {
      const { node, path: target } = find(path, follow)
      if (node !== undefined) return statsOf(tree, node, target)
      return follow ? fs.statSync(target, options) : fs.lstatSync(target, options)
    } catch (error) {
      if (options?.throwIfNoEntry === false && isMissing(error)) return undefined
      throw error
    }
  }
  const contentOf = (path: string): Buffer | undefined => {
    const { node, path: target } = find(path)
    if (node === undefined) return undefined
    if (node.kind === 'folder') throw systemError('EISDIR', path)
    return tree.content(node, target)
  }
  const own = {
    statSync: stat(true),
    lstatSync: stat(false),
    accessSync: (path: string, mode?: number) => {
      const { node, path: target } = find(path)
      if (node === undefined) fs.accessSync(target, mode)
    },
    realpathSync: (path: string) => {
      const { node, path: target } = find(path)
      return node === undefined ? fs.realpathSync(target) : target
    },
    readlinkSync: (path: string) => {
      const { node, path: target } = find(path, false)
      if (node === undefined) return fs.readlinkSync(target)
      if (node.kind !== 'link') throw systemError('EINVAL', path)
      return pathText(tree.content(node, target))
    },
    readdirSync: (path: string, options?: { withFileTypes?: boolean }) => {
      const { node, path: target } = find(path)
      if (node === undefined) return fs.readdirSync(target, options as { withFileTypes: true })
      if (node.kind !== 'folder') throw systemError('ENOTDIR', path)
      const entries = [...node.entries].map(([name, { kind }]) => direntOf(name, target, kind))
      // Where a repository ends is known by its `.git`.
      if (fs.statSync(join(target, '.git'), { throwIfNoEntry: false }) !== undefined)
        entries.push(direntOf('.git', target, 'folder'))
      return options?.withFileTypes === true ? entries : entries.map(({ name }) => name)
    },
    openSync: (path: string, flags: string | number, mode?: number) => {
      const isRead = flags === 'r' || (typeof flags === 'number' && (flags & 3) === 0)
      const found = isRead ? find(path) : { path }
      if (found.node === undefined) return fs.openSync(found.path, flags, mode)
      if (found.node.kind === 'folder') throw systemError('EISDIR', path)
      open.set(next, { blob: found.node, path: found.path, at: 0 })
      return next++
    },
    closeSync: (fd: number) => {
      if (!open.delete(fd)) fs.closeSync(fd)
    },
    fstatSync: (fd: number) => {
      const file = open.get(fd)
      return file === undefined ? fs.fstatSync(fd) : statsOf(tree, file.blob, file.path)
    },
    readFileSync: (from: string | number, options?: BufferEncoding) => {
      const file = typeof from === 'number' ? open.get(from) : undefined
      const content =
        file !== undefined ? tree.content(file.blob, file.path) : typeof from === 'string' ? contentOf(from) : undefined
      if (content === undefined) return fs.readFileSync(from, options)
      return options === undefined ? content : content.toString(options)
    },
    readSync: (fd: number, into: Buffer, offset: number, length: number, position: null) => {
      const file = open.get(fd)
      if (file === undefined) return fs.readSync(fd, into, offset, length, position)
      const count = tree.content(file.blob, file.path).copy(into, offset, file.at, file.at + length)
      file.at += count
      return count
    },
  }
  return { ...fs, ...(own as unknown as Partial<FileSystem>) }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** A path with the links on the way into the repository resolved; unchanged if it is already below its top or outside. */
function realFolder(fs: FileSystem, path: string, tree: IndexTree): string {
  if (tree.names(path) !== undefined) return path
  const rest: string[] = []
  for (let at = path; ; at = dirname(at)) {
    try {
      const found = join(fs.realpathSync(at), ...rest) // bounded: the names of one path
      return tree.names(found) === undefined ? path : found
    } catch {
      if (dirname(at) === at) return path
      rest.unshift(relative(dirname(at), at))
    }
  }
}
