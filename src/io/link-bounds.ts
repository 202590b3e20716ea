import { basename, dirname, join, relative, sep } from 'node:path'
import { findUpward } from './find-upward.ts'
import type { FileSystem } from './host.ts'
import { isManifestName } from './manifest-name.ts'
import { systemReason } from './errors.ts'

/** Limits for links that a run finds in folders. A path that the user named is followed wherever it leads. */
export interface LinkLimits {
  /** Whether all links are followed. Default: no. */
  followLinks?: boolean | undefined
  /**
   * The folder that links must not lead out of, if the paths come from a file in it and not from the user; such paths
   * are not patterns. Default: the git repository of the given folder, otherwise that folder.
   */
  root?: string | undefined
}

/** Version control folders, which can contain credentials: no link into them is followed. */
const CONTROL_FOLDERS = new Set(['.git', '.hg', '.svn'])

/** Whether a relative path contains a version control folder. */
export function isInControlFolder(path: string): boolean {
  return path.split(/[\\/]/).some((name) => CONTROL_FOLDERS.has(name))
}

/**
 * Decides which links in a folder are followed. In CI anyone can contribute a change to a folder, and messages show
 * lines of the files that are read: so a link may lead only to a manifest of the same repository.
 */
export class LinkBounds {
  readonly #fs: FileSystem
  readonly #folder: string
  readonly #limits: LinkLimits
  #root: string | undefined

  /** @param folder the given folder, absolute */
  constructor(fs: FileSystem, folder: string, limits: LinkLimits) {
    this.#fs = fs
    this.#folder = folder
    this.#limits = limits
  }

  /** Why the file or folder at a path in the folder is not read, for a message; undefined if it may be read. */
  refusal(path: string): string | undefined {
    if (this.#limits.followLinks === true) return undefined
    try {
      return this.#reason(path)
    } catch (error) {
      return `its link cannot be resolved: ${systemReason(error)}`
    }
  }

  #reason(path: string): string | undefined {
    const real = this.#fs.realpathSync(path)
    if (real === join(this.#fs.realpathSync(this.#folder), relative(this.#folder, path))) return undefined
    const inside = relative(this.#rootFolder(), real)
    const [first] = inside.split(sep)
    if (first === '..' || inside === real) return 'it leads, through a link, out of the repository or the given folder'
    if (isInControlFolder(inside)) return 'it leads, through a link, into a version control folder'
    if (!this.#fs.statSync(real).isFile() || isManifestName(basename(real))) return undefined
    return 'it leads to a file that is not a .yaml, .yml or .json file'
  }

  #rootFolder(): string {
    if (this.#root !== undefined) return this.#root
    const { root } = this.#limits
    const folder = this.#fs.realpathSync(root ?? this.#folder)
    const git = root === undefined ? findUpward(this.#fs, folder, '.git') : undefined
    this.#root = git === undefined ? folder : dirname(git)
    return this.#root
  }
}
