import { jsonText } from '../../core/json/json.ts'

/** The version of the format; a new field does not change it. Its schema is `report-schema.ts`. */
export const REPORT_VERSION = 'sidecarctl.dev/v1'

/** The reports that programs can read, by the command that makes them. */
export const REPORT_KINDS = [
  'InjectReport',
  'UninjectReport',
  'DiffReport',
  'CheckReport',
  'StatusReport',
  'ExplainReport',
  'ValidateReport',
  'KindList',
  'TemplateList',
  'TemplateDocs',
  'TemplateReport',
  'ImageList',
] as const
export type ReportKind = (typeof REPORT_KINDS)[number]

/** A report as text: its kind and version, then its fields. */
export function reportText(kind: ReportKind, fields: object): string {
  return `${jsonText({ apiVersion: REPORT_VERSION, kind, ...fields }, 2)}\n`
}
