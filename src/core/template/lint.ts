import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonPath, type Json } from '../json/json.ts'
import { templateProblem } from './parse-template.ts'
import type { Template } from './template.ts'

/** What looks like a placeholder of ours, but is one of a shell or of Kubernetes. */
const LOOKALIKE = /(?:^|[^$])\$[{(]params\.([\w-]{1,63})[})]/

/**
 * What a template may be, and hardly means: parameters that nothing uses, and texts with a placeholder written as other
 * tools write it, which would go into the manifest as they are. Each is a TEMPLATE_INVALID with its place.
 */
export function lintTemplate(template: Template): Diagnostic[] {
  const { parameters, spec, place } = template
  const used = new Set<string>()
  for (const { requiredWhen } of parameters.values()) for (const name of requiredWhen?.keys() ?? []) used.add(name)
  const diagnostics: Diagnostic[] = []
  for (const [key, value] of Object.entries(spec)) if (key !== 'parameters') walk(value, ['spec', key])
  for (const name of parameters.keys()) {
    if (!used.has(name)) {
      const hint = `use it as \${{ params.${name} }} or in a $when, or remove it`
      diagnostics.push(templateProblem(place, ['spec', 'parameters', name], `parameter "${name}" is not used`, hint))
    }
  }
  return diagnostics

  function walk(node: Json, path: JsonPath): void {
    if (typeof node === 'string') text(node, path)
    else if (Array.isArray(node)) for (const [i, item] of node.entries()) walk(item, [...path, i])
    else if (isObject(node)) {
      for (const [key, value] of Object.entries(node)) {
        if (key === '$when' && isObject(value)) for (const name of Object.keys(value)) used.add(name)
        walk(value, [...path, key])
      }
    }
  }

  function text(node: string, path: JsonPath): void {
    for (const [, name] of node.matchAll(/\$\{\{\s*params\.([\w-]{1,63})\s*\}\}/g)) used.add(name as string)
    const name = LOOKALIKE.exec(node)?.[1]
    if (name === undefined) return
    const hint = `write \${{ params.${name} }}`
    diagnostics.push(
      templateProblem(
        place,
        path,
        'this is no placeholder of a template, and would go into the manifest as it is',
        hint,
      ),
    )
  }
}
