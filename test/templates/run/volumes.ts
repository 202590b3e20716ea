import * as fs from 'node:fs'
import { join } from 'node:path'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { list, map, type PodTemplate } from './pod.ts'

/** Keys and texts of Secrets and ConfigMaps, by name. */
export type Data = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Makes each volume of a pod as a folder, as the kubelet does: emptyDirs for all to write, data as files of root's. */
export function makeVolumes(pod: PodTemplate, folder: string, data: Data): Map<string, string> {
  const made = new Map<string, string>()
  for (const volume of list(pod.spec['volumes'])) {
    const name = String(volume['name'])
    const path =
      typeof map(volume['hostPath'])['path'] === 'string' ? String(map(volume['hostPath'])['path']) : join(folder, name)
    if (volume['hostPath'] === undefined) {
      fs.mkdirSync(path)
      fs.chmodSync(path, volume['emptyDir'] === undefined ? 0o755 : 0o777)
    }
    for (const [file, text] of Object.entries(filesOf(volume, pod, data)))
      fs.writeFileSync(join(path, file), text, { mode: 0o644 })
    made.set(name, path)
  }
  return made
}

function filesOf(volume: JsonObject, pod: PodTemplate, data: Data): Readonly<Record<string, string>> {
  const name = map(volume['secret'])['secretName'] ?? map(volume['configMap'])['name']
  if (typeof name === 'string') return data[name] ?? {}
  const items = list(map(volume['downwardAPI'])['items'])
  return Object.fromEntries(
    items.map((item) => [String(item['path']), fieldOf(map(item['fieldRef'])['fieldPath'], pod)]),
  )
}

/** The value of a downward API field. */
export function fieldOf(path: Json | undefined, { metadata }: PodTemplate): string {
  const annotation = /^metadata\.annotations\['(.*)'\]$/.exec(String(path))?.[1]
  if (annotation !== undefined) return metadata.annotations[annotation] ?? ''
  if (path === 'metadata.name') return metadata.name
  if (path === 'metadata.namespace') return metadata.namespace
  throw new Error(`field ${String(path)}`)
}

/** The mounts of a container, outer ones first as the runtime sorts them: source, path in the container, ro or rw. */
export function mountsOf(container: JsonObject, volumes: ReadonlyMap<string, string>): [string, string, string][] {
  return list(container['volumeMounts'])
    .map((mount): [string, string, string] => {
      const source = join(volumes.get(String(mount['name'])) ?? '', String(mount['subPath'] ?? ''))
      return [source, String(mount['mountPath']), mount['readOnly'] === true ? 'ro' : 'rw']
    })
    .toSorted(([, a], [, b]) => (a < b ? -1 : 1))
}

/** Environment of a container: each `$(NAME)` of a variable before it is replaced, as the kubelet does. */
export function environmentOf(
  container: JsonObject,
  pod: PodTemplate,
  data: Data,
  base: Readonly<Record<string, string>>,
) {
  const own: Record<string, string> = {}
  for (const variable of list(container['env'])) {
    const from = map(variable['valueFrom'])
    const secret = map(from['secretKeyRef'])
    const text =
      from['fieldRef'] !== undefined
        ? fieldOf(map(from['fieldRef'])['fieldPath'], pod)
        : secret['name'] !== undefined
          ? data[String(secret['name'])]?.[String(secret['key'])]
          : expand(String(variable['value'] ?? ''), own)
    if (text === undefined) throw new Error(`no key for ${String(variable['name'])}`)
    own[String(variable['name'])] = text
  }
  return { env: { ...base, ...own }, expand: (text: string): string => expand(text, own) }
}

/** `$(NAME)` by the variable's value where there is one, `$$` by `$` (k8s.io/kubernetes third_party/forked/golang/expansion). */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\(([^()]*)\))/g, (all, name: string | undefined) =>
    name === undefined ? '$' : Object.hasOwn(variables, name) ? (variables[name] as string) : all,
  )
}
