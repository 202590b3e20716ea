import { append } from '../core/common/append.ts'
import type { Json } from '../core/json/json.ts'
import { POLICY_SCHEMA } from '../core/selection/policy-schema.ts'
import { flowText, type FlowStyle } from '../core/yaml/edit/serialize.ts'

/** A node of the policy's JSON Schema, as far as its reference needs it. */
export interface PolicyNode {
  $comment?: string
  description?: string
  type?: string | readonly string[]
  enum?: readonly string[]
  const?: string
  default?: Json
  examples?: readonly Json[]
  required?: readonly string[]
  items?: PolicyNode
  properties?: Readonly<Record<string, PolicyNode>>
  additionalProperties?: PolicyNode | boolean
}

/** A field of the policy file, with `[]` for the items of a list. */
export interface PolicyField {
  path: string
  node: PolicyNode
  isRequired: boolean
}

/** Every field of the policy file, each followed by those below it. */
export function policyFields(node: PolicyNode = POLICY_SCHEMA as PolicyNode, path = ''): PolicyField[] {
  const fields: PolicyField[] = []
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    fields.push({ path: path + name, node: child, isRequired: node.required?.includes(name) === true })
    const hasItems = child.items?.properties !== undefined
    append(fields, policyFields(hasItems ? child.items : child, `${path}${name}${hasItems ? '[]' : ''}.`))
  }
  return fields
}

const ONE_LINE: FlowStyle = { json: false, colon: ' ', comma: ' ', unit: undefined, eol: '\n' }
const NOUNS: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'true or false',
  object: 'map',
  array: 'list',
}

const code = (value: Json): string => `\`${flowText(value, ONE_LINE).replaceAll('|', '\\|')}\``

function typeOf(node: PolicyNode): string {
  if (node.const !== undefined) return code(node.const)
  if (node.enum !== undefined) return node.enum.map(code).join(', ')
  const noun = node.$comment?.replace(/^an? /, '') ?? NOUNS[String(node.type)] ?? 'any value'
  const item =
    noun !== 'list' || node.items === undefined ? undefined : (node.items.$comment ?? NOUNS[String(node.items.type)])
  return item === undefined
    ? noun
    : `list of ${item.startsWith('a name,') ? 'names or maps' : `${item.replace(/^an? /, '')}s`}`
}

function row({ path, node, isRequired }: PolicyField): string {
  const standard = node.default === undefined ? (isRequired ? '*required*' : '') : code(node.default)
  const examples = (node.examples ?? []).map(code).join(' or ')
  return `| \`${path}\` | ${typeOf(node)} | ${standard} | ${node.description ?? ''} | ${examples} |\n`
}

/** A whole policy file, which the reference and the README show. */
export const EXAMPLE_POLICY = `apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  kubernetesVersion: "1.36"
  # templates: [sidecars]              # your own templates, in the folder sidecars/
  exclude: {namespaces: [kube-system], paths: [vendor/**]}
  parameters:                          # for all workloads
    logging: {output: forward, host: fluentd.logs}
  services: {retarget: true}           # Services lead to the proxies of their workloads
  rules:                               # every rule that matches applies, in order
    - name: logs for all
      add: [logging]
    - name: front ends
      match: {namespaces: [shop], labels: tier=web}
      add: [metrics, {name: proxy, parameters: {port: 8081}, mode: native}]
    - name: no logs for databases
      match: {kinds: [StatefulSet], names: ["*-db"]}
      exclude: [logging]
`

/** The reference of the policy file as Markdown: what \`sidecarctl init --docs\` prints, and templates/POLICY.md. */
export function policyDocs(): string {
  return `# The policy file

\`sidecarctl.yaml\` says which workloads of a repository get which sidecars. sidecarctl looks for it in the folder of each
file, then in each folder above, up to the top of the git repository; for standard input, from the working folder. Only
the nearest one applies; a file that \`exclude.paths\` of one above excludes stays excluded. A run can use several; the report
names them. Paths in a policy file are relative to its folder. \`--config FILE\` names one file for all inputs,
\`--no-config\` uses none.

Without a policy file and \`-s\`, \`check\` and \`status\` look only at what is injected already, \`inject\` and \`diff\` use
the \`logging\` sidecar for files that are named and for standard input, and fail for a folder.

\`\`\`sh
# Write one to start from, with comments, and see what it means for each workload
sidecarctl init --no-hook
sidecarctl explain deploy.yaml
\`\`\`

## Example

\`\`\`yaml
${EXAMPLE_POLICY}\`\`\`

## Rules

- A rule applies to a workload if all conditions of its \`match\` hold. A condition that is a list holds if one of its items
  matches. A rule without \`match\` applies to every workload.
- All matching rules apply, in the order of the file. First \`exclude\` takes out sidecars that earlier rules added, then
  \`add\` adds sidecars.
- If several rules set the same parameter, mode, \`start\` or \`containers\`, the last one wins.
- In names, \`*\` stands for any characters and \`?\` for one. In paths, \`*\` and \`?\` stay within one name, and \`**\` stands
  for any number of folders. A path that matches a folder matches everything in it.
- Without \`rules\`, the policy file chooses no sidecars, as if there were none: \`-s\` or annotations do.

## Which setting wins

From strongest to weakest:

1. a flag, such as \`-s\`, \`--set\`, \`--mode\`, \`--start\` or \`--containers\`
2. an annotation or label of the pod template
3. an annotation or label of the workload
4. an annotation or label of its Namespace, if that is in the same run; the hooks of pre-commit pass changed files only
5. the policy file: rules first, then \`spec.parameters\` and \`spec.modes\`
6. the default of the template

\`spec.exclude\` is stronger than all of these. The annotations are:

| Annotation | Meaning |
|---|---|
| \`sidecarctl.dev/inject: logging,metrics\` | exactly these sidecars; also as a label, for one sidecar |
| \`sidecarctl.dev/inject: "false"\` | no sidecars; also as a label |
| \`sidecarctl.dev/logging.folder: /var/log/nginx\` | a parameter of a sidecar |
| \`sidecarctl.dev/logging.mode: native\` | the mode of a sidecar |
| \`sidecarctl.dev/logging.start: after:migrate\` | where among the init containers a sidecar starts |
| \`sidecarctl.dev/containers: web\` | the app containers that get folders, environment variables and mounts |

## Fields

An unknown field is an error that names the closest known one. \`sidecarctl init --schema\` prints the JSON Schema of this
file, for editors.

| Field | Type | Default | Meaning | Example |
|---|---|---|---|---|
${policyFields().map(row).join('')}`
}
