import { makeSchemas } from '../../../src/build/schemas/index.mjs'
import { type JsonObject, formatJsonPath } from '../../../src/core/json/json.ts'
import { openSchema, type KubeSchema } from '../../../src/core/schema/kube-schema.ts'
import { validateDefinition } from '../../../src/core/schema/validate-schema.ts'
import type { Finding } from '../../../src/core/diagnostics/finding.ts'

const files = await makeSchemas()

/** The schema of a minor, made afresh from the installed releases. */
export const schemaOf = (minor: number) => openSchema({ minor }, (file) => files[file])

/** `CODE path`, for tables. */
export const brief = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, path }) => `${code} ${formatJsonPath(path)}`)

/** Plain data with null prototypes, as readers make it. */
export function plain(text: string): JsonObject {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.assign(Object.create(null) as object, value)
      : value,
  ) as JsonObject
}

/** Findings on an object by the schema of its kind; none for a kind that the version does not serve. */
export function validateSchema(
  schema: KubeSchema,
  { group, version, kind, data }: { group: string; version: string; kind: string; data: JsonObject },
): Finding[] {
  const served = schema.kind(group === '' ? version : `${group}/${version}`, kind)
  return served === undefined ? [] : validateDefinition(schema, served.definition, data, [])
}
