import { basename, dirname, join, relative, resolve } from 'node:path'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import { namesIn } from '../io/stat.ts'
import {
  BARE_KUSTOMIZATION,
  holdsNoObject,
  isChartFile,
  KUSTOMIZATION_NAMES,
  kustomizationFiles,
  purposeByName,
  type FilePurpose,
} from '../core/kube/file-purpose.ts'
import { isBlankText } from '../core/yaml/read/blank.ts'
import { readRawDocument, splitDocuments } from '../core/yaml/read/split.ts'
import { SourceText } from '../core/text/source.ts'
import type { Host } from '../io/host.ts'
import { slashed } from '../io/path-text.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import { hintOf, purposeText, type OtherFile } from '../report/other-files.ts'

/** Larger files are no kustomizations. */
const MAX_SIZE = 1 << 20

export interface OtherFileOptions {
  /** Whether files in folders without any object are errors, as in `validate`. Default: no. */
  strict?: boolean
  /** Whether Compose files that were named as PATH are inputs. Default: no. */
  compose?: boolean
}

/**
 * Removes from the inputs the files that are not manifests: patches and settings of kustomize, Helm charts, Compose files,
 * CI workflows and so on. One that was named as PATH is reported as a warning.
 */
export function withoutOtherFiles(
  host: Host,
  loaded: Loaded,
  typed: readonly string[],
  how: OtherFileOptions = {},
): Loaded & { others: readonly OtherFile[] } {
  const finder = new PurposeFinder(host)
  const others = new Map<string, OtherFile>()
  const named = new Set(typed.map((path) => resolve(host.cwd, path)))
  const isNamed = ({ file }: LoadedFile): boolean => file.kind === 'file' && named.has(file.path)
  const files = loaded.files.filter((one) => {
    const isUnknown = (): boolean =>
      how.strict !== true &&
      one.file.kind === 'file' &&
      !isNamed(one) &&
      isWhole(one) &&
      holdsNoObject(one.source.text) &&
      !isBlankText(one.source)
    const found = finder.find(one)
    if (how.compose === true && found?.purpose === 'compose' && isNamed(one)) return true
    const other = others.get(one.source.label) ?? found ?? (isUnknown() ? unknownFile(one.source) : undefined)
    if (other !== undefined) others.set(other.label, other)
    return other === undefined
  })
  const told = loaded.files.flatMap((one) => {
    const other = isNamed(one) ? others.get(one.source.label) : undefined
    return other === undefined || one.source.isContinued ? [] : [toldOf(other)]
  })
  return { ...loaded, files, diagnostics: [...loaded.diagnostics, ...told], others: [...others.values()] }
}

function unknownFile(source: SourceText): OtherFile {
  const isUnreadable = splitDocuments(source)
    .flatMap(readRawDocument)
    .some((doc) => 'error' in doc)
  return { label: source.label, purpose: 'unknown', isUnreadable }
}

/** Of a long file one part says nothing of the others. */
function isWhole({ source }: LoadedFile): boolean {
  return !source.isStored && !source.isContinued
}

/** Says that a file is skipped. */
export function toldOf(other: OtherFile, rest: Pick<Diagnostic, 'hint'> & { severity?: 'error' } = {}): Diagnostic {
  const at = fileLocation(other.label)
  const hint = hintOf(other)
  return diagnostic('FILE_NOT_MANIFEST', `not a manifest, skipped: ${purposeText(other)}`, { at, hint, ...rest })
}

/** Files from which kustomize and Helm make manifests. */
const SOURCES: ReadonlySet<FilePurpose> = new Set(['kustomization', 'helm-chart'])

/** One file of each kustomization and chart. */
export function sourcesOf(others: readonly OtherFile[]): OtherFile[] {
  const sources = others.filter(({ purpose }) => SOURCES.has(purpose))
  return sources.filter(({ by }, n) => sources.findIndex((other) => other.by === by) === n)
}

class PurposeFinder {
  readonly #host: Host
  /** By folder: the Helm charts that it is in, the innermost first; none above the top of its git repository. */
  readonly #charts = new Map<string, readonly string[]>()
  /** By path: what a kustomization names it for. */
  readonly #purposes = new Map<string, Pick<OtherFile, 'purpose' | 'by' | 'isComponent'>>()
  /** What a kustomization names as manifests, whatever another says. */
  readonly #resources = new Set<string>()

  constructor(host: Host) {
    this.#host = host
  }

  find({ source, file }: LoadedFile): OtherFile | undefined {
    if (file.kind === 'stdin') return undefined
    const { label } = source
    const charts = this.#chartsOf(dirname(file.path))
    if (!this.#resources.has(file.path)) {
      const named = this.#purposes.get(file.path)
      if (named !== undefined) return { label, ...named }
      const chart = charts.find((folder) => isChartFile(slashed(relative(folder, file.path))))
      if (chart !== undefined) return { label, purpose: 'helm-chart', by: this.#shown(chart) || '.' }
    }
    // It is not a kustomization, and no other tool reads a file of this name.
    if (file.inFolder === true && basename(file.path) === BARE_KUSTOMIZATION) return { label, purpose: 'unknown' }
    const purpose = source.isContinued ? undefined : purposeByName(slashed(file.path), source.text)
    return purpose === undefined ? undefined : { label, purpose }
  }

  /** The charts that a folder is in; on the way, reads the kustomizations of the folder and of those above it. */
  #chartsOf(folder: string): readonly string[] {
    const known = this.#charts.get(folder)
    if (known !== undefined) return known
    const names = new Set(namesIn(this.#host.fs, folder))
    for (const name of KUSTOMIZATION_NAMES) if (names.has(name)) this.#readKustomization(join(folder, name))
    const isTop = names.has('.git') || dirname(folder) === folder
    const isChart = names.has('Chart.yaml') || names.has('Chart.yml')
    const above = isTop ? [] : this.#chartsOf(dirname(folder))
    const charts = isChart ? [folder, ...above] : above
    this.#charts.set(folder, charts)
    return charts
  }

  #readKustomization(path: string): void {
    const source = textOf(this.#host, path)
    const found = source === undefined ? undefined : kustomizationFiles(source)
    if (found === undefined) return
    const by = this.#shown(path)
    const part = found.isComponent ? { isComponent: true as const } : {}
    const note = (purpose: FilePurpose) => (name: string) =>
      this.#purposes.set(resolve(dirname(path), name), { purpose, by, ...part })
    this.#purposes.set(path, { purpose: 'kustomization', by, ...part })
    found.settings.forEach(note('kustomize-settings'))
    found.patches.forEach(note('kustomize-patch'))
    for (const name of found.resources) this.#resources.add(resolve(dirname(path), name))
  }

  #shown(path: string): string {
    return slashed(relative(this.#host.cwd, path))
  }
}

function textOf({ fs }: Host, path: string): SourceText | undefined {
  try {
    const stat = fs.statSync(path)
    return stat.isFile() && stat.size <= MAX_SIZE ? new SourceText(path, fs.readFileSync(path, 'utf8')) : undefined
  } catch {
    return undefined
  }
}
