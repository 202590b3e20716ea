import { resolve } from 'node:path'
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { isEqual } from '../../core/json/equality.ts'
import { isObject, type Json, type JsonObject } from '../../core/json/json.ts'
import { SourceText } from '../../core/text/source.ts'
import { isBlankText } from '../../core/yaml/read/blank.ts'
import { readRawDocument, splitDocuments } from '../../core/yaml/read/split.ts'
import type { Host } from '../../io/host.ts'
import type { LoadedFile } from '../../io/read-files.ts'
import { linkStatOf, statOf } from '../../io/stat.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { escapeText } from '../../report/escape.ts'
import { OBJECTS_FILE, patchFileName, patchFiles, type PatchTarget, type TargetSelector } from '../../report/patches.ts'
import { plural } from '../../report/plural.ts'
import type { SidecarOptions } from '../commands/sidecar-options.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { print } from '../print.ts'
import { readInputsOf } from '../read-inputs.ts'
import { reportEnv } from '../report-env.ts'
import type { MadePatches } from './make-patches.ts'

/** A patch that was committed. */
interface CommittedPatch {
  /** The file as given, with `/`. */
  file: string
  target: JsonObject
  patch: Json
}

/** Patches of ours add a record of what was injected, or change what has one. */
const OURS = /sidecarctl\.dev(?:~1|\/)/

/**
 * Compares committed patches with those that would be made now. Patches in the same file that are not ours are left out.
 * @param path a file with `patches`, such as a HelmRelease, or the folder of an export
 */
export async function checkPatches(
  host: Host,
  path: string,
  made: MadePatches & { target: PatchTarget },
  options: SidecarOptions,
): Promise<ExitCode> {
  const isFolder = statOf(host.fs, resolve(host.cwd, path))?.isDirectory() === true
  const folder = path.replace(/\/+$/, '')
  const loaded = await readInputsOf(host, [isFolder ? `${folder}/${patchFileName(made.target)}` : path], {
    recursive: false,
    followLinks: options.followLinks,
  })
  if (loaded.diagnostics.length > 0) return await fail(host, loaded.diagnostics, options)
  const committed = loaded.files.flatMap(patchesIn)
  const lines = [
    ...comparePatches(committed, made, loaded.files[0] as LoadedFile),
    ...(isFolder ? await compareObjects(host, folder, made, options) : []),
  ]
  await print(host, 'text', () => lines.map((line) => `${line}\n`))
  if (options.verbosity !== 'quiet') {
    const summary = lines.length === 0 ? 'up to date' : `${lines.length} not up to date`
    await host.stderr.write(`${plural(committed.length, 'patch', 'patches')}: ${summary}\n`)
  }
  return lines.length === 0 ? EXIT.ok : EXIT.findings
}

async function fail(host: Host, diagnostics: readonly Diagnostic[], options: SidecarOptions): Promise<ExitCode> {
  await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
  return EXIT.failure
}

/** What is wrong with committed patches, a line each: out of date, matching nothing, missing. */
function comparePatches(
  committed: readonly CommittedPatch[],
  { patches, targets, target }: MadePatches & { target: PatchTarget },
  { source }: LoadedFile,
): string[] {
  const [text] = patchFiles(target, patches, []).map((file) => file.text)
  const wanted = patchesOf(new SourceText('', text ?? ''))
  const left = new Map(wanted.map((one) => [keyOf(one.target), one.patch]))
  const known = new Set(targets.map((one) => keyOf({ ...one })))
  const lines = committed.map(({ file, target: to, patch }): string | undefined => {
    const key = keyOf(to)
    const now = left.get(key)
    left.delete(key)
    if (now !== undefined && isEqual(dataOf(now), dataOf(patch))) return undefined
    const name = `${escapeText(file)}: ${targetName(to)}`
    if (now !== undefined) return `${name}: the patch is outdated`
    return known.has(key)
      ? `${name}: the patch is left over: nothing changes this object`
      : `${name}: the patch matches no object`
  })
  const missing = wanted.filter((one) => left.has(keyOf(one.target)))
  return [
    ...lines.filter((line) => line !== undefined),
    ...missing.map((one) => `${escapeText(source.label)}: ${targetName(one.target)}: the patch is missing`),
  ]
}

async function compareObjects(
  host: Host,
  folder: string,
  { target, objects }: MadePatches & { target: PatchTarget },
  { followLinks }: SidecarOptions,
): Promise<string[]> {
  const label = `${folder}/${OBJECTS_FILE}`
  const isThere = linkStatOf(host.fs, resolve(host.cwd, label)) !== undefined
  if (!isThere) return objects.length === 0 ? [] : [`${escapeText(label)}: the objects of sidecars are missing`]
  const { files } = await readInputsOf(host, [label], { recursive: false, followLinks })
  const now = patchFiles(target, [], objects)[1]
  const found = files.map(({ source }) => documentsIn(source))
  const wanted = now === undefined ? [] : documentsIn(new SourceText('', now.text))
  return isEqual(found.flat(), wanted) ? [] : [`${escapeText(label)}: the objects of sidecars are outdated`]
}

function documentsIn(source: SourceText): Json[] {
  if (isBlankText(source)) return []
  return splitDocuments(source)
    .flatMap(readRawDocument)
    .flatMap((doc) => ('root' in doc && doc.data !== undefined ? [doc.data] : []))
}

function patchesIn({ source }: LoadedFile): CommittedPatch[] {
  return patchesOf(source).filter(({ patch }) => isOurs(patch))
}

function isOurs(patch: Json): boolean {
  return OURS.test(typeof patch === 'string' ? patch : JSON.stringify(patch))
}

/** All patches of a file: items of a list `patches`, wherever it is, and documents that are a patch each. */
function patchesOf(source: SourceText): CommittedPatch[] {
  const found: CommittedPatch[] = []
  const collect = (value: Json): void => {
    if (Array.isArray(value)) value.forEach(collect)
    if (!isObject(value)) return
    const { target, patch } = value
    if (isObject(target) && patch !== undefined) found.push({ file: source.label, target, patch })
    else Object.values(value).forEach(collect)
  }
  documentsIn(source).forEach(collect)
  return found
}

/** The operations of a patch, whether they are data or text. */
function dataOf(patch: Json): Json {
  return typeof patch === 'string' ? documentsIn(new SourceText('', patch)) : [patch]
}

const FIELDS: readonly (keyof TargetSelector)[] = ['group', 'version', 'kind', 'namespace', 'name']

function keyOf(target: JsonObject): string {
  return JSON.stringify(FIELDS.map((name) => target[name] ?? ''))
}

function targetName({ kind, namespace, name }: JsonObject): string {
  return escapeText(`${nameOf(kind)} ${namespace === undefined ? '' : `${nameOf(namespace)}/`}${nameOf(name)}`)
}

/** What a pattern of a target matches. */
function nameOf(pattern: Json | undefined): string {
  return typeof pattern === 'string' ? pattern.replaceAll('\\.', '.') : ''
}
