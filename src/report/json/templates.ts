import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import type { Json, JsonObject } from '../../core/json/json.ts'
import { clone, isObject } from '../../core/json/json.ts'
import type { ParameterSpec, Template, ValueSpec } from '../../core/template/template.ts'
import { diagnosticJson, severityCounts } from './diagnostics.ts'
import { reportText } from './header.ts'
import { present } from './outcomes.ts'

/** A template, and whether it is the user's own. */
export interface ListedTemplate {
  template: Template
  isOwn: boolean
}

function headJson({ template, isOwn }: ListedTemplate): JsonObject {
  const { name, version, description, mode } = template
  return { name, version, description: description.trim(), mode, isOwn, file: template.place([]).source.label }
}

/** `templates list -o json`. */
export function templateListJson(templates: readonly ListedTemplate[]): string {
  return reportText('TemplateList', { templates: templates.map(headJson) })
}

/** `templates docs NAME -o json`: the template with its parameters and requirements. */
export function templateDocsJson(listed: ListedTemplate): string {
  const { parameters, spec } = listed.template
  const requires = spec['requires']
  return reportText('TemplateDocs', {
    ...headJson(listed),
    parameters: [...parameters.values()].map(parameterJson),
    requires: isObject(requires) ? clone(requires) : {},
  })
}

function parameterJson(parameter: ParameterSpec): JsonObject {
  const { name, description, default: value, example, required } = parameter
  return {
    name,
    ...valueJson(parameter),
    description: description.trim(),
    required,
    ...(value !== undefined && { default: value }),
    ...(example !== undefined && { example }),
    ...(parameter.requiredWhen !== undefined && { requiredWhen: conditionJson(parameter.requiredWhen) }),
  }
}

/** The limits of a value, by the names of JSON Schema keywords; patterns are not told. */
function valueJson({ type, enum: values, items, additionalProperties, ...limits }: ValueSpec): JsonObject {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems } = limits
  return {
    type,
    ...(values !== undefined && { enum: [...values] }),
    ...present({ minLength, maxLength, minimum, maximum, minItems, maxItems }),
    ...(items !== undefined && { items: valueJson(items) }),
    ...(additionalProperties !== undefined && { additionalProperties: valueJson(additionalProperties) }),
  }
}

function conditionJson(condition: NonNullable<ParameterSpec['requiredWhen']>): JsonObject {
  return Object.fromEntries([...condition].map(([name, test]) => [name, { ...test } as unknown as Json]))
}

/** `templates validate -o json`. */
export function templateReportJson(templates: readonly ListedTemplate[], diagnostics: readonly Diagnostic[]): string {
  return reportText('TemplateReport', {
    templates: templates.map(headJson),
    diagnostics: diagnostics.map(diagnosticJson),
    summary: { templates: templates.length, ...severityCounts(diagnostics) },
  })
}
