/** What an API server makes of a workload when it stores it, written down anew for tests from Kubernetes' defaults.go. */

type Data = Record<string, unknown>

const list = (value: unknown): Data[] => (Array.isArray(value) ? (value as Data[]) : [])
const map = (value: unknown): Data | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Data) : undefined

function fill(target: Data | undefined, values: Data): void {
  if (target === undefined) return
  for (const [key, value] of Object.entries(values)) target[key] ??= value
}

function probe(value: unknown): void {
  const one = map(value)
  if (one === undefined) return
  fill(one, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  if (one['initialDelaySeconds'] === 0) delete one['initialDelaySeconds']
  fill(map(one['httpGet']), { scheme: 'HTTP', path: '/' })
  fill(map(one['grpc']), { service: '' })
}

function reference(value: unknown): void {
  const from = map(value)
  fill(map(from?.['fieldRef']), { apiVersion: 'v1' })
  fill(map(from?.['resourceFieldRef']), { divisor: '0' })
}

/** `0.5` is stored as `500m`, `1000m` as `1`, and `1024Mi` as `1Gi`. */
function canonical(text: string): string {
  const decimal = /^(\d+)(?:\.(\d{1,3}))?$/.exec(text)
  if (decimal?.[2] !== undefined) return `${Number(decimal[1]) * 1000 + Number(decimal[2].padEnd(3, '0'))}m`
  const milli = /^(\d+)000m$/.exec(text)
  if (milli !== null) return milli[1] as string
  const mebi = /^(\d+)Mi$/.exec(text)
  return mebi !== null && Number(mebi[1]) % 1024 === 0 ? `${Number(mebi[1]) / 1024}Gi` : text
}

function resources(container: Data): void {
  const own = map((container['resources'] ??= {})) as Data
  for (const key of ['limits', 'requests']) {
    const amounts = map(own[key])
    for (const [name, amount] of Object.entries(amounts ?? {})) (amounts as Data)[name] = canonical(String(amount))
  }
  const limits = map(own['limits'])
  if (limits !== undefined) fill((own['requests'] ??= {}) as Data, limits)
}

function container(one: Data): void {
  const image = String(one['image'])
  const tag = image.includes('@') ? 'digest' : (/:([^:/]*)$/.exec(image)?.[1] ?? 'latest')
  fill(one, {
    imagePullPolicy: tag === 'latest' ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  })
  resources(one)
  for (const port of list(one['ports'])) fill(port, { protocol: 'TCP' })
  for (const env of list(one['env'])) {
    reference(env['valueFrom'])
    if (env['value'] === '') delete env['value']
  }
  for (const mount of list(one['volumeMounts'])) if (mount['readOnly'] === false) delete mount['readOnly']
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) probe(one[key])
  for (const key of ['postStart', 'preStop'])
    fill(map(map(map(one['lifecycle'])?.[key])?.['httpGet']), { scheme: 'HTTP', path: '/' })
}

function volume(one: Data): void {
  if (Object.keys(one).length === 1) one['emptyDir'] = {}
  for (const key of ['configMap', 'secret', 'downwardAPI', 'projected']) fill(map(one[key]), { defaultMode: 420 })
  fill(map(one['hostPath']), { type: '' })
  for (const item of list(map(one['downwardAPI'])?.['items'])) reference(item)
  for (const source of list(map(one['projected'])?.['sources'])) {
    fill(map(source['serviceAccountToken']), { expirationSeconds: 3600 })
    for (const item of list(map(source['downwardAPI'])?.['items'])) reference(item)
  }
}

const TOKEN = {
  name: 'kube-api-access-x7k2p',
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
}

function podSpec(spec: Data, isPod: boolean): void {
  fill(spec, {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  })
  for (const one of [...list(spec['containers']), ...list(spec['initContainers'])]) {
    container(one)
    if (isPod) one['volumeMounts'] = [...list(one['volumeMounts']), { ...TOKEN }]
  }
  for (const one of list(spec['volumes'])) volume(one)
  if (!isPod) return
  fill(spec, {
    enableServiceLinks: true,
    nodeName: 'node-1',
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    serviceAccount: 'default',
    serviceAccountName: 'default',
  })
  const not = { effect: 'NoExecute', operator: 'Exists', tolerationSeconds: 300 }
  spec['tolerations'] = [
    ...list(spec['tolerations']),
    { ...not, key: 'node.kubernetes.io/not-ready' },
    { ...not, key: 'node.kubernetes.io/unreachable' },
  ]
  const token = { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }
  spec['volumes'] = [...list(spec['volumes']), { name: TOKEN.name, projected: { defaultMode: 420, sources: [token] } }]
}

/** Fills an object in, in place, as `kubectl get` shows it after it was applied. */
export function stored(object: Data): Data {
  const kind = String(object['kind'])
  Object.assign(object['metadata'] as Data, {
    creationTimestamp: '2030-01-02T15:04:05Z',
    generation: 1,
    namespace: 'default',
    resourceVersion: '1',
    uid: '6a1e7a1e-0000-4000-8000-000000000000',
  })
  const spec = object['spec'] as Data
  const jobSpec = kind === 'CronJob' ? ((spec['jobTemplate'] as Data)['spec'] as Data) : spec
  const template = (kind === 'Pod' ? object : jobSpec['template']) as Data
  if (kind === 'Deployment') fill(spec, { progressDeadlineSeconds: 600, replicas: 1, revisionHistoryLimit: 10 })
  podSpec(template['spec'] as Data, kind === 'Pod')
  object['status'] = {}
  return object
}
