/** Every value of a rich manifest once as something that it must not be: told, and never a crash. */
import { parse } from 'yaml'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'

type Data = null | boolean | number | string | Data[] | { [key: string]: Data }
type Path = (string | number)[]

const POD_SPEC = `
      serviceAccountName: app
      terminationGracePeriodSeconds: 30
      nodeSelector: {disk: ssd}
      tolerations: [{key: a, operator: Equal, value: b, effect: NoSchedule}]
      imagePullSecrets: [{name: registry}]
      securityContext: {fsGroup: 1, runAsUser: 1, seccompProfile: {type: RuntimeDefault}}
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}]
      initContainers: [{name: first, image: "busybox:1", command: [sh], restartPolicy: Always}]
      containers:
        - name: web
          image: "web:1"
          args: [x]
          env: [{name: A, value: b}, {name: B, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
          envFrom: [{configMapRef: {name: settings}}]
          ports: [{name: http, containerPort: 8080, hostPort: 8080, protocol: TCP}]
          volumeMounts: [{name: data, mountPath: /var/log, subPath: a, readOnly: true}]
          resources: {requests: {cpu: 1, memory: 1Gi}, limits: {cpu: 2}}
          readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
          lifecycle: {preStop: {exec: {command: [sleep]}}}
          securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}, runAsNonRoot: true}
      volumes: [{name: data, emptyDir: {sizeLimit: 1Gi}}, {name: c, configMap: {name: c, defaultMode: 420, items: [{key: a, path: b}]}}]`

const TEMPLATE = `
    metadata: {name: web, labels: {app: web}, annotations: {sidecarctl.dev/inject: "logging", sidecarctl.dev/logging.folder: /var/log}}
    spec:${POD_SPEC}`

const OBJECTS: Readonly<Record<string, string>> = {
  Deployment: `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {app: web}, annotations: {a: b}, ownerReferences: [{apiVersion: v1, kind: A, name: b, uid: c}], finalizers: [a.b/c]}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}, matchExpressions: [{key: app, operator: In, values: [web]}]}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}
  template:${TEMPLATE}
`,
  DaemonSet: `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web, b: c}}\n    spec: {containers: [{name: a, image: b}]}\n`,
  CronJob: `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec:\n  schedule: "* * * * *"\n  timeZone: Etc/UTC\n  jobTemplate:\n    spec:\n      completions: 1\n      completionMode: Indexed\n      podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1]}}]}\n      template:\n        spec: {restartPolicy: Never, containers: [{name: a, image: b}]}\n`,
  Service: `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: LoadBalancer, selector: {app: web}, externalIPs: [1.2.3.4], ports: [{name: a, port: 80, targetPort: http, nodePort: 30000, protocol: TCP}]}\n`,
  Ingress: `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web}\nspec: {ingressClassName: a, tls: [{hosts: [a.b], secretName: c}], rules: [{host: a.b, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}\n`,
  CustomResourceDefinition: `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: trees.e.com}\nspec: {group: e.com, scope: Namespaced, names: {kind: Tree, plural: trees, singular: tree, listKind: TreeList}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {a: {type: string, enum: [b]}}}}}]}\n`,
  RoleBinding: `apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: b}\nsubjects: [{kind: ServiceAccount, name: c, namespace: d}]\n`,
  HorizontalPodAutoscaler: `apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: a}\nspec: {minReplicas: 1, maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}\n`,
}

const WRONG: readonly Data[] = [{ a: { b: 1 } }, [[1], {}], null, true, -1.5, '\u0000']

/** The paths of all values, maps and lists too. */
function pathsOf(data: Data, path: Path = []): Path[] {
  const inner =
    typeof data === 'object' && data !== null
      ? Object.entries(data).flatMap(([key, value]) =>
          pathsOf(value, [...path, Array.isArray(data) ? Number(key) : key]),
        )
      : []
  return path.length === 0 ? inner : [path, ...inner]
}

function withValue(data: Data, [step, ...rest]: Path, value: Data): Data {
  if (step === undefined) return value
  const copy = structuredClone(data) as { [key: string | number]: Data }
  copy[step] = withValue(copy[step] as Data, rest, value)
  return copy as Data
}

it.each<[string, string]>([
  [
    'labels without a selector',
    OBJECTS['DaemonSet']?.replace('  selector: {matchLabels: {app: web}}\n', '').replace('app: web', 'app: {a: b}') ??
      '',
  ],
  [
    'a selector beside a proxy',
    `${OBJECTS['Service']?.replace('app: web', 'app: {a: b}')}---\n${OBJECTS['Deployment']?.replaceAll('port: 8080', 'port: 80')}`,
  ],
])('maps as values of %s make no bug show up', async (_, text) => {
  const cwd = folder({ 'in.yaml': text })
  for (const argv of [['validate'], ['inject', '--no-validate', '-s', 'proxy'], ['inject', '-s', 'logging']]) {
    const { code, stderr } = await sidecarctl(cwd, [...argv, 'in.yaml'])
    expect(code, stderr).not.toBe(3)
  }
})

describe.each(Object.entries(OBJECTS))('a %s', (_, text) => {
  const data = parse(text) as Data
  // One stream for all: a crash anywhere ends the run.
  const objects = pathsOf(data).flatMap((path) => WRONG.map((value) => JSON.stringify(withValue(data, path, value))))

  it('is what it must be', async () => {
    expect(await sidecarctl(folder({ 'in.yaml': text }), ['validate', '-q', 'in.yaml'])).toMatchObject({
      stdout: '',
      code: 0,
    })
  })

  it.each(
    [
      ['validate'],
      ['inject', '-s', 'logging,metrics', '--set', 'metrics.port=80'],
      ['inject', '--no-validate', '-s', 'logging'],
      ['inject', '--no-validate', '-s', 'proxy'],
      ['status'],
      ['check', '--no-validate'],
      ['uninject'],
    ].map((argv) => [argv]),
  )('with a wrong value in any place makes no bug show up: %j', async (argv) => {
    const { code, stderr } = await sidecarctl(folder({ 'in.yaml': objects.join('\n---\n') }), [
      ...argv,
      '-q',
      'in.yaml',
    ])
    expect(code, stderr.slice(0, 2000)).not.toBe(3)
  })
})
