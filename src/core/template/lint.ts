import { append } from '../common/append.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { isObject, mapOf, type JsonPath, type Json } from '../json/json.ts'
import { templateProblem } from './parse-template.ts'
import { OPEN } from './placeholder.ts'
import type { Template } from './template.ts'

/** What looks like a placeholder of ours, but is one of a shell or of Kubernetes. */
const LOOKALIKE = /(?:^|[^$])\$[{(]params\.([\w-]{1,63})[})]/

/**
 * Reports what a template may contain but hardly intends: parameters that nothing uses, probes of ports that the
 * sidecar does not have, and strings with a placeholder in the syntax of another tool, which would go into the manifest
 * unchanged. Each is a TEMPLATE_INVALID with its place.
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
  append(diagnostics, strayPorts(template))
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
        'this is not a placeholder of a template, and would go into the manifest unchanged',
        hint,
      ),
    )
  }
}

const PROBES = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const
const HANDLERS = ['httpGet', 'tcpSocket'] as const

/** Probes of a named port that the sidecar does not have, which the API server accepts and the kubelet never finds. */
function strayPorts({ spec, place }: Template): Diagnostic[] {
  const container = mapOf(spec['container'])
  const names = namesIn(container?.['ports'])
  if (container === undefined || names === undefined) return []
  return PROBES.flatMap((probe) =>
    HANDLERS.flatMap((handler) => {
      const port = mapOf(mapOf(container[probe])?.[handler])?.['port']
      if (typeof port !== 'string' || port.includes(OPEN) || names.includes(port)) return []
      const path = ['spec', 'container', probe, handler, 'port']
      const message = `the sidecar has no port named "${port}"`
      return [templateProblem(place, path, message, didYouMeanHint(port, names) ?? 'add it under ports')]
    }),
  )
}

/** The names of ports; undefined where they cannot be known before values are put in. */
function namesIn(ports: Json | undefined): string[] | undefined {
  if (ports === undefined) return []
  if (!Array.isArray(ports)) return undefined
  const names = ports.map((port) => mapOf(mapOf(port)?.['$value'] ?? port)?.['name'] ?? '')
  return names.every(isKnownName) && !ports.some((port) => mapOf(port)?.['$spread'] !== undefined) ? names : undefined
}

function isKnownName(name: Json): name is string {
  return typeof name === 'string' && !name.includes(OPEN)
}
