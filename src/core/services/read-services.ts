import { append } from '../common/append.ts'
import { expandObjects } from '../kube/objects.ts'
import { duplicateKeys, plainBraces, templateText, unreadable } from '../validate/read-diagnostics.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject } from '../json/json.ts'
import { valueAt, type KubeObject } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import { mayHoldService } from './service-prefilter.ts'
import type { Service, ServicePort } from './service.ts'

/** The Services of an input, and what of them could not be read. */
export interface ReadServices {
  services: Service[]
  /** Trouble that hides a Service; of no interest where nothing is to be done with Services. */
  diagnostics: Diagnostic[]
}

/** The Services of an input. Documents in which no word is `Service` or `ServiceList` are not read. */
export function readServices(source: SourceText): ReadServices {
  const out: ReadServices = { services: [], diagnostics: [] }
  if (!mayHoldService(source)) return out
  let shift = 0
  for (const raw of splitDocuments(source)) {
    const text = source.text.slice(raw.start, raw.end)
    if (!mayHoldService({ text })) continue
    const docs = readRawDocument({ ...raw, index: raw.index + shift })
    shift += docs.length - 1
    for (const doc of docs) {
      if ('error' in doc) {
        if (OWN_KIND.test(text)) out.diagnostics.push(unreadable(doc))
      } else if (isObject(doc.data)) append(out.services, expandObjects(doc).objects.flatMap(asService))
    }
  }
  return out
}

const OWN_KIND = /^["']?kind["']?[ \t]*:[ \t]*["']?Service\b/m

/** The object as a Service that selects pods; none for other kinds, and for those that lead elsewhere. */
function asService(object: KubeObject): Service[] {
  const { ref, data } = object
  const spec = valueAt(data, ['spec'])
  if (ref.apiVersion !== 'v1' || ref.kind !== 'Service' || ref.name === '' || !isObject(spec)) return []
  const selector = isObject(spec['selector']) ? spec['selector'] : {}
  return [
    {
      ...object,
      namespace: ref.namespace || 'default',
      // An ExternalName has no pods, whatever it selects.
      selector: spec['type'] === 'ExternalName' ? {} : selector,
      ports: portsOf(spec['ports']),
      isHeadless: spec['clusterIP'] === 'None',
    },
  ]
}

function portsOf(list: unknown): ServicePort[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry, index): ServicePort[] => {
    if (!isObject(entry) || typeof entry['port'] !== 'number') return []
    const { port } = entry
    const protocol = typeof entry['protocol'] === 'string' && entry['protocol'] !== '' ? entry['protocol'] : 'TCP'
    return [{ key: `${port}/${protocol}`, index, port, protocol, target: entry['targetPort'] }]
  })
}

/** What an edit must not be built on: text of a template, and keys of which kubectl drops one. */
export function serviceProblems({ doc, node, ref }: Service): Diagnostic[] {
  const braces = plainBraces(doc, node)
    .slice(0, 1)
    .map((offset) => templateText(doc, offset, 'error'))
  return [...braces, ...duplicateKeys(doc, node, () => 'error')].map((found) => Object.assign(found, { resource: ref }))
}
