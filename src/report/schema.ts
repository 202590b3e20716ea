/** The names of the JSON Schemas of our own file formats, and of the reports. */
export const FORMAT_NAMES = ['sidecar-template', 'policy', 'report'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

const SCHEMAS: Record<FormatName, () => Promise<object>> = {
  policy: async () => (await import('../core/selection/policy-schema.ts')).POLICY_SCHEMA,
  'sidecar-template': async () => (await import('../core/template/template-schema.ts')).TEMPLATE_SCHEMA,
  report: async () => (await import('./json/report-schema.ts')).REPORT_SCHEMA,
}

/** The JSON Schema of a format, as text for an editor. Loaded on demand. */
export async function schemaText(format: FormatName): Promise<string> {
  return `${JSON.stringify(await SCHEMAS[format](), undefined, 2)}\n`
}
