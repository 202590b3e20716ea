import { itemsOf, mapOf, mapsOf, type Json, type JsonObject } from '../json/json.ts'
import { parseQuantity } from '../kube/quantity.ts'
import { escapeDollars, type PodFacts, type SidecarService } from './service-parts.ts'

/** The variables of a service. */
export interface Environment {
  /** As written in the file. */
  written: Map<string, Json>
  /** Values for `$(NAME)`, which Compose does not replace. */
  plain: Map<string, string>
}

/** Translates the variables of a container; notes those that must be set by hand, and those that only a cluster knows. */
export function environment(container: JsonObject, facts: PodFacts, out: SidecarService): Environment {
  const written = new Map<string, Json>()
  const plain = new Map<string, string>()
  if (itemsOf(container['envFrom']).length > 0) out.problems.push('takes all variables of a ConfigMap or Secret')
  for (const variable of mapsOf(container['env'])) {
    const name = String(variable['name'])
    const from = mapOf(variable['valueFrom'])
    if (from === undefined) {
      const value = withVariables(String(variable['value'] ?? ''), plain)
      plain.set(name, value)
      written.set(name, escapeDollars(value))
    } else {
      const value = valueFrom(name, from, container, facts, out)
      if (value === undefined) continue
      if ('text' in value) plain.set(name, value.text)
      written.set(name, 'text' in value ? escapeDollars(value.text) : value.variable)
    }
  }
  return { written, plain }
}

/** A value known here, or the variable of Compose that gives it. */
type FromElsewhere = { text: string } | { variable: string } | undefined

function valueFrom(
  name: string,
  from: JsonObject,
  container: JsonObject,
  { service, pod }: PodFacts,
  out: SidecarService,
): FromElsewhere {
  const field = mapOf(from['fieldRef'])?.['fieldPath']
  if (field === 'metadata.name') return { text: service }
  if (field === 'metadata.namespace') return { text: 'compose' }
  const annotation = /^metadata\.annotations\['(.+)'\]$/.exec(String(field))?.[1]
  if (annotation !== undefined)
    return { text: String(mapOf(mapOf(pod['metadata'])?.['annotations'])?.[annotation] ?? '') }
  const secret = mapOf(from['secretKeyRef']) ?? mapOf(from['configMapKeyRef'])
  if (secret !== undefined) {
    const key = `${String(secret['name'])}_${String(secret['key'])}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
    if (secret['optional'] === true) return { variable: `\${${key}:-}` }
    out.notes.push(`${name} comes from the variable ${key}, in place of a Secret`)
    return { variable: `\${${key}:?set it to the key ${String(secret['key'])} of ${String(secret['name'])}}` }
  }
  const resource = mapOf(from['resourceFieldRef'])?.['resource']
  if (typeof resource === 'string') {
    const [kind = '', unit = ''] = resource.split('.')
    const amount = parseQuantity(mapOf(mapOf(container['resources'])?.[kind])?.[unit])
    if (amount !== undefined) return { text: String((amount.nanos + 999_999_999n) / 1_000_000_000n) }
  }
  out.problems.push(`needs ${String(field ?? resource ?? 'a value')} in ${name}, which only a cluster has`)
  return undefined
}

/** Replaces `$(NAME)` as the kubelet does. Source: third_party/forked/golang/expansion/expand.go. */
export function withVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\$\$\(|\$\(([A-Za-z_][\w.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$(' : (values.get(name) ?? whole),
  )
}
