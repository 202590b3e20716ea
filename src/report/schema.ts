/** The names of the JSON Schemas of our own file formats. */
export type FormatName = 'sidecar-template' | 'policy'

/** The JSON Schema of a format, as text for an editor. Loaded on demand. */
export async function schemaText(format: FormatName): Promise<string> {
  const schema =
    format === 'policy'
      ? (await import('../core/selection/policy-schema.ts')).POLICY_SCHEMA
      : (await import('../core/template/template-schema.ts')).TEMPLATE_SCHEMA
  return `${JSON.stringify(schema, undefined, 2)}\n`
}
