import type { Json } from '../json/json.ts'
import type { TemplateContext } from './template.ts'

type Getter = (context: TemplateContext, sidecar: string) => Json | undefined

/** The values of the workload that a template can use, by the name it uses. An absent one has no value. */
const VALUES: ReadonlyMap<string, Getter> = new Map<string, Getter>([
  ['workload.name', (c) => c.workload.name || undefined],
  ['workload.namespace', (c) => c.workload.namespace || undefined],
  ['workload.kind', (c) => c.workload.kind],
  ['app.container', (c) => c.app.container || undefined],
  ['app.image', (c) => c.app.image || undefined],
  ['app.port', (c) => c.app.port],
  ['app.portName', (c) => c.app.portName],
  ['sidecar.name', (_, sidecar) => sidecar],
  ['sidecar.mode', (c) => c.mode],
])

export const CONTEXT_NAMES: readonly string[] = [...VALUES.keys()]

export function contextValue(name: string, context: TemplateContext, sidecar: string): Json | undefined {
  return VALUES.get(name)?.(context, sidecar)
}
