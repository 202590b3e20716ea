import type { Field } from '../field.ts'

/** The type, which defaults to ClusterIP. */
export function serviceType(spec: Field): string {
  const { text } = spec.get('type')
  return text === undefined || text === '' ? 'ClusterIP' : text
}

/** True for a headless Service: its only cluster IP is None. */
export function isHeadless(spec: Field): boolean {
  const list = spec.get('clusterIPs').items()
  if (list.length > 0) return list.length === 1 && list[0]?.text === 'None'
  return spec.get('clusterIP').text === 'None'
}
