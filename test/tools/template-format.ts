/**
 * Writes the reference part of templates/README.md: the format of a template field by field, from its JSON Schema, and
 * types of parameters, directives, values of a workload and limits from the tables that the program itself uses.
 */
import { stringify } from 'yaml'
import { LIMITS, type Limit } from '../../src/core/common/limits.ts'
import { CONTEXT_NAMES } from '../../src/core/template/context.ts'
import { DIRECTIVES } from '../../src/core/template/expand.ts'
import { TEMPLATE_SCHEMA } from '../../src/core/template/template-schema.ts'
import { NOUNS } from '../../src/core/template/schema-nodes.ts'
import { REQUIRED_OF_PARAMETER } from '../../src/core/template/schema-parameters.ts'
import type { Template } from '../../src/core/template/template.ts'
import { PARAMETER_TYPES } from '../../src/core/template/value.ts'

/** A node of the schema, as far as documentation needs it. */
export interface SchemaNode {
  $ref?: string
  $comment?: string
  description?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  default?: unknown
  examples?: unknown[]
  required?: string[]
  minimum?: number
  allOf?: SchemaNode[]
  items?: SchemaNode
  properties?: Record<string, SchemaNode>
  additionalProperties?: SchemaNode | boolean
  propertyNames?: SchemaNode
  definitions?: Record<string, SchemaNode>
}

/** A node behind a reference. */
export function target(node: SchemaNode): SchemaNode {
  const name = node.$ref?.split('/').at(-1)
  return name === undefined ? node : ((TEMPLATE_SCHEMA as SchemaNode).definitions?.[name] as SchemaNode)
}

interface Field {
  path: string
  node: SchemaNode
  isRequired: boolean
}

/** The fields below a node, each in front of those below it. Directives, which any map can hold, are told elsewhere. */
function fieldsBelow(node: SchemaNode, path: string): Field[] {
  const of = (name: string, child: SchemaNode, isRequired: boolean): Field[] => {
    const inner = target(child)
    return [
      { path: path + name, node: inner, isRequired },
      ...fieldsBelow(inner, `${path}${name}.`),
      ...itemsOf(inner, path + name),
    ]
  }
  const named = Object.entries(node.properties ?? {}).filter(([name]) => !name.startsWith('$'))
  const own = named.flatMap(([name, child]) => of(name, child, node.required?.includes(name) === true))
  const any = typeof node.additionalProperties === 'object' ? target(node.additionalProperties) : undefined
  return any?.properties?.['type'] === undefined
    ? own
    : [...own, ...of('NAME', { ...any, required: REQUIRED_OF_PARAMETER }, false)]
}

/** The items of a list, where they are more than a word, and the fields below them. */
function itemsOf({ items }: SchemaNode, path: string): Field[] {
  const node = items === undefined ? undefined : target(items)
  if (node === undefined || node.$comment === NOUNS.string) return []
  return [{ path: `${path}[]`, node, isRequired: false }, ...fieldsBelow(node, `${path}[].`)]
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``
const json = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function typeOf(node: SchemaNode): string {
  if (node.const !== undefined) return code(json(node.const))
  if (node.enum !== undefined) return node.enum.map((value) => code(json(value))).join(', ')
  const noun = (node.$comment ?? 'any value').replace(/^an? /, '')
  const item = node.items === undefined ? undefined : target(node.items)
  const of =
    noun === 'list' && item?.$comment !== undefined
      ? ` of ${item.$comment.replace(/^an? (\w+) of Kubernetes/, '$1 of Kubernetes').replace(/^an? (\w+)/, '$1s')}`
      : ''
  return noun + of
}

/** A value that fits into a line, as an example. */
function shortExample({ examples = [] }: SchemaNode): string {
  const [example] = examples
  return example !== undefined && json(example).length <= 60 ? ` Example: ${code(json(example))}.` : ''
}

function row({ path, node, isRequired }: Field): string {
  const standard = node.default === undefined ? (isRequired ? '*required*' : '') : code(json(node.default))
  return `| ${[code(path), typeOf(node), standard, `${node.description ?? ''}${shortExample(node)}`.replaceAll('|', '\\|')].join(' | ')} |\n`
}

function table(fields: readonly Field[]): string {
  return `| Field | Type | Default | Meaning |\n|---|---|---|---|\n${fields.map(row).join('')}`
}

/** A part of `spec`: what it is, an example, its fields. */
function section(name: string, node: SchemaNode): string {
  const [example] = node.examples ?? []
  const [, ...below] = fieldsBelow({ properties: { [name]: node } }, 'spec.')
  const standard = node.default === undefined ? '' : ` By default ${code(json(node.default))}.`
  const type = typeOf(node)
  const head = `### spec.${name}\n\n${type[0]?.toUpperCase()}${type.slice(1)}. ${node.description ?? ''}${standard}\n`
  const shown =
    example === undefined ? '' : `\n\`\`\`yaml\n${stringify({ spec: { [name]: example } }, { lineWidth: 0 })}\`\`\`\n`
  return `${head}${shown}${below.length === 0 ? '' : `\n${table(below)}`}`
}

const DIRECTIVE_MEANINGS: Record<(typeof DIRECTIVES)[number], [meaning: string, example: string]> = {
  $when: [
    'the map or list item is included only if the condition holds',
    '{$when: {tls: true}, name: TLS, value: "on"}',
  ],
  $value: [
    'is replaced by its value, so that a string or number can have a condition',
    '{$when: {tls: true}, $value: --tls}',
  ],
  $spread: [
    'in a list: is replaced by the items of a list, or by what `$each` makes of every item: `${{ item }}` is the item, `${{ item.NAME }}` a field of it',
    '{$spread: "${{ params.domains }}", $each: "--domain=${{ item }}"}',
  ],
  $join: [
    'is replaced by one string of the items of a list, with `$separator` between them, by default a comma',
    '{$join: "${{ params.domains }}", $separator: " "}',
  ],
  $json: ['is replaced by its data as JSON text, for programs that read JSON', '{$json: {port: "${{ params.port }}"}}'],
  $yaml: ['is replaced by its data as YAML text', '{$yaml: {port: "${{ params.port }}"}}'],
}

const CONTEXT_MEANINGS: Record<string, string> = {
  'workload.name': 'the name of the workload; of one with `generateName`, that text without the dash at its end',
  'workload.namespace': 'its namespace, if the manifest names one',
  'workload.kind': 'its kind, such as Deployment',
  'app.container': "the name of the app's first container, of those chosen by `containers`",
  'app.image': 'the image of that container',
  'app.port': 'the number of its port named http, else of its first port',
  'app.portName': 'the name of that port',
  'sidecar.name': 'the name of the template',
  'sidecar.mode': 'how the sidecar will run: native or classic',
}

function meaningOf(name: string): string {
  const meaning = CONTEXT_MEANINGS[name]
  if (meaning === undefined) throw new Error(`nothing is said of ${name}`)
  return meaning
}

const rows = (all: readonly (readonly string[])[]): string =>
  all.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')

/** Every limit of the program, as a table. */
export function limitsTable(): string {
  const limits = Object.values<Limit>(LIMITS)
  return `| What | At most | Why | Source |\n|---|---|---|---|\n${rows(limits.map(({ name, value, unit, why, source }) => [name, `${value.toLocaleString('en-US')} ${unit}`, why, source]))}`
}

/** What ends the part that is made; what follows it in templates/README.md is written by hand. */
export const MADE_END = '<!-- Made until here. The rest is written by hand. -->\n'

/** The part of templates/README.md that is made, with a whole template as an example. */
export function formatReadme(builtins: readonly Template[], example: string): string {
  const schema = TEMPLATE_SCHEMA as unknown as SchemaNode
  const spec = schema.properties?.['spec']?.properties ?? {}
  const head = fieldsBelow(
    { ...schema, properties: { ...schema.properties, spec: { ...schema.properties?.['spec'], properties: {} } } },
    '',
  )
  return `<!-- Made from the format's JSON Schema. After a change there: UPDATE_README=1 npm run unit -- test/templates/format.test.ts -->
# Templates of sidecars

A template is one YAML file that describes a sidecar and what it needs from the pod. This folder has the sidecars that
come with sidecarctl. This page is the reference for your own templates, and for how they are merged into manifests. The
policy file has [its own reference](POLICY.md).

- [Values](#values), [types of parameters](#types-of-parameters), [a complete template](#a-complete-template), [fields](#fields)
- [How a sidecar is merged into a manifest](#how-a-sidecar-is-merged-into-a-manifest), [overriding a
  sidecar](#overriding-a-sidecar), [Services in front of a proxy](#services-in-front-of-a-proxy), [Compose
  files](#compose-files), [ownership](#ownership)
- [Built-in templates](#built-in-templates), [limits](#limits)

\`\`\`sh
# Start a template; it works as it is, and its comments show what else is possible
mkdir -p sidecars
sidecarctl templates new cache > sidecars/cache.yaml
# Check it, then see what it adds to a workload
sidecarctl templates validate sidecars
sidecarctl inject deploy.yaml -t sidecars -s cache -o diff
# Edit the file in place, with another value for a parameter
sidecarctl inject -w deploy.yaml -t sidecars -s cache --set cache.megabytes=32
\`\`\`

With \`templates: [sidecars]\` in the policy file, \`-t\` is not needed. Your template replaces a built-in one of the same
name. Raise \`metadata.version\` with every change; \`status\` and \`check\` compare it with the version in the manifests.

\`templates validate\` puts the template into an example workload, as a native sidecar and as a classic container, with its
defaults, with every value of an \`enum\` and both values of a boolean. It reports what Kubernetes would reject, at the line
of the template. Parameters that require a value need an \`example\` for it. It also reports unused parameters and probes of
ports that the container does not name.

## In an editor

\`sidecarctl templates schema\` prints the JSON Schema of this format, \`sidecarctl init --schema\` that of the policy file.
The package has both as \`dist/editor/sidecar-template.schema.json\` and \`dist/editor/policy.schema.json\`. Editors with the
YAML language server check and complete a file that names its schema, by URL or by a path from there, in a comment at
its head:

\`\`\`yaml
# yaml-language-server: $schema=../node_modules/sidecarctl/dist/editor/sidecar-template.schema.json
\`\`\`

Keep a printed schema out of the folders that sidecarctl reads, or exclude it by \`exclude.paths\` of the policy file:
every \`.json\` file in a folder of manifests is read as a manifest, and in a folder of templates as a template.

## Values

Placeholders stand for values of parameters and of the workload. A placeholder that is a whole field keeps its type:
\`port: \${{ params.port }}\` becomes a number. A placeholder inside a longer text becomes part of that text. In \`command\`,
\`args\` and the values of \`env\`, labels and annotations, numbers and booleans become text, as Kubernetes requires. A
field or item whose placeholder has no value is left out. Values are data: none can add a field. Inside \`{...}\` and
\`[...]\`, YAML requires quotes around a placeholder.

| Placeholder | Value |
|---|---|
| \`\${{ params.NAME }}\` | the parameter of that name |
${rows(CONTEXT_NAMES.map((name) => [code(`\${{ ${name} }}`), meaningOf(name)]))}| \`$\${{\` | the text \`\${{\` itself |

sidecarctl does not change \`$(NAME)\`, \`\${NAME}\` and \`{{ }}\`; they belong to Kubernetes and to other programs.

A map can hold directives:

| Directive | Meaning | Example |
|---|---|---|
${rows(DIRECTIVES.map((name) => [code(name), DIRECTIVE_MEANINGS[name][0], code(DIRECTIVE_MEANINGS[name][1])]))}
Write \`$$\` for the first \`$\` of a key that begins with \`$\`. A condition is a map: names of parameters, or of the values
above, and what they must be. All entries must hold:

| Condition | Holds if the parameter |
|---|---|
| \`{output: http}\` | has this value |
| \`{output: [http, loki]}\` | has one of these values |
| \`{output: {not: stdout}}\` | has another value, or none |
| \`{host: {set: true}}\` | has a value |
| \`{host: {set: false}}\` | has none |

## Types of parameters

| Type | What it takes |
|---|---|
${rows(Object.entries(PARAMETER_TYPES).map(([name, { noun }]) => [code(name), noun]))}
On the command line (\`--set NAME.PARAMETER=VALUE\`) and in annotations, write a list as \`a,b\` or as JSON, and a map as JSON.
\`--values FILE\` reads many at once, as \`{NAME: {PARAMETER: VALUE}}\` in YAML or JSON; \`--set\` overrides it.
The value null removes a default; on the command line so does the word \`null\`, except for parameters of type string or name.

## A complete template

\`\`\`yaml
${example}\`\`\`

Save it as \`sidecars/cache.yaml\` and use the commands above. If Kubernetes would reject the result, the message names the
line of the template that caused it.

## Fields

${table(head)}
Fields of Kubernetes, such as those of a container, are validated in the resulting workload, for the Kubernetes version of
the cluster.

${Object.entries(spec)
  .map(([name, node]) => section(name, target(node)))
  .join('\n')}
## Built-in templates

| File | What it is |
|---|---|
${rows(builtins.map(({ name, description }) => [`[\`${name}\`](${name}.yaml)`, description.replace(/\s+/g, ' ')]))}
## Limits

Manifests, templates and policies may come from anyone. Input beyond a limit is rejected with a message that names it.

${limitsTable()}
${MADE_END}`
}
