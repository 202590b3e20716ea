import { realPathOf } from './stat.ts'
import type { Dirent, Stats } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { shellWord } from '../core/common/shell-word.ts'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { SourceText } from '../core/text/source.ts'
import { IgnoreRules } from './gitignore.ts'
import { fixedFolder, isPattern, matchPattern } from './file-pattern.ts'
import type { FileSystem } from './host.ts'
import { LinkBounds, type LinkLimits } from './link-bounds.ts'
import { isManifestName } from './manifest-name.ts'
import { slashed } from './path-text.ts'
import { errorCode, systemReason } from './errors.ts'

/** One input to read: standard input, or a file. */
export type InputFile =
  | { kind: 'stdin' }
  | {
      kind: 'file'
      /** The path as typed by the user, or in a folder typed by the user, with `/`. */
      label: string
      /** Absolute, links not followed. */
      path: string
      /** Absolute; writing through a link must not leave this folder. */
      root: string
      /** Its path with all links resolved, where that was found on the way. */
      realPath?: string
      /** Set for a file that a folder was searched for; absent for one that the user named, or a pattern of theirs. */
      inFolder?: true
      /** False for a pipe or a device named by the user, which can be read but not written. */
      regular: boolean
    }

export interface DiscoveredInputs {
  files: readonly InputFile[]
  diagnostics: readonly Diagnostic[]
}

/** Folders that belong to a tool; `-R .` must not rewrite their files. kubectl would read them. */
const TOOL_FOLDERS = new Set(['.git', '.hg', '.svn', 'node_modules'])
/** Maximum number of entries that are searched for the hint about -R. */
const HINT_LIMIT = 2000

const URL_LIKE = /^https?:\/\//i

function about(label: string): { at: { source: SourceText; range: { start: number; end: number } } } {
  return { at: fileLocation(label) }
}

/** Byte order of UTF-8, which is the order of code points, as Go's sort has it. */
function byBytes({ name: a }: Dirent, { name: b }: Dirent): number {
  if (a === b) return 0
  // The order of code units is another one only beside surrogates.
  return SURROGATE.test(a) || SURROGATE.test(b) ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1
}

const SURROGATE = /[\uD800-\uDFFF]/

interface FolderWalk {
  fs: FileSystem
  recursive: boolean
  root: string
  /** The real path of the folder where the walk began. */
  real: string
  bounds: LinkBounds
  ignored: IgnoreRules | undefined
  isRead: (name: string) => boolean
  files: InputFile[]
  diagnostics: Diagnostic[]
}

function visitEntry(walk: FolderWalk, entry: Dirent, label: string, path: string): void {
  if (!walk.isRead(entry.name)) return
  const { root } = walk
  if (entry.isFile()) {
    // No link leads from the top of the walk to here.
    const realPath = walk.real + path.slice(root.length)
    walk.files.push({ kind: 'file', label, path, root, realPath, regular: true, inFolder: true })
    return
  }
  let stat: Stats
  try {
    stat = walk.fs.statSync(path)
    const refusal = entry.isSymbolicLink() && stat.isFile() ? walk.bounds.refusal(path) : undefined
    if (refusal !== undefined) {
      walk.diagnostics.push(outside(label, refusal))
      return
    }
  } catch (error) {
    walk.diagnostics.push(unreadable(label, error))
    return
  }
  if (stat.isFile()) walk.files.push({ kind: 'file', label, path, root, regular: true, inFolder: true })
  else {
    const what = stat.isDirectory() ? 'a link to a folder' : 'a pipe, socket or device'
    walk.diagnostics.push(diagnostic('IO_SKIPPED', `not read: it is ${what}`, about(label)))
  }
}

/**
 * Walks a folder in the order of Go's filepath.Walk, which kubectl uses: entries by bytes, a subfolder at the
 * position of its name. Links to folders are not followed, as in kubectl, so there are no loops.
 */
function walkFolder(walk: FolderWalk, topLabel: string, topPath: string): void {
  const pending = [{ label: topLabel, path: topPath, entry: undefined as Dirent | undefined, ignored: walk.ignored }]
  for (;;) {
    const next = pending.pop()
    if (next === undefined) return
    if (next.entry !== undefined && !next.entry.isDirectory()) {
      visitEntry(walk, next.entry, next.label, next.path)
      continue
    }
    if (next.entry !== undefined && (!walk.recursive || TOOL_FOLDERS.has(next.entry.name))) continue
    let entries: Dirent[]
    try {
      entries = walk.fs.readdirSync(next.path, { withFileTypes: true })
    } catch (error) {
      walk.diagnostics.push(unreadable(next.label, error))
      continue
    }
    const ignored =
      next.entry === undefined || !entries.some(({ name }) => name === '.gitignore')
        ? next.ignored
        : next.ignored?.within(walk.fs, next.path)
    const prefix = next.label.endsWith('/') ? next.label : `${next.label}/`
    const folder = next.path.endsWith(sep) ? next.path : next.path + sep
    for (const entry of entries.sort((a, b) => byBytes(b, a))) {
      const path = folder + entry.name
      if (ignored?.ignores(path, entry.isDirectory()) !== true)
        pending.push({ label: prefix + entry.name, path, entry, ignored })
    }
  }
}

function unreadable(label: string, error: unknown): Diagnostic {
  const code = errorCode(error)
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? diagnostic('IO_NOT_FOUND', 'no such file or folder', about(label))
    : diagnostic('IO_UNREADABLE', `cannot be read: ${systemReason(error)}`, about(label))
}

function outside(label: string, refusal: string): Diagnostic {
  const hint = 'name the file itself, or read such files with --follow-links'
  return diagnostic('IO_LINK_OUTSIDE', `not read: ${refusal}`, { ...about(label), hint })
}

/** Whether a subfolder of a folder contains a manifest; searches a bounded number of entries. */
function holdsDeeper(fs: FileSystem, path: string): boolean {
  const pending = [path]
  let looked = 0
  while (pending.length > 0 && looked < HINT_LIMIT) {
    const folder = pending.shift() as string
    try {
      for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        looked++
        if (entry.isDirectory() && !TOOL_FOLDERS.has(entry.name)) pending.push(join(folder, entry.name))
        else if (folder !== path && isManifestName(entry.name) && entry.isFile()) return true
      }
    } catch {
      continue
    }
  }
  return false
}

function expandFolder({ fs, recursive, limits }: Search, label: string, path: string): DiscoveredInputs {
  const walk: FolderWalk = {
    fs,
    recursive,
    root: path,
    real: realPathOf(fs, path) ?? path,
    bounds: new LinkBounds(fs, path, limits),
    ignored: limits.gitignore === true ? IgnoreRules.for(fs, path) : undefined,
    isRead: (name) => isManifestName(name) || limits.alsoNamed === name,
    files: [],
    diagnostics: [],
  }
  walkFolder(walk, label, path)
  if (walk.files.length === 0 && !walk.diagnostics.some((d) => d.severity === 'error')) {
    const all = { ...walk, ignored: undefined, files: [], diagnostics: [] }
    if (walk.ignored !== undefined) walkFolder(all, label, path)
    const isIgnored = all.files.length > 0
    const ofFolders = !recursive && holdsDeeper(fs, path) ? 'use -R to read its subfolders too' : undefined
    const hint = isIgnored ? 'read them with --no-ignore' : ofFolders
    const message = isIgnored
      ? 'git ignores all .yaml, .yml and .json files of the folder'
      : 'the folder contains no .yaml, .yml or .json file'
    walk.diagnostics.push(diagnostic('IO_NO_MANIFESTS', message, { ...about(label), ...(hint && { hint }) }))
  }
  return walk
}

/** What a search skips in folders. */
export interface DiscoverLimits extends LinkLimits {
  /** Whether files that git ignores are skipped. Default: no. */
  gitignore?: boolean
  /** The name of other files that are read in folders. Default: none. */
  alsoNamed?: string
}

/** The parameters of a search for inputs. */
interface Search {
  fs: FileSystem
  cwd: string
  recursive: boolean
  limits: DiscoverLimits
}

/** @param bounds set for a path that a pattern matched, which the user did not name */
function expandPath(search: Search, typed: string, bounds?: LinkBounds): DiscoveredInputs {
  const label = slashed(typed)
  const path = resolve(search.cwd, typed)
  try {
    const stat = search.fs.statSync(path)
    const refusal = bounds?.refusal(path)
    if (refusal !== undefined) return { files: [], diagnostics: [outside(label, refusal)] }
    if (stat.isDirectory()) return expandFolder(search, label, path)
    const file: InputFile = { kind: 'file', label, path, root: dirname(path), regular: stat.isFile() }
    return { files: [file], diagnostics: [] }
  } catch (error) {
    return { files: [], diagnostics: [unreadable(label, error)] }
  }
}

function expandOne(search: Search, typed: string): DiscoveredInputs {
  if (typed === '-') return { files: [{ kind: 'stdin' }], diagnostics: [] }
  if (URL_LIKE.test(typed)) {
    const hint = `download it and pipe it in: curl -fsS ${shellWord(typed)} | sidecarctl inject -`
    const message = 'URLs are not supported: sidecarctl never uses the network'
    return { files: [], diagnostics: [diagnostic('IO_URL', message, { ...about(typed), hint })] }
  }
  if (typed === '') {
    return { files: [], diagnostics: [diagnostic('IO_NOT_FOUND', 'the path is empty', about("''"))] }
  }
  const found = expandPath(search, typed)
  const { fs, cwd, limits } = search
  if (limits.root !== undefined || !isPattern(typed) || found.diagnostics[0]?.code !== 'IO_NOT_FOUND') return found
  const bounds = new LinkBounds(fs, resolve(cwd, fixedFolder(typed)), limits)
  const matches = matchPattern(fs, typed, cwd).map((match) => expandPath(search, match, bounds))
  if (matches.length === 0) return found
  return { files: matches.flatMap((m) => m.files), diagnostics: matches.flatMap((m) => m.diagnostics) }
}

function identity(fs: FileSystem, file: InputFile): string {
  return file.kind === 'stdin' ? '-' : (file.realPath ?? realPathOf(fs, file.path) ?? file.path)
}

function distinct(fs: FileSystem, files: readonly InputFile[]): InputFile[] {
  const seen = new Set<string>()
  return files.filter((file) => {
    const id = identity(fs, file)
    if (seen.has(id)) return false
    seen.add(id)
    return true
  })
}

/**
 * The files named by PATH arguments and -f values, in order, each once even when named twice or through a
 * link. As in kubectl a folder gives its .yaml, .yml and .json files (with `recursive` those of its subfolders too),
 * a name that does not exist may be a pattern (`*`, `?`, `[a-z]`), and a file named by the user may have any extension.
 * Unlike kubectl it ignores folders that belong to a tool (.git, .hg, .svn, node_modules) unless named by the user, and
 * reports, without reading them, links in a folder that lead out of its repository.
 */
export function discoverInputs(
  fs: FileSystem,
  typed: readonly string[],
  cwd: string,
  recursive: boolean,
  limits: DiscoverLimits = {},
): DiscoveredInputs {
  const found = typed.map((path) => expandOne({ fs, cwd, recursive, limits }, path))
  const files = found.flatMap((one) => one.files)
  return { files: files.length < 2 ? files : distinct(fs, files), diagnostics: found.flatMap((one) => one.diagnostics) }
}
