import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A folder with an input, the words of a command line, and what must come of it. */
export interface Case {
  /** `theme/name`. */
  name: string
  folder: string
  /** The command line after the program's name; paths are relative to a copy of the case's folder. */
  args: readonly string[]
  /** Input files by their path in that copy: `input.yaml`, or `input/a.yaml`. */
  inputs: ReadonlyMap<string, Buffer>
  /** The sidecar templates of the case, or those that all cases share, as `templates/NAME.yaml`. */
  templates: ReadonlyMap<string, Buffer>
  /** What the folder holds beside input, words and templates: the recorded results. */
  goldens: ReadonlySet<string>
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
export const CASES_FOLDER = join(FIXTURES, 'cases')

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}

function readAll(folder: string, names: readonly string[], prefix = ''): Map<string, Buffer> {
  return new Map(names.map((name) => [prefix + name, readFileSync(join(folder, name))]))
}

/** The words of a case: its own, or those of its theme. */
function argsOf(folder: string, theme: string): string[] {
  const path = [join(folder, 'args.json'), join(theme, 'args.json')].find(existsSync)
  const words: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'))
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  throw new Error(`${folder}: args.json must be a list of words`)
}

function readCase(theme: string, name: string): Case {
  const folder = join(CASES_FOLDER, theme, name)
  const files = filesIn(folder)
  const own = files.filter((file) => file.startsWith('templates/'))
  const inputs = files.filter((file) => /^input(?:\.[^/]+$|\/)/.test(file))
  const known = new Set([...own, ...inputs, 'args.json'])
  const shared = join(FIXTURES, 'templates')
  return {
    name: `${theme}/${name}`,
    folder,
    args: argsOf(folder, join(CASES_FOLDER, theme)),
    inputs: readAll(folder, inputs),
    templates: own.length > 0 ? readAll(folder, own) : readAll(shared, filesIn(shared), 'templates/'),
    goldens: new Set(files.filter((file) => !known.has(file))),
  }
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

/** All cases, by theme and name. */
export function readCases(): Case[] {
  return foldersIn(CASES_FOLDER).flatMap((theme) =>
    foldersIn(join(CASES_FOLDER, theme)).map((name) => readCase(theme, name)),
  )
}
