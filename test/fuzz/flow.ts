/** Writes workloads in flow style in which values are missing, null or empty, and comments and line breaks stand anywhere. */
import type { randomOf } from './mutate.ts'

type Random = ReturnType<typeof randomOf>

/** Where `@` stands, a value of `NOTHING` goes. */
const PODS = [
  '{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: @, labels: @, namespace: @}, spec: {containers: [{name: app, image: b, env: @, volumeMounts: @, command: @, ports: @, lifecycle: @}], volumes: @, initContainers: @, imagePullSecrets: @, securityContext: @, terminationGracePeriodSeconds: @, serviceAccountName: @}}',
  '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, labels: @}, spec: {selector: @, template: {metadata: {annotations: @, labels: @}, spec: {containers: [{name: app, env: [{name: A, value: @}, {name: B, value: c}], ports: [{containerPort: 80, name: @}], volumeMounts: @, image: @}, {name: two}], volumes: [{name: v, emptyDir: @}]}}}}',
]
const NOTHING = ['', '', '', '~', '[]', '{}', '&q ', '!!null ', '&q ~']
const GAPS = ['', '', '', '', ' ', ' ', '\n', '\n  ', ' # c\n', ' #c"\n   ', '\n # c\n  ', ' #\n', ' # c\n\n']

/** One such document, of few or many comments, with quotes as in JSON or without, and line breaks of either kind. */
export function flowText(random: Random): string {
  const pick = <T>(all: readonly T[]): T => all[random(all.length)] as T
  const [isQuoted, every] = [random(2) === 0, 1 + random(8)]
  const gap = (): string => (random(every) === 0 ? pick(GAPS) : '')
  let anchors = 0
  const parts = (pick(PODS).match(/[@{}[\],]|[^{}[\], @]+/g) ?? []).map((token) => {
    if (token === '@') return pick(NOTHING).replace('&q', () => `&q${anchors++}`) + gap()
    if (!/\w/.test(token)) return token + gap()
    const word = token.replace(/:$/, '')
    const text = isQuoted ? JSON.stringify(word) : word
    if (word === token) return text + gap()
    return `${text}${isQuoted ? gap() : ''}:${gap() || ' '}`
  })
  const text = `${parts.join('')}\n`
  return random(4) === 0 ? text.replaceAll('\n', '\r\n') : text
}
