import { dirname, join, relative, resolve, sep } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { linkStatOf, realPathOf } from '../io/stat.ts'
import { asksOfNamespace } from '../core/selection/namespaces.ts'
import { decodeText } from '../core/text/decode.ts'
import { findChanged, readBlobs, type ChangedFiles } from '../io/git.ts'
import type { Host } from '../io/host.ts'
import { isManifestName } from '../io/manifest-name.ts'
import { isBelow, slashed } from '../io/path-text.ts'
import type { LoadedFile } from '../io/read-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import type { CommonOptions, ConfigOption } from './commands/shared-options.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import { POLICY_FILE, type LoadedPolicies, type LoadedPolicy } from './policy.ts'
import type { RunInputs } from './read-inputs.ts'
import type { ChangeOptions } from './staged.ts'

/** The inputs of a run, split by `--since` or `--staged`. */
export interface SinceResult {
  files: readonly LoadedFile[]
  /** The inputs that did not change; sidecars that their Namespace objects request still count. */
  unchanged: readonly LoadedFile[]
  /** Files that changed and are not manifests. */
  others: readonly OtherFile[]
  diagnostics: readonly Diagnostic[]
  /** Problems with one input each. */
  ofInputs: readonly Diagnostic[]
}

/** What affects inputs other than itself. */
export interface SharedSettings {
  policies: LoadedPolicies
  /** What flags such as `-t` name: the files that were read, and the paths as typed. */
  named: { files: readonly LoadedFile[]; paths: readonly string[] }
}

export type SinceOptions = Partial<Pick<SidecarOptions, 'since'> & ChangeOptions> &
  Pick<CommonOptions, 'paths' | 'recursive'> & { config: ConfigOption }

/**
 * Keeps the inputs that changed since a git revision; standard input always counts as changed. If a file changed or was
 * removed that affects others, those are kept too: of a policy or its templates, the files that it applies to; of a file of
 * `-t` or `--values` or a Namespace object that requests sidecars, or did so in that revision, all.
 */
export function changedSince(
  options: SinceOptions,
  { files, others, diagnostics: ofInputs }: RunInputs,
  settings: SharedSettings,
  host: Host,
): SinceResult {
  const { since, changed: known } = options
  const revision = since ?? 'HEAD'
  const changed = known ?? findChanged(host, revision)
  if ('code' in changed) return { files: [], unchanged: [], others: [], diagnostics: [changed], ofInputs }
  const changes = new Changes(changed, host)
  const causeOfAll =
    changes.amongNamed(settings) ?? changes.amongNamespaces(files) ?? changes.amongEarlierNamespaces(files, options)
  const causeOf = causeOfAll === undefined ? changes.causesBy(settings.policies, options) : () => causeOfAll
  const causes = new Set<Cause>(causeOfAll && [causeOfAll])
  const kept = files.filter((file) => {
    const cause = causeOf(file)
    if (cause !== undefined) causes.add(cause)
    return cause !== undefined || changes.has(file)
  })
  const diagnostics = [...causes].map(({ label, isRemoved }) => {
    const which = kept.length === files.length ? 'all files' : 'all files that it applies to'
    const what = isRemoved ? 'was removed' : 'changed'
    return diagnostic(
      'IO_SINCE_ALL',
      `${label} ${what} since ${revision} and affects other files, so ${which} are checked`,
    )
  })
  const isKept = new Set(kept)
  const isAll = kept.length === files.length && causeOfAll !== undefined
  return {
    files: kept,
    unchanged: files.filter((file) => !isKept.has(file)),
    others: isAll ? others : others.filter(({ label }) => changes.hasName(label)),
    diagnostics,
    // A file that cannot be read and did not change is no reason to fail, as one that cannot be parsed is not.
    ofInputs: isAll
      ? ofInputs
      : ofInputs.filter(
          ({ at }) => at === undefined || !isFile(host, at.source.label) || changes.hasName(at.source.label),
        ),
  }
}

/** A file that affects others. */
interface Cause {
  label: string
  isRemoved: boolean
}

/** The changes since a revision, and which of them affect files other than their own. */
class Changes {
  readonly #changed: ChangedFiles
  readonly #host: Host
  readonly #removed: readonly string[]

  constructor(changed: ChangedFiles, host: Host) {
    this.#changed = changed
    this.#host = host
    this.#removed = [...changed.earlier].filter(([, { isRemoved }]) => isRemoved).map(([path]) => path)
  }

  has({ file }: LoadedFile): boolean {
    return file.kind === 'stdin' || this.#isAmong(file.path)
  }

  hasName(label: string): boolean {
    return this.#isAmong(resolve(this.#host.cwd, label))
  }

  /** A file that flags name, or one that was removed from a folder that they name. */
  amongNamed({ named }: SharedSettings): Cause | undefined {
    return this.#firstOf(named.files) ?? this.#removedBelow(named.paths.map((path) => resolve(this.#host.cwd, path)))
  }

  /** A changed file with a Namespace object that requests sidecars. */
  amongNamespaces(files: readonly LoadedFile[]): Cause | undefined {
    return this.#firstOf(files.filter(({ source }) => asksOfNamespace(source)))
  }

  /** A file that changed or was removed, whose Namespace object requested sidecars in the revision. */
  amongEarlierNamespaces(
    files: readonly LoadedFile[],
    { paths, recursive }: Pick<SinceOptions, 'paths' | 'recursive'>,
  ): Cause | undefined {
    const inputs = new Set(files.flatMap(({ file }) => (file.kind === 'stdin' ? [] : [this.#real(file.path)])))
    const folders = paths.map((path) => this.#real(resolve(this.#host.cwd, path)))
    const wasInput = (path: string): boolean =>
      folders.some((folder) => (recursive ? isBelow(folder, path) : dirname(path) === folder))
    const found = [...this.#changed.earlier].filter(
      ([path, { isRemoved }]) => isManifestName(path) && (isRemoved ? wasInput(path) : inputs.has(path)),
    )
    for (const repository of new Set(found.map(([, earlier]) => earlier.repository))) {
      const entries = found.filter(([, earlier]) => earlier.repository === repository)
      const contents = readBlobs(
        repository,
        entries.map(([, { id }]) => id),
      )
      for (const [path, { id, isRemoved }] of entries) {
        const bytes = contents.get(id)
        const text = bytes && decodeText(path, bytes)
        if (text?.ok === true && asksOfNamespace(text.source)) return { label: this.#shown(path), isRemoved }
      }
    }
    return undefined
  }

  /** What affects each input of a run by its policies: a policy file, or a template of one, that changed or was removed. */
  causesBy(
    policies: LoadedPolicies,
    { config }: Pick<SinceOptions, 'config'>,
  ): (file: LoadedFile) => Cause | undefined {
    const removed = config === 'find' ? this.#removed.filter((path) => path.endsWith(`${sep}${POLICY_FILE}`)) : []
    const removedCauses = removed.map((path) => ({ folder: dirname(path), cause: this.#asRemoved(path) }))
    const known = new Map<LoadedPolicy, Cause | undefined>()
    const causeOf = (policy: LoadedPolicy): Cause | undefined => {
      if (!known.has(policy))
        known.set(policy, this.#firstOf(policy.files) ?? this.#removedBelow(templatePaths(policy)))
      return known.get(policy)
    }
    return ({ source, file }) => {
      for (const policy of policies.chainOf(source.label)) {
        const cause = causeOf(policy)
        if (cause !== undefined) return cause
      }
      const path = file.kind === 'stdin' ? this.#host.cwd : dirname(file.path)
      const real = removedCauses.length === 0 ? path : this.#real(path)
      return removedCauses.find(({ folder }) => [path, real].some((at) => at === folder || isBelow(folder, at)))?.cause
    }
  }

  #firstOf(files: readonly LoadedFile[]): Cause | undefined {
    const file = files.find((one) => this.has(one))
    return file && { label: file.source.label, isRemoved: false }
  }

  /** A removed file with the name of a manifest in a folder or below it. @param folders absolute */
  #removedBelow(folders: readonly string[]): Cause | undefined {
    if (this.#removed.length === 0) return undefined
    const real = folders.map((folder) => this.#real(folder))
    const path = this.#removed.find((one) => isManifestName(one) && real.some((folder) => isBelow(folder, one)))
    return path === undefined ? undefined : this.#asRemoved(path)
  }

  #asRemoved(path: string): Cause {
    return { label: this.#shown(path), isRemoved: true }
  }

  #shown(path: string): string {
    return slashed(relative(this.#real(this.#host.cwd), path))
  }

  /**
   * Whether git lists a file as changed. Git names files by their real folders and a link by its own name; a change to the
   * target of a link counts too. Files outside the repository count as changed, since git does not know them.
   */
  #isAmong(path: string): boolean {
    const { top, paths, folders } = this.#changed
    const real = this.#real(path)
    return paths.has(path) || paths.has(real) || !isBelow(top, real) || folders.some((folder) => isBelow(folder, real))
  }

  /** With links resolved; as it is if it is gone, which was reported when it was read. */
  #real(path: string): string {
    return realPathOf(this.#host.fs, path) ?? path
  }
}

/** The absolute paths of the templates that a policy names. */
function templatePaths({ policy, files }: LoadedPolicy): string[] {
  const [own] = files
  if (policy === undefined || own === undefined || own.file.kind === 'stdin') return []
  const folder = dirname(own.file.path)
  return policy.templates.map(({ path }) => join(folder, path))
}

function isFile({ fs, cwd }: Host, label: string): boolean {
  return linkStatOf(fs, resolve(cwd, label))?.isDirectory() === false
}
