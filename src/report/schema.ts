import { LATEST } from '../core/kube/version.ts'
import { openSchema, type SchemaLoader } from '../core/schema/kube-schema.ts'

/** The names of the JSON Schemas of our own file formats, and of the reports. */
export const FORMAT_NAMES = ['sidecar-template', 'policy', 'report'] as const
export type FormatName = (typeof FORMAT_NAMES)[number]

const SCHEMAS: Record<FormatName, (loadSchema: SchemaLoader) => Promise<unknown>> = {
  policy: async () => (await import('../core/selection/policy-schema.ts')).POLICY_SCHEMA,
  'sidecar-template': async (loadSchema) =>
    (await import('./editor-schema.ts')).editorSchema(openSchema(LATEST, loadSchema)),
  report: async () => (await import('./json/report-schema.ts')).REPORT_SCHEMA,
}

/** The JSON Schema of a format, as text for an editor. Loaded on demand. */
export async function schemaText(format: FormatName, loadSchema: SchemaLoader): Promise<string> {
  return `${JSON.stringify(await SCHEMAS[format](loadSchema), undefined, 2)}\n`
}
