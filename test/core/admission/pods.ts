import type { JsonObject } from '../../../src/core/json/json.ts'

function pod(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', ...metadata }, spec }
}

const DEFAULTS_OF_CONTAINER = {
  resources: {},
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  imagePullPolicy: 'IfNotPresent',
}

const APP = { name: 'app', image: 'example.com/app:1' }

/** A Pod with the fields that the API server has set when policies see it: defaults, and the token of its account. */
function live(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const token = {
    name: 'kube-api-access-x2x7k',
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  }
  const containers = (spec['containers'] as JsonObject[]).map((one) =>
    Object.assign({}, DEFAULTS_OF_CONTAINER, one, {
      volumeMounts: ((one['volumeMounts'] as JsonObject[] | undefined) ?? []).concat(token),
    }),
  )
  const volume = {
    name: token.name,
    projected: { sources: [{ serviceAccountToken: { expirationSeconds: 3607, path: 'token' } }], defaultMode: 420 },
  }
  return pod(
    {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: 'default',
      serviceAccount: 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
      containers,
      volumes: [...((spec['volumes'] as JsonObject[] | undefined) ?? []), volume],
    },
    metadata,
  )
}

const at = (mountPath: string, name = 'data', more: JsonObject = {}): JsonObject => ({ name, mountPath, ...more })
const DATA = { name: 'data', emptyDir: {} }

/**
 * Pods of all sorts, by what they have.
 * @param folder a folder that the sidecar shares, or one that none shares
 * @param container the name of the sidecar's container
 * @param port a port of the sidecar, or one that none has
 */
export function pods(folder: string, container: string, port: number): Record<string, JsonObject> {
  const above = folder.slice(0, folder.lastIndexOf('/')) || '/above'
  return {
    'one container': pod({ containers: [APP] }),
    'as the API server sees it': live({ containers: [APP] }),
    'several containers': pod({
      containers: [APP, { ...APP, name: 'b', volumeMounts: [at('/elsewhere')] }],
      volumes: [DATA],
    }),
    'init containers': pod({
      initContainers: [
        { name: 'migrate', image: 'm' },
        { name: 'native', image: 'n', restartPolicy: 'Always' },
      ],
      containers: [APP],
    }),
    'labels and annotations': pod(
      { containers: [APP] },
      { labels: { app: 'web' }, annotations: { 'example.com/a': 'b' } },
    ),
    'a volume at the folder': pod({ containers: [{ ...APP, volumeMounts: [at(folder)] }], volumes: [DATA] }),
    'a volume at the folder with a slash': pod({
      containers: [{ ...APP, volumeMounts: [at(`${folder}/`)] }],
      volumes: [DATA],
    }),
    'a part of a volume at the folder': pod({
      containers: [{ ...APP, volumeMounts: [at(folder, 'data', { subPath: 'logs' })] }],
      volumes: [DATA],
    }),
    'a part by expression': pod({
      containers: [
        { ...APP, env: [{ name: 'N', value: 'x' }], volumeMounts: [at(folder, 'data', { subPathExpr: 'logs/$(N)' })] },
      ],
      volumes: [DATA],
    }),
    'a volume above it': live({
      containers: [
        { ...APP, volumeMounts: [at(above)] },
        { ...APP, name: 'b' },
      ],
      volumes: [DATA],
    }),
    'a part of a volume above it': pod({
      containers: [{ ...APP, volumeMounts: [at(above, 'data', { subPath: 'a "b"\\c' })] }],
      volumes: [DATA],
    }),
    'a part by expression above it': pod({
      containers: [
        { ...APP, env: [{ name: 'N', value: 'x' }], volumeMounts: [at(above, 'data', { subPathExpr: '$(N)' })] },
      ],
      volumes: [DATA],
    }),
    'the same volume in two containers': pod({
      containers: [
        { ...APP, volumeMounts: [at(folder)] },
        { ...APP, name: 'b', volumeMounts: [at(folder)] },
      ],
      volumes: [DATA],
    }),
    'other volumes in two containers': pod({
      containers: [
        { ...APP, volumeMounts: [at(folder)] },
        { ...APP, name: 'b', volumeMounts: [at(folder, 'other')] },
      ],
      volumes: [DATA, { name: 'other', emptyDir: {} }],
    }),
    'both above and at it': pod({
      containers: [{ ...APP, volumeMounts: [at(above, 'other'), at(folder)] }],
      volumes: [DATA, { name: 'other', emptyDir: {} }],
    }),
    'a read-only volume there': pod({
      containers: [{ ...APP, volumeMounts: [at(folder)] }],
      volumes: [{ name: 'data', configMap: { name: 'c' } }],
    }),
    'a claim that is read-only': pod({
      containers: [{ ...APP, volumeMounts: [at(folder)] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c', readOnly: true } }],
    }),
    'a mount below it': pod({ containers: [{ ...APP, volumeMounts: [at(`${folder}/deep`)] }], volumes: [DATA] }),
    'a folder with a name that begins alike': pod({
      containers: [{ ...APP, volumeMounts: [at(`${folder}-2`)] }],
      volumes: [DATA],
    }),
    "another tool's sidecar": pod({
      containers: [
        { name: 'istio-proxy', image: 'istio/proxyv2:1' },
        APP,
        { name: 'mesh', image: 'gcr.io/istio/proxyv2:1', volumeMounts: [at(folder)] },
      ],
      volumes: [DATA],
    }),
    'the network of the node': pod({ hostNetwork: true, containers: [APP] }),
    'a container of its name': pod({ containers: [APP, { name: container, image: 'x' }] }),
    'an init container of its name': pod({ containers: [APP], initContainers: [{ name: container, image: 'x' }] }),
    'its port taken': pod({ containers: [{ ...APP, ports: [{ containerPort: port }] }] }),
    'its port in a probe': pod({
      containers: [{ ...APP, livenessProbe: { httpGet: { port } }, readinessProbe: { grpc: { port: 1234 } } }],
    }),
    'its port in a probe of another host': pod({
      containers: [{ ...APP, startupProbe: { tcpSocket: { port, host: 'example.com' } } }],
    }),
    'a probe by name': pod({
      initContainers: [
        { name: 'i', image: 'i', restartPolicy: 'Always', startupProbe: { tcpSocket: { port: 'http' } } },
      ],
      containers: [{ ...APP, livenessProbe: { httpGet: { port: 'http' } } }],
    }),
    'its port in a probe of an init container': pod({
      initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always', startupProbe: { tcpSocket: { port } } }],
      containers: [APP],
    }),
    'its port taken by UDP': pod({ containers: [{ ...APP, ports: [{ containerPort: port, protocol: 'UDP' }] }] }),
    'a short grace period': live({ terminationGracePeriodSeconds: 1, containers: [APP] }),
    'a long grace period': pod({ terminationGracePeriodSeconds: 3600, containers: [APP] }),
    'settings of its own': live(
      {
        containers: [
          {
            ...APP,
            env: [
              { name: 'DB_HOST', value: 'own' },
              { name: 'STATSD_HOST', value: 'x' },
            ],
            ports: [{ name: 'http', containerPort: 8080 }],
            lifecycle: {},
          },
        ],
        imagePullSecrets: [{ name: 'own' }],
        securityContext: { fsGroup: 7 },
        shareProcessNamespace: false,
      },
      {
        labels: { 'sidecar.istio.io/inject': 'false' },
        annotations: {
          'prometheus.io/port': '1',
          'linkerd.io/inject': 'disabled',
          'kubectl.kubernetes.io/default-container': 'app',
        },
      },
    ),
    'an ephemeral container': pod({ containers: [APP], ephemeralContainers: [{ name: 'debug', image: 'd' }] }),
    'opted out': pod({ containers: [APP] }, { annotations: { 'sidecarctl.dev/inject': 'false' } }),
    'opted out by a label': pod({ containers: [APP] }, { labels: { 'sidecarctl.dev/inject': 'false' } }),
    'opted in': pod(
      { containers: [APP] },
      { annotations: { 'sidecarctl.dev/inject': 'true' }, labels: { 'sidecarctl.dev/inject': 'false' } },
    ),
  }
}
