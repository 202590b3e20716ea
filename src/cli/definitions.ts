import { join, resolve } from 'node:path'
import type { Host } from '../io/host.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import { namesIn, statOf } from '../io/stat.ts'
import { readInputsOf, type SearchOptions } from './read-inputs.ts'

/**
 * Reads what `--crd` names: files, bundles among them, folders with their subfolders, and Helm charts, of which
 * the `crds` folders count, those of charts within included. Of a folder only files that mention definitions are kept,
 * as others may be templates; if none does, all are kept, so that the missing definitions are reported.
 */
export async function readDefinitions(host: Host, paths: readonly string[], search: SearchOptions): Promise<Loaded> {
  const loaded: Loaded[] = []
  for (const path of paths) loaded.push(await readOne(host, path, search))
  return {
    files: loaded.flatMap(({ files }) => files),
    size: loaded.reduce((sum, { size }) => sum + size, 0),
    diagnostics: loaded.flatMap(({ diagnostics }) => diagnostics),
  }
}

async function readOne(host: Host, path: string, search: SearchOptions): Promise<Loaded> {
  const isFolder = isDirectory(host, path)
  const ofChart = isFolder ? chartDefinitions(host, path, 0) : []
  const loaded = await readInputsOf(host, ofChart.length > 0 ? ofChart : [path], search)
  const defining = isFolder ? loaded.files.filter(mentionsDefinitions) : []
  return defining.length > 0 ? { ...loaded, files: defining } : loaded
}

function mentionsDefinitions({ source }: LoadedFile): boolean {
  return source.text.includes('CustomResourceDefinition')
}

/** Charts may hold charts, which Helm installs with them. */
const MAX_CHART_DEPTH = 5

/** The folders with definitions of a Helm chart; none where the folder is no chart. */
function chartDefinitions(host: Host, chart: string, depth: number): string[] {
  if (depth > MAX_CHART_DEPTH || !names(host, chart).includes('Chart.yaml')) return []
  const own = join(chart, 'crds')
  const inner = names(host, join(chart, 'charts')).flatMap((name) =>
    chartDefinitions(host, join(chart, 'charts', name), depth + 1),
  )
  return isDirectory(host, own) ? [own, ...inner] : inner
}

function names({ fs, cwd }: Host, path: string): string[] {
  return namesIn(fs, resolve(cwd, path)).sort()
}

function isDirectory({ fs, cwd }: Host, path: string): boolean {
  return statOf(fs, resolve(cwd, path))?.isDirectory() === true
}
