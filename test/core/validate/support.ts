import { makeSchemas } from '../../../src/build/schemas/index.mjs'
import { validateInputs } from '../../../src/core/validate/validate-inputs.ts'
import type { ValidateOptions, ValidationResult } from '../../../src/core/validate/validation-result.ts'
import { formatJsonPath } from '../../../src/core/json/json.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const files = await makeSchemas()

/** The schemas, made afresh from the installed releases. */
export const loadSchema = (file: string): unknown => files[file]

export async function validate(
  inputs: string | readonly SourceText[],
  options: Partial<ValidateOptions> = {},
): Promise<ValidationResult> {
  const sources = typeof inputs === 'string' ? [new SourceText('a.yaml', inputs)] : inputs
  return await validateInputs(sources, {
    kubeVersion: { minor: 36 },
    strictKinds: false,
    definitions: [],
    loadSchema,
    ...options,
  })
}

/** A line per object: `0 ConfigMap a: valid`, with its findings as `line:column severity CODE path`. */
export function brief({ objects, diagnostics }: ValidationResult): string[] {
  const lines = objects.flatMap((object) => {
    const { resource, status, document } = object
    const name = resource === undefined ? '-' : `${resource.kind} ${resource.name}`
    return [`${document} ${name}: ${status}`, ...object.diagnostics.map(line)]
  })
  return [...diagnostics.map(line), ...lines]
}

function line({ code, severity, at, path }: ValidationResult['diagnostics'][number]): string {
  const place = at === undefined ? { line: 0, column: 0 } : at.source.position(at.range.start)
  return `  ${place.line}:${place.column} ${severity} ${code}${path === undefined ? '' : ` ${formatJsonPath(path)}`}`
}

/** A ConfigMap in one line. */
export const config = (name: string, more = ''): string =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}${more}}\n`
