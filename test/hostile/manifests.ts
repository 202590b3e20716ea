/** Small inputs with a hole for something hostile. */

export const pod = (parts: { name?: string; metadata?: string; container?: string } = {}): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${parts.name ?? 'web'}
${parts.metadata ?? ''}spec:
  containers:
    - name: app
      image: app:1
${parts.container ?? ''}`

export const configMap = (data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: ${data}\n`

export const template = (spec: string, name = 'mine'): string =>
  `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: 1.0.0, description: Mine.}\nspec:\n${spec}`

export const policy = (rules: string): string =>
  `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules: ${rules}\n`

export const definition = (schema: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: trees.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Tree, plural: trees}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: ${schema}}}
`

/** Every place that a text from outside comes in by, with `value` in it: files and arguments. */
export const ENTRIES: readonly {
  name: string
  of: (value: string) => { files: Record<string, string>; argv: string[] }
}[] = [
  {
    name: 'a workload',
    of: (value) => ({
      files: { 'in.yaml': pod({ container: `      args: ${value}\n` }) },
      argv: ['inject', 'in.yaml'],
    }),
  },
  { name: 'a name', of: (value) => ({ files: { 'in.yaml': pod({ name: value }) }, argv: ['inject', 'in.yaml'] }) },
  { name: 'a whole file', of: (value) => ({ files: { 'in.yaml': `${value}\n` }, argv: ['inject', 'in.yaml'] }) },
  {
    name: 'an object to validate',
    of: (value) => ({ files: { 'in.yaml': configMap(value) }, argv: ['validate', 'in.yaml'] }),
  },
  {
    name: 'a template',
    of: (value) => ({
      files: { 'in.yaml': pod(), 't.yaml': template(`  container: ${value}\n`) },
      argv: ['inject', '-t', 't.yaml', '-s', 'mine', 'in.yaml'],
    }),
  },
  {
    name: 'a default of a template',
    of: (value) => ({
      files: {
        't.yaml': template(
          `  parameters: {p: {type: array, description: P., default: ${value}}}\n  container: {image: "a:1", args: ["\${{ params.p }}"]}\n`,
        ),
      },
      argv: ['templates', 'validate', 't.yaml'],
    }),
  },
  {
    name: 'a policy',
    of: (value) => ({ files: { 'in.yaml': pod(), 'sidecarctl.yaml': policy(value) }, argv: ['inject', 'in.yaml'] }),
  },
  {
    name: 'a definition',
    of: (value) => ({
      files: { 'in.yaml': pod(), 'crd.yaml': definition(value) },
      argv: ['validate', '--crd', 'crd.yaml', 'in.yaml'],
    }),
  },
]
