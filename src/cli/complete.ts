import type { Command, Option } from 'commander'
import { openTemplates } from '../core/template/library.ts'
import type { ParameterSpec, Template } from '../core/template/template.ts'
import { builtinTemplates } from '../io/builtin-templates.ts'
import type { Host } from '../io/host.ts'
import { readInputsOf } from './read-inputs.ts'
import { UsageError } from './usage-error.ts'

/**
 * What the shell does with the candidates, as bits. Source: cobra `ShellCompDirective`, which kubectl expects of
 * `kubectl_complete-NAME`.
 */
const DIRECTIVE = { files: 0, noSpace: 2, noFiles: 4, folders: 16 } as const

/** A word that can stand where the cursor is, and what it means. */
interface Candidate {
  word: string
  about: string
}

interface Completion {
  candidates: readonly Candidate[]
  directive: number
}

/** What completion works with. */
export interface CompletionContext {
  /** The program with all its commands. */
  program: Command
  host: Host
  /** Runs a command line without any input and returns the error in it; nothing is read, printed or written. */
  tryOut: (argv: readonly string[]) => Promise<unknown>
}

/** Words without a description. */
function words(texts: readonly string[], directive: number = DIRECTIVE.noFiles): Completion {
  return { candidates: texts.map((word) => ({ word, about: '' })), directive }
}

const NOTHING: Completion = { candidates: [], directive: DIRECTIVE.noFiles }
const FILES: Completion = { candidates: [], directive: DIRECTIVE.files }
const FOLDERS: Completion = { candidates: [], directive: DIRECTIVE.folders }

/**
 * Completes a command line: one candidate a line with a tab and its description, then `:` and the directive.
 * @param words what stands behind the program's name, up to the cursor; the last is the word to complete, perhaps empty
 */
export async function complete(words: readonly string[], context: CompletionContext): Promise<string> {
  const word = words.at(-1) ?? ''
  const { candidates, directive } = await completionOf(words.slice(0, -1), word, context)
  const lines = candidates
    .filter((candidate) => candidate.word.startsWith(word))
    .map(({ word: full, about }) => `${full}${about === '' ? '' : `\t${firstLine(about)}`}\n`)
  return `${lines.join('')}:${directive}\n`
}

function firstLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

async function completionOf(before: readonly string[], word: string, context: CompletionContext): Promise<Completion> {
  const { command, path, given, pending } = walk(before, context.program)
  if (pending !== undefined) return await valuesOf(pending, word, '', path, before, context)
  const inline = /^(--[a-z-]+=)(.*)$/s.exec(word)
  const [, head = '', value = ''] = inline ?? []
  const option = inline === null ? undefined : findOption(command, head.slice(0, -1))
  if (option !== undefined) return await valuesOf(option, value, head, path, before, context)
  if (word.startsWith('-') && !before.includes('--')) return flags(command)
  if (command.commands.length > 0)
    return { candidates: command.commands.map(asCandidate), directive: DIRECTIVE.noFiles }
  return await argumentsOf(command, path, given, before, context)
}

/** The command that words name, and what follows it. */
interface Walked {
  command: Command
  /** Names from the program to the command. */
  path: readonly string[]
  /** How many arguments are given. */
  given: number
  /** The flag that waits for its value. */
  pending: Option | undefined
}

function walk(words: readonly string[], program: Command): Walked {
  let command = program
  const path: string[] = []
  let given = 0
  let pending: Option | undefined
  for (const word of words) {
    if (pending !== undefined) pending = undefined
    else if (word.startsWith('-') && word !== '-') {
      const option = findOption(command, word)
      pending = option?.required === true ? option : undefined
    } else {
      const next = command.commands.find((one) => one.name() === word)
      if (next === undefined) given++
      else {
        command = next
        path.push(word)
      }
    }
  }
  return { command, path, given, pending }
}

function findOption(command: Command, flag: string): Option | undefined {
  return command.options.find(({ short, long }) => flag === short || flag === long)
}

function asCandidate(command: Command): Candidate {
  return { word: command.name(), about: command.summary() }
}

function flags(command: Command): Completion {
  const candidates = command.options.flatMap(({ long, description }) =>
    typeof long === 'string' ? [{ word: long, about: description }] : [],
  )
  return { candidates: [...candidates, { word: '--help', about: 'print help' }], directive: DIRECTIVE.noFiles }
}

/** Placeholders of flags that take a file or a folder. */
const PATHS: ReadonlySet<string> = new Set(['path', 'file'])
/** Placeholders of flags that take one of a few words. */
const CLOSED: ReadonlySet<string> = new Set(['format', 'policy', 'level', 'when', 'version', 'target'])

/** @param head what stands before the value in the same word, such as `--output=` */
async function valuesOf(
  option: Option,
  value: string,
  head: string,
  path: readonly string[],
  before: readonly string[],
  context: CompletionContext,
): Promise<Completion> {
  const kind = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? ''
  const withHead = ({ candidates, directive }: Completion): Completion => ({
    candidates: candidates.map(({ word, about }) => ({ word: head + word, about })),
    directive,
  })
  if (PATHS.has(kind)) return FILES
  if (kind === 'folder') return FOLDERS
  if (option.long === '--sidecar') return withHead(sidecars(value, await templatesOf(before, context.host)))
  if (option.long === '--set') return withHead(settings(value, await templatesOf(before, context.host)))
  // `NAME=` of `--mode` and `--start` names a sidecar.
  const sidecar = value.slice(0, value.indexOf('=') + 1)
  if (option.long === '--mode') {
    const modes = await wordsOf(option, path, context)
    return withHead(words(modes.map((mode) => sidecar + mode)))
  }
  if (option.long === '--start') {
    const places = ['first', 'last', 'before:', 'after:'].map((place) => sidecar + place)
    return withHead(words(places, DIRECTIVE.noSpace + DIRECTIVE.noFiles))
  }
  return CLOSED.has(kind) ? withHead(words(await wordsOf(option, path, context))) : NOTHING
}

/** The words that a flag accepts: those that its own error names for another word. */
async function wordsOf(
  option: Option,
  path: readonly string[],
  { program, tryOut }: CompletionContext,
): Promise<string[]> {
  const { command } = walk(path, program)
  // Without these, the error would be that an argument is missing.
  const required = command.registeredArguments.flatMap((argument) => (argument.required ? ['-'] : []))
  const error = await tryOut([...path, `${option.long ?? option.short}=${'?'}`, ...required])
  const named = error instanceof UsageError ? /^use one of: (.*)$/.exec(error.hint ?? '')?.[1] : undefined
  return named?.split(', ') ?? []
}

/** The built-in templates and those of `-t` in the command line; problems of them are not reported here. */
async function templatesOf(given: readonly string[], host: Host): Promise<Template[]> {
  const paths = given.flatMap((word, n) => {
    if (word === '-t' || word === '--templates') return given.slice(n + 1, n + 2)
    return word.startsWith('--templates=') ? [word.slice('--templates='.length)] : []
  })
  const { files } = await readInputsOf(host, paths, { recursive: true })
  const { templates } = await openTemplates(
    files.map(({ source }) => source),
    builtinTemplates(host),
  )
  return templates.names().flatMap((name) => templates.find(name) ?? [])
}

/** Names behind those that are there already, separated by commas. */
function sidecars(value: string, templates: readonly Template[]): Completion {
  const head = value.slice(0, value.lastIndexOf(',') + 1)
  const chosen = head.split(',')
  const candidates = templates
    .filter(({ name }) => !chosen.includes(name))
    .map(({ name, description }) => ({ word: head + name, about: description }))
  return { candidates, directive: DIRECTIVE.noFiles }
}

/** `TEMPLATE.PARAM=VALUE`: first the parameters, then the values of one. */
function settings(value: string, templates: readonly Template[]): Completion {
  const all = templates.flatMap(({ name, parameters }) =>
    [...parameters.values()].map((spec) => ({ word: `${name}.${spec.name}=`, spec })),
  )
  const chosen = all.find(({ word }) => value.startsWith(word))
  if (chosen === undefined) {
    const candidates = all.map(({ word, spec }) => ({ word, about: spec.description }))
    return { candidates, directive: DIRECTIVE.noSpace + DIRECTIVE.noFiles }
  }
  return words(valuesFor(chosen.spec).map((text) => chosen.word + text))
}

function valuesFor(spec: ParameterSpec): string[] {
  if (spec.enum !== undefined) return spec.enum.map(String)
  return spec.type === 'boolean' ? ['true', 'false'] : []
}

async function argumentsOf(
  command: Command,
  path: readonly string[],
  given: number,
  before: readonly string[],
  { host, program }: CompletionContext,
): Promise<Completion> {
  const { registeredArguments: all } = command
  const argument = all[given] ?? (all.at(-1)?.variadic === true ? all.at(-1) : undefined)
  if (path[0] === 'help') return { candidates: program.commands.map(asCandidate), directive: DIRECTIVE.noFiles }
  if (argument === undefined) return NOTHING
  if (argument.argChoices !== undefined) return words(argument.argChoices)
  const name = argument.name()
  if (name === 'DIR') return FOLDERS
  if (name === 'NAME' && path[0] === 'templates' && path[1] !== 'new')
    return sidecars('', await templatesOf(before, host))
  return name === 'PATH' ? FILES : NOTHING
}
