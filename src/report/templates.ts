import { isObject, type Json } from '../core/json/json.ts'
import { neededParameters } from '../core/template/needed-parameters.ts'
import type { ParameterSpec, Template } from '../core/template/template.ts'
import { escapeLines } from './escape.ts'
import { columns } from './columns.ts'
import { shellWord } from '../core/common/shell-word.ts'

/** Templates as a table: name, version and description. */
export function templatesText(templates: readonly Template[]): string {
  const rows = [
    ['NAME', 'VERSION', 'DESCRIPTION'],
    ...templates.map((t) => [t.name, t.version, oneLine(t.description)]),
  ]
  return columns(rows)
}

/**
 * The documentation of a template in Markdown, generated from the template: what it is, how it is used, its
 * parameters, its requirements, and the comment at the start of its file.
 */
export function templateDocs(template: Template): string {
  const { name, version, description } = template
  const needed = neededParameters(template)
  const sets = needed.map((p) => ` --set ${shellWord(`${name}.${p.name}=${settingOf(p.example ?? 'VALUE')}`)}`).join('')
  const notes = headComment(template)
  const { label } = template.place([]).source
  const from = label.startsWith('<') ? '' : ` -t ${shellWord(label)}`
  const parts = [
    `# ${name}\n\n${oneLine(description)}\n\nVersion ${version}.\n`,
    `    sidecarctl inject deploy.yaml${from} -s ${name}${sets}\n`,
    ...(notes === '' ? [] : [`## Notes\n\n${notes}\n`]),
    ...(template.parameters.size === 0 ? [] : [`## Parameters\n\n${parameterTable(template)}`]),
    ...requirements(template),
    ...section('Placeholders', placeholderNotes(template)),
  ]
  return escapeLines(parts.join('\n'))
}

/** A value as `--set` reads it: a list of plain words is written with commas. */
function settingOf(value: Json): string {
  return Array.isArray(value) && value.length > 0 && value.every(isPlainWord) ? value.join(',') : shown(value)
}

function isPlainWord(value: Json): boolean {
  return typeof value === 'string' && /^[A-Za-z][\w.:/-]*$/.test(value)
}

function parameterTable({ parameters }: Template): string {
  const rows = [...parameters.values()].map((p) => [`\`${p.name}\``, typeOf(p), defaultOf(p), descriptionOf(p)])
  const all = [['Parameter', 'Type', 'Default', 'Description'], ['---', '---', '---', '---'], ...rows]
  return all.map((row) => `| ${row.join(' | ')} |\n`).join('')
}

function typeOf({ type, items, minimum, maximum }: ParameterSpec): string {
  const base = type === 'array' && items !== undefined ? `list of ${items.type}` : type
  if (minimum !== undefined && maximum !== undefined) return `${base}, ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${base}, from ${minimum}`
  return maximum === undefined ? base : `${base}, up to ${maximum}`
}

function defaultOf({ default: value, required }: ParameterSpec): string {
  if (value === undefined) return required ? '*required*' : ''
  return code(shown(value))
}

function descriptionOf(spec: ParameterSpec): string {
  const parts = [oneLine(spec.description)]
  if (spec.enum !== undefined) parts.push(`One of ${spec.enum.map((value) => code(shown(value))).join(', ')}.`)
  const condition = spec.requiredWhen
  if (condition !== undefined) {
    const tests = [...condition].map(
      ([name, test]) => `\`${name}\` is ${'in' in test ? test.in.map(shown).join(' or ') : JSON.stringify(test)}`,
    )
    parts.push(`Required when ${tests.join(' and ')}.`)
  }
  if (spec.example !== undefined) parts.push(`Example: ${code(shown(spec.example))}.`)
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replaceAll('|', '\\|')
}

function requirements({ spec }: Template): string[] {
  const requires = isObject(spec['requires']) ? spec['requires'] : {}
  const lines: string[] = []
  if (Array.isArray(requires['kinds'])) lines.push(`- Kinds: ${requires['kinds'].map(shown).join(', ')}`)
  if (requires['kubernetes'] !== undefined) lines.push(`- Kubernetes ${shown(requires['kubernetes'])}`)
  if (requires['hostNetwork'] === 'skip') lines.push('- Pods that use the host network are skipped')
  return section('Requirements', lines)
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}\n`]
}

/** The comment at the start of a template's file, as text. */
function headComment({ place }: Template): string {
  const lines: string[] = []
  for (const line of place([]).source.text.split(/\r?\n/)) {
    if (!line.startsWith('#')) break
    lines.push(line.replace(/^# ?/, ''))
  }
  return lines.join('\n').trim()
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Text as code in a table of Markdown. */
function code(text: string): string {
  if (text === '') return '""'
  const escaped = text.replaceAll('|', '\\|').replace(/\s+/g, ' ')
  return escaped.includes('`') ? `\`\` ${escaped} \`\`` : `\`${escaped}\``
}

/** Texts of a template by their paths, without conditions and parameters. */
function* textsOf(node: Json, path: string): Generator<[string, string]> {
  if (typeof node === 'string') yield [path, node]
  else if (Array.isArray(node)) for (const [i, item] of node.entries()) yield* textsOf(item, `${path}[${i}]`)
  else if (isObject(node))
    for (const [key, value] of Object.entries(node)) if (key !== '$when') yield* textsOf(value, `${path}.${key}`)
}

/** `${NAME}` and the like, but neither ours nor escaped. */
const BARE = /(?<!\$)\$\{(?!\{)/
const ESCAPED = /\$\$\{(?!\{)/
const SHELL = /(?<!\$)\$[A-Za-z_]/

/**
 * What substitution of variables does to the texts of a template, as lines of Markdown: that of Flux
 * (https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution) and envsubst of GNU gettext.
 */
function placeholderNotes({ spec }: Pick<Template, 'spec'>): string[] {
  const texts = Object.entries(spec)
    .filter(([key]) => key !== 'parameters')
    .flatMap(([key, value]) => Array.from(textsOf(value, `spec.${key}`)))
  const having = (pattern: RegExp): string[] => texts.flatMap(([path, text]) => (pattern.test(text) ? [path] : []))
  const bare = having(BARE)
  const inObjects = bare.some((path) => path.startsWith('spec.objects['))
  const cure = inObjects
    ? 'write $${...} in containers, and give objects the annotation kustomize.toolkit.fluxcd.io/substitute: disabled'
    : 'write $${...}, of which Kubernetes makes ${...}'
  return [
    ...(bare.length > 0 ? [`- Flux and envsubst replace \`\${...}\` in ${bare.join(', ')}: ${cure}`] : []),
    ...(having(ESCAPED).length > 0
      ? ['- `$${...}` reaches the program as `${...}`, with and without the substitution of Flux']
      : []),
    ...(having(SHELL).length > 0 || having(ESCAPED).length > 0
      ? ["- GNU envsubst replaces `$NAME` too: name the variables that it may replace, as in `envsubst '$REGION'`"]
      : []),
  ]
}
