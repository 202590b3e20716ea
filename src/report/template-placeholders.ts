import { isObject, type Json } from '../core/json/json.ts'
import type { Template } from '../core/template/template.ts'

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
export function placeholderNotes({ spec }: Pick<Template, 'spec'>): string[] {
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
