/**
 * Writes templates/README.md: the format of a template field by field, from its JSON Schema, with what stands in no
 * schema (types of parameters, directives, values of a workload) from the tables that the program itself uses.
 */
import { stringify } from 'yaml'
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
    return [{ path: path + name, node: inner, isRequired }, ...fieldsBelow(inner, `${path}${name}.`), ...itemsOf(inner, path + name)]
  }
  const named = Object.entries(node.properties ?? {}).filter(([name]) => !name.startsWith('$'))
  const own = named.flatMap(([name, child]) => of(name, child, node.required?.includes(name) === true))
  const any = typeof node.additionalProperties === 'object' ? target(node.additionalProperties) : undefined
  return any?.properties?.['type'] === undefined ? own : [...own, ...of('NAME', { ...any, required: REQUIRED_OF_PARAMETER }, false)]
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
  const of = noun === 'list' && item?.$comment !== undefined ? ` of ${item.$comment.replace(/^an? (\w+) of Kubernetes/, '$1 of Kubernetes').replace(/^an? (\w+)/, '$1s')}` : ''
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
  const shown = example === undefined ? '' : `\n\`\`\`yaml\n${stringify({ spec: { [name]: example } }, { lineWidth: 0 })}\`\`\`\n`
  return `${head}${shown}${below.length === 0 ? '' : `\n${table(below)}`}`
}

const DIRECTIVE_MEANINGS: Record<(typeof DIRECTIVES)[number], [meaning: string, example: string]> = {
  $when: ['the map, or the list item, stands only where the condition holds', '{$when: {tls: true}, name: TLS, value: "on"}'],
  $value: ['stands for its value, so that a condition can stand beside a text or number', '{$when: {tls: true}, $value: --tls}'],
  $spread: ['in a list: the items of a list, one by one', '{$spread: "${{ params.extraArgs }}"}'],
  $json: ['its data as one text of JSON, for programs that read their configuration so', '{$json: {port: "${{ params.port }}"}}'],
  $yaml: ['its data as one text of YAML', '{$yaml: {port: "${{ params.port }}"}}'],
}

const CONTEXT_MEANINGS: Record<string, string> = {
  'workload.name': 'the name of the workload',
  'workload.namespace': 'its namespace, where it says one',
  'workload.kind': 'its kind, such as Deployment',
  'app.container': "the name of the app's first container",
  'app.image': 'the image of that container',
  'app.port': 'the number of its port called http, or else of its first one',
  'app.portName': 'the name of that port',
  'sidecar.name': 'the name of the template',
  'sidecar.mode': 'how the sidecar will run: native or classic',
}

function meaningOf(name: string): string {
  const meaning = CONTEXT_MEANINGS[name]
  if (meaning === undefined) throw new Error(`nothing is said of ${name}`)
  return meaning
}

const rows = (all: readonly (readonly string[])[]): string => all.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`).join('')

/** The whole text, with a whole template as an example. */
export function formatReadme(builtins: readonly Template[], example: string): string {
  const schema = TEMPLATE_SCHEMA as unknown as SchemaNode
  const spec = schema.properties?.['spec']?.properties ?? {}
  const head = fieldsBelow({ ...schema, properties: { ...schema.properties, spec: { ...schema.properties?.['spec'], properties: {} } } }, '')
  return `<!-- Made from the format's JSON Schema. After a change there: UPDATE_README=1 npm run unit -- test/templates/format.test.ts -->
# Templates of sidecars

A template is one YAML file that says what a sidecar is and what it needs. The files in this folder are the sidecars that
come with sidecarctl; this text is the reference for those who write their own.

\`\`\`sh
# A template that works as it is, with comments on what else there is
mkdir -p sidecars
sidecarctl templates new cache > sidecars/cache.yaml
# What is wrong with it, with line and column; then what it adds to a workload
sidecarctl templates validate sidecars
sidecarctl inject deploy.yaml -t sidecars -s cache -o diff
# Into the file, with another value for one of its parameters
sidecarctl inject -w deploy.yaml -t sidecars -s cache --set cache.interval=30
\`\`\`

A policy file that names the folder (\`templates: [sidecars]\`) spares \`-t\`. A template of the name of a built-in one is used
in its place.

## In an editor

\`sidecarctl templates schema\` prints the JSON Schema of this format, \`sidecarctl init --schema\` that of the policy file.
The package has both as \`dist/editor/sidecar-template.schema.json\` and \`dist/editor/policy.schema.json\`. Editors with the
YAML language server check and complete a file that names its schema, by URL or by a path from there, in a comment at
its head:

\`\`\`yaml
# yaml-language-server: $schema=../node_modules/sidecarctl/dist/editor/sidecar-template.schema.json
\`\`\`

A printed schema belongs beside the folders that sidecarctl is given, or under \`exclude.paths\` of the policy file: in
them every \`.json\` is taken for a manifest, and in a folder of templates for a template.

## Values

Values of parameters and of the workload go in as placeholders. One that is the whole of a field keeps its type, so that
\`port: \${{ params.port }}\` becomes a number; one inside a longer text becomes part of it. In \`command\`, \`args\` and the
values of \`env\`, labels and annotations, which Kubernetes wants as texts, numbers and booleans become texts. A field or
item whose placeholder has no value is left out. Values are data: none can add a field. In \`{...}\` and \`[...]\` a
placeholder stands in quotes, as YAML wants it.

| Placeholder | Value |
|---|---|
| \`\${{ params.NAME }}\` | the parameter of that name |
${rows(CONTEXT_NAMES.map((name) => [code(`\${{ ${name} }}`), meaningOf(name)]))}| \`$\${{\` | the text \`\${{\` itself |

\`$(NAME)\`, \`\${NAME}\` and \`{{ }}\` are left to Kubernetes and to the programs.

A map can hold directives:

| Directive | Meaning | Example |
|---|---|---|
${rows(DIRECTIVES.map((name) => [code(name), DIRECTIVE_MEANINGS[name][0], code(DIRECTIVE_MEANINGS[name][1])]))}
A key that itself begins with \`$\` is written with \`$$\`. A condition is a map from names of parameters or of the values
above to what they must be, and all must hold:

| Condition | Holds where the parameter |
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
On the command line (\`--set NAME.PARAMETER=VALUE\`) and in annotations a list may be written as \`a,b\`, and lists and maps as
JSON. The value null takes a default away; on the command line so does the word \`null\` for all types that are no texts.

## A whole one

\`\`\`yaml
${example}\`\`\`

Saved as \`sidecars/cache.yaml\`, the commands above put it into a workload. What Kubernetes would refuse is said with the
place in the template that asks for it.

## Fields

${table(head)}
What the fields of Kubernetes hold is checked in the workload that they are put into, against the version of the cluster.

${Object.entries(spec).map(([name, node]) => section(name, target(node))).join('\n')}
## What comes with sidecarctl

| File | What it is |
|---|---|
${rows(builtins.map(({ name, description }) => [`[\`${name}\`](${name}.yaml)`, description.replace(/\s+/g, ' ')]))}`
}
