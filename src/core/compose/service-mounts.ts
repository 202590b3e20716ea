import { isObject, mapOf, mapsOf, type Json, type JsonObject } from '../json/json.ts'
import { parseQuantity } from '../kube/quantity.ts'
import { escapeDollars, put, type PodFacts, type SidecarService } from './service-parts.ts'

/** Translates the mounts of a container to `volumes` and `configs` of its service. */
export function mountAll(container: JsonObject, facts: PodFacts, out: SidecarService): void {
  const entries: Json[] = []
  const files: Json[] = []
  for (const mount of mapsOf(container['volumeMounts'])) {
    const found = mounted(mount, facts, out)
    entries.push(...found.volumes) // bounded: one for each mount
    files.push(...found.configs) // bounded: keys of a ConfigMap
  }
  put(out.service, 'volumes', entries)
  put(out.service, 'configs', files)
}

/** The entries of `volumes` or `configs` that a mount becomes; notes files to be provided, and volumes that Compose does not have. */
export function mounted(mount: JsonObject, facts: PodFacts, out: SidecarService): { volumes: Json[]; configs: Json[] } {
  const name = String(mount['name'])
  const path = String(mount['mountPath'])
  const suffix = mount['readOnly'] === true ? ':ro' : ''
  const none = { volumes: [], configs: [] }
  const folder = facts.folders.get(name)
  if (folder !== undefined) {
    if (folder.source !== undefined) return { volumes: [`${folder.source}:${path}${suffix}`], configs: [] }
    out.problems.push(`shares ${folder.path}, whose volume has no name: give it one in volumes of ${facts.service}`)
    return none
  }
  const volume = mapsOf(mapOf(facts.pod['spec'])?.['volumes']).find((one) => one['name'] === name)
  if (volume === undefined) return none
  const emptyDir = mapOf(volume['emptyDir'])
  if (emptyDir !== undefined) {
    const own = `${facts.service}-${name}`
    const size = emptyDir['sizeLimit'] === undefined ? undefined : parseQuantity(emptyDir['sizeLimit'])
    const options = size === undefined ? 'mode=1777' : `mode=1777,size=${String(size.nanos / 1_000_000_000n)}`
    out.volumes.set(own, { driver_opts: { type: 'tmpfs', device: 'tmpfs', o: options } })
    return { volumes: [`${own}:${path}${suffix}`], configs: [] }
  }
  const hostPath = mapOf(volume['hostPath'])?.['path']
  if (typeof hostPath === 'string') return { volumes: [`${hostPath}:${path}${suffix}`], configs: [] }
  const secret = mapOf(volume['secret'])?.['secretName']
  if (typeof secret === 'string') {
    out.notes.push(`the files of the Secret ${secret} are read from the folder ./secrets/${secret}`)
    return { volumes: [`./secrets/${secret}:${path}:ro`], configs: [] }
  }
  const files = filesOf(volume, facts)
  if (files !== undefined) return { volumes: [], configs: configsOf(files, mount, name, facts, out) }
  const named = mapOf(volume['configMap'])?.['name']
  if (typeof named === 'string') {
    out.notes.push(`the files of the ConfigMap ${named} are read from the folder ./configmaps/${named}`)
    return { volumes: [`./configmaps/${named}:${path}:ro`], configs: [] }
  }
  out.problems.push(
    `mounts a volume of a kind that Compose does not have: ${Object.keys(volume).find((key) => key !== 'name') ?? name}`,
  )
  return none
}

/** The files of a volume whose contents are known: those of a ConfigMap that came with the sidecar, or annotations. */
function filesOf(volume: JsonObject, { pod, objects }: PodFacts): Map<string, string> | undefined {
  const down = mapOf(volume['downwardAPI'])?.['items']
  if (Array.isArray(down)) {
    const annotations = mapOf(mapOf(pod['metadata'])?.['annotations']) ?? {}
    return new Map(
      down.flatMap((item): [string, string][] => {
        const field = mapOf(mapOf(item)?.['fieldRef'])?.['fieldPath']
        const key = /^metadata\.annotations\['(.+)'\]$/.exec(String(field))?.[1]
        return key === undefined ? [] : [[String(mapOf(item)?.['path']), String(annotations[key] ?? '')]]
      }),
    )
  }
  const source = mapOf(volume['configMap'])
  const object = objects.find(
    (one) => mapOf(one['metadata'])?.['name'] === source?.['name'] && one['kind'] === 'ConfigMap',
  )
  const data = mapOf(object?.['data'])
  if (source === undefined || data === undefined) return undefined
  const items = Array.isArray(source['items']) ? source['items'].filter((item) => isObject(item)) : undefined
  return items === undefined
    ? new Map(Object.entries(data).map(([key, text]) => [key, String(text)]))
    : new Map(items.map((item) => [String(item['path']), String(data[String(item['key'])] ?? '')]))
}

function configsOf(
  files: ReadonlyMap<string, string>,
  mount: JsonObject,
  volume: string,
  { service }: PodFacts,
  out: SidecarService,
): Json[] {
  const sub = mount['subPath']
  const chosen = [...files].filter(([file]) => sub === undefined || file === sub)
  return chosen.map(([file, text]) => {
    const source = `${service}-${volume}-${file}`.replaceAll(/[^A-Za-z0-9._-]/g, '-')
    out.configs.set(source, { content: escapeDollars(text) })
    return { source, target: sub === undefined ? `${String(mount['mountPath'])}/${file}` : String(mount['mountPath']) }
  })
}
