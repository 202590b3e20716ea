import { LATEST } from '../core/kube/version.ts'
import { openSchema, type SchemaLoader } from '../core/schema/kube-schema.ts'

/** The names of the JSON Schemas of our own file formats. */
export type FormatName = 'sidecar-template' | 'policy'

/** The JSON Schema of a format, as text for an editor. Loaded on demand. */
export async function schemaText(format: FormatName, loadSchema: SchemaLoader): Promise<string> {
  const schema =
    format === 'policy'
      ? (await import('../core/selection/policy-schema.ts')).POLICY_SCHEMA
      : (await import('./editor-schema.ts')).editorSchema(openSchema(LATEST, loadSchema))
  return `${JSON.stringify(schema, undefined, 2)}\n`
}
