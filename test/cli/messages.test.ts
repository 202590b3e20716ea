import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

/** A Deployment with lines added to its pod spec, and to its container. */
function deployment({ pod = '', container = '', name = 'web' } = {}): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:${pod === '' ? '' : `\n      ${pod}`}
      containers:
      - name: app
        image: nginx:1${container === '' ? '' : `\n        ${container}`}
        ports: [{containerPort: 8080}]
`
}

/** What the program says of one manifest. */
async function said(text: string, ...argv: string[]) {
  const [command = '', ...rest] = argv
  return await sidecarctl(folder({ 'in.yaml': text }), [command, 'in.yaml', ...rest])
}

describe('a value that must be in quotes is shown as it is written', () => {
  const written = ['81111e1', '1.10', '0755', 'yes', 'off', '12345678901234567890123', '0x1F', '-1_000', '1e3']
  const rows: [string, (value: string) => string, string[]][] = [
    [
      'validate',
      (value) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: ${value}\n`,
      ['validate'],
    ],
    ['inject', (value) => deployment({ container: `env: [{name: A, value: ${value}}]` }), ['inject', '-s', 'logging']],
    [
      'an annotation of ours',
      (value) =>
        deployment().replace('{name: web}', `{name: web, annotations: {sidecarctl.dev/logging.folder: ${value}}}`),
      ['inject', '-s', 'logging'],
    ],
  ]
  it.each(rows)('by %s', async (_, text, argv) => {
    for (const value of written) {
      const { code, stdout, stderr } = await said(text(value), ...argv)
      expect(code).toBe(1)
      expect(stdout + stderr).toContain(`hint: put it in quotes: "${value}"\n`)
    }
  })

  it('in a policy and a template', async () => {
    const policy = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec: {kubernetesVersion: 1.30}\n'
    const template =
      'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: 1.10}\nspec: {container: {image: a}}\n'
    const cwd = folder({ 'sidecarctl.yaml': policy, 't.yaml': template, 'in.yaml': deployment() })
    expect((await sidecarctl(cwd, ['check', 'in.yaml'])).stderr).toContain('hint: put it in quotes: "1.30"\n')
    expect((await sidecarctl(cwd, ['templates', 'validate', 't.yaml'])).stderr).toContain(
      'hint: put it in quotes: "1.10"\n',
    )
  })

  it('in a custom resource', async () => {
    const cwd = folder({
      'crd.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: as.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {plural: as, singular: a, kind: A, listKind: AList}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {a: {type: string}}}}}}
`,
      'in.yaml': 'apiVersion: x.io/v1\nkind: A\nmetadata: {name: a}\nspec: {a: 1.10}\n',
    })
    const found = await sidecarctl(cwd, ['validate', 'in.yaml', '--crd', 'crd.yaml'])
    expect(found.stdout).toContain('hint: put it in quotes: "1.10"\n')
  })
})

describe('RESULT_INVALID', () => {
  it('points at the resources of the pod, and names sidecars and parameters', async () => {
    const pod = 'resources: {requests: {cpu: 10m}}'
    const { code, stderr } = await said(deployment({ pod }), 'inject', '-s', 'logging,metrics')
    expect(code).toBe(1)
    expect(stderr).toContain(
      'in.yaml:9:35 error RESULT_INVALID Deployment web: spec.template.spec.resources.requests[cpu]: with sidecars "logging" and "metrics", Kubernetes would reject it: "10m" must be greater than or equal to the requests of all containers together\n',
    )
    expect(stderr).toContain(
      'hint: raise the resources of the pod, or lower logging.cpuRequest or metrics.cpuRequest\n',
    )
    expect(stderr.match(/error/g)).toHaveLength(1)
  })

  const systems: [string, string, string][] = [
    ['os: {name: windows}', '9:18', 'Kubernetes would reject it'],
    // As the API server accepts it, validate does.
    ['nodeSelector: {kubernetes.io/os: windows}', '9:40', 'its nodes would not run it'],
    [
      'affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In, values: [windows]}]}]}}}',
      '9:82',
      'its nodes would not run it',
    ],
  ]
  it.each(systems)('is one error in a pod for Windows: %s', async (pod, place, who) => {
    const text = deployment({ pod })
    const { code, stderr } = await said(text, 'inject', '-s', 'logging,metrics')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      new RegExp(
        `^in.yaml:${place} error RESULT_INVALID Deployment web: .*with sidecars "logging" and "metrics", ${who}: a windows pod cannot set .*runAsUser`,
      ),
    )
    expect(stderr.match(/ error /g)).toHaveLength(1)
    expect((await said(text, 'validate')).code).toBe(0)
  })

  it('is no error for a sidecar that runs there', async () => {
    const pod = 'nodeSelector: {kubernetes.io/os: windows}'
    const cwd = folder({
      'in.yaml': deployment({ pod }),
      't.yaml':
        'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: t}\nspec: {container: {image: a}}\n',
    })
    expect(await sidecarctl(cwd, ['inject', 'in.yaml', '-t', 't.yaml', '-s', 't'])).toMatchObject({ code: 0 })
  })
})

describe('the grace period', () => {
  it.each(['native', 'classic'])('is raised for a proxy in mode %s', async (mode) => {
    const text = deployment({ pod: 'terminationGracePeriodSeconds: 2' })
    const { code, stdout } = await said(text, 'inject', '-s', 'proxy', '--mode', mode)
    expect(code).toBe(0)
    expect(Number(/terminationGracePeriodSeconds: (\d+)/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(5)
  })
})

describe('PARAM_REQUIRED', () => {
  it('names each workload with file and line', async () => {
    const cwd = folder({
      'a.yaml': deployment({ name: 'a' }),
      'b.yaml': `# two\n${deployment({ name: 'b' })}---\n${deployment({ name: 'c' })}`,
    })
    const { code, stdout, stderr } = await sidecarctl(cwd, [
      'inject',
      '.',
      '-s',
      'logging',
      '--set',
      'logging.output=forward',
    ])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /^\.\/a\.yaml:1:1 error PARAM_REQUIRED Deployment a: the template logging requires a value for host /,
    )
    expect(stderr).toContain(
      '  ./b.yaml:2:1: Deployment b requires it too\n  ./b.yaml:15:1: Deployment c requires it too\n',
    )
    expect(stderr.match(/error/g)).toHaveLength(1)
  })

  it('shows a line that a shell takes', async () => {
    const template = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: t, version: 1.0.0, description: t}
spec:
  parameters: {a: {type: string, required: true, description: A., example: "it's $5 & more"}}
  container: {image: "\${{ params.a }}"}
`
    const cwd = folder({ 'in.yaml': deployment(), 't.yaml': template })
    const { stderr } = await sidecarctl(cwd, ['inject', 'in.yaml', '-t', 't.yaml', '-s', 't'])
    const [, words = ''] = /hint: set it with --set (.*)\n/.exec(stderr) ?? []
    expect(execFileSync('sh', ['-c', `printf %s ${words}`], { encoding: 'utf8' })).toBe("t.a=it's $5 & more")
  })
})

describe('what other tools call it', () => {
  it.each([
    ['lint', 'sidecarctl validate'],
    ['plan', 'sidecarctl diff'],
    ['remove', 'sidecarctl uninject'],
    ['list', 'sidecarctl templates list'],
    ['update', 'sidecarctl check --fix in.yaml, or'],
  ])('%s: %s', async (command, here) => {
    expect(await sidecarctl(folder(), [command, 'in.yaml'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^error: unknown command '${command}'\nhint: .*${here}`)),
    })
  })

  it.each([
    ['inject', '--dry-run', 'sidecarctl diff'],
    ['uninject', '--dry-run=client', 'sidecarctl diff'],
    ['inject', '--in-place', '-w'],
    ['validate', '--fix', 'sidecarctl check --fix -R .'],
    ['inject', '--kubeconfig', 'kubectl get'],
  ])('%s %s: %s', async (command, option, here) => {
    const { code, stderr } = await sidecarctl(folder(), [command, 'in.yaml', option])
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`unknown option '${option}'[^]*\nhint: .*${here}`))
  })

  it('is no reason to leave a command unknown that nobody has', async () => {
    expect((await sidecarctl(folder(), ['__proto__'])).stderr).toContain("unknown command '__proto__'")
  })
})

describe('options', () => {
  it('are listed by commands that use them', async () => {
    const help = async (command: string) => (await sidecarctl(folder(), [command, '--help'])).stdout
    const uninject = await help('uninject')
    for (const option of ['--set', '--mode', '--on-conflict', '--retarget-services', '--no-validate'])
      expect(uninject).not.toContain(`${option} `)
    expect(uninject).toContain('sidecars to remove')
    expect(await help('inject')).toContain('--on-conflict')
    expect(await sidecarctl(folder(), ['uninject', '--set', 'a.b=c', 'x.yaml'])).toMatchObject({ code: 2 })
  })
})

describe('the report', () => {
  it('has a line for each change, and counts the rest', async () => {
    const cwd = folder({
      'a.yaml': deployment({ name: 'a' }),
      'b.yaml': deployment({ name: 'b' }).replace(
        '{name: b}',
        '{name: b, annotations: {sidecarctl.dev/inject: "false"}}',
      ),
      'c.yaml': deployment({ name: 'c' }).replace('{name: c}', '{name: c, namespace: kube-system}'),
      'sidecarctl.yaml':
        'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  exclude: {namespaces: [kube-system]}\n  rules: [{add: [logging]}]\n',
    })
    const first = await sidecarctl(cwd, ['inject', '.', '-w'])
    expect(first.stderr).toBe(
      './a.yaml:1 Deployment a: injected logging\n' +
        '1 injected, 2 skipped (1 opted out by annotation or label; 1 its namespace is excluded by the policy) (3 workloads in 3 files, 1 written)\n',
    )
    const second = await sidecarctl(cwd, ['inject', 'a.yaml', 'c.yaml', '-w'])
    expect(second.stderr).toBe(
      '1 up to date, 1 skipped: its namespace is excluded by the policy (2 workloads in 2 files, none written)\n',
    )
    expect((await sidecarctl(cwd, ['inject', 'a.yaml', 'c.yaml', '-w', '-v'])).stderr).toMatch(
      /^a\.yaml:1 Deployment a: up to date logging\n[^]*c\.yaml:1 Deployment kube-system\/c: skipped: /,
    )
  })
})

describe('a port that only a probe or hook of the app names', () => {
  const probe = (port: number | string, more = '') => `livenessProbe: {httpGet: {port: ${port}${more}}}`

  it('is taken', async () => {
    const { code, stderr } = await said(
      deployment({ container: probe(15001) }),
      'inject',
      '-s',
      'proxy',
      '--set',
      'proxy.port=15001',
    )
    expect(code).toBe(1)
    expect(stderr).toContain(
      'in.yaml:12:41 error PORT_TAKEN Deployment web: spec.template.spec.containers[0].livenessProbe.httpGet.port: sidecar "proxy" and container "app" both use port 15001/TCP\n',
    )
  })

  it.each([
    ['lifecycle: {preStop: {httpGet: {path: /drain, port: 15001}}}', 'preStop.httpGet'],
    ['lifecycle: {postStart: {tcpSocket: {port: 15001}}}', 'postStart.tcpSocket'],
  ])('is taken, by a hook: %s', async (container, where) => {
    const text = deployment({ container })
    const { code, stderr } = await said(text, 'inject', '-s', 'proxy', '--set', 'proxy.port=15001')
    expect(code).toBe(1)
    expect(stderr).toContain(
      `spec.template.spec.containers[0].lifecycle.${where}.port: sidecar "proxy" and container "app" both use port 15001/TCP\n`,
    )
  })

  it.each([
    ['of another host', probe(15001, ', host: example.com')],
    ['by name', probe('http')],
  ])('is free: %s', async (_, container) => {
    const text = deployment({ container }).replace('8080}', '8080, name: http}')
    expect((await said(text, 'inject', '-s', 'proxy', '--set', 'proxy.port=15001')).code).toBe(0)
  })

  it('may be that of a sidecar which is there', async () => {
    const flags = ['-s', 'proxy', '--set', 'proxy.port=15001']
    const { stdout } = await said(deployment(), 'inject', ...flags)
    const probed = stdout.replace('image: nginx:1\n', `image: nginx:1\n        ${probe(15001)}\n`)
    expect(probed).not.toBe(stdout)
    expect(await said(probed, 'inject', ...flags)).toMatchObject({ code: 0, stdout: probed })
  })
})

describe('inject -v', () => {
  it('lists what it put into containers of the user first', async () => {
    const { stderr } = await said(deployment(), 'inject', '-v', '-s', 'logging')
    expect(stderr).toMatch(
      /^in\.yaml:1 Deployment web: injected logging\n {2}logging \S+: spec\.containers\[app\]\.volumeMounts\[\S+\]\n {2}logging \S+: spec\.\S+\n/,
    )
  })
})

describe('objects among the inputs that would reject the pods', () => {
  const rule = (kind: string, spec: string, namespace = 'shop') =>
    `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: r, namespace: ${namespace}}\nspec: ${spec}\n`
  const web = deployment().replace('{name: web}', '{name: web, namespace: shop}')
  const warned = async (text: string, ...argv: string[]) =>
    (await said(web + text, 'inject', '-s', 'logging', ...argv)).stderr.match(/warning PODS_REJECTED .*/g) ?? []

  it.each([
    [
      'LimitRange',
      '{limits: [{type: Container, max: {memory: 1Mi}}]}',
      /limits\.memory of container logging is \S+, the maximum is 1Mi/,
    ],
    [
      'LimitRange',
      '{limits: [{type: Container, min: {memory: 8Gi}}]}',
      /requests\.memory of container logging is \S+, the minimum is 8Gi/,
    ],
  ])('are warned of: %s %s', async (kind, spec, problem) => {
    const found = await warned(rule(kind, spec))
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(problem)
    expect(found[0]).toContain(`Deployment shop/web: ${kind} r would reject the pods with the sidecars`)
    // That of another namespace says nothing.
    expect(await warned(rule(kind, spec, 'other'))).toEqual([])
  })

  it.each([
    ['ResourceQuota', '{hard: {requests.memory: 4Gi, limits.cpu: "4", pods: "4"}}'],
    ['LimitRange', '{limits: [{type: Container, max: {memory: 64Gi}}, {type: Pod, max: {memory: 1Mi}}]}'],
  ])('are left alone where the sidecars fit: %s %s', async (kind, spec) => {
    expect(await warned(rule(kind, spec))).toEqual([])
  })

  it.each<[string, string | undefined]>([
    // The app has 100Mi, logging 64Mi.
    ['{type: Pod, max: {memory: 200Mi}}', undefined],
    ['{type: Pod, max: {memory: 120Mi}}', 'limits.memory of the pod is 164Mi, the maximum is 120Mi'],
    // So is the pod without sidecars.
    ['{type: Pod, max: {memory: 90Mi}}', undefined],
    ['{type: Pod, min: {memory: 1Mi}}', undefined],
  ])('are warned of: a LimitRange of type Pod, %s', async (limit, problem) => {
    const app = web.replace('image: nginx:1', 'image: nginx:1\n        resources: {limits: {memory: 100Mi}}')
    const parameters =
      '{apiVersion: sidecarctl.dev/v1, kind: SidecarTemplate, metadata: {name: t, version: 1.0.0, description: t}, spec: {container: {image: a, resources: {limits: {memory: 64Mi}}}}}\n'
    const files = { 'web.yaml': app + rule('LimitRange', `{limits: [${limit}]}`), 't.yaml': parameters }
    const { stderr } = await sidecarctl(folder(files), ['inject', 'web.yaml', '-t', 't.yaml', '-s', 't'])
    expect(stderr.match(/(?<=the sidecars: ).*/g) ?? []).toEqual(problem === undefined ? [] : [problem])
  })

  describe('and cut off the traffic to a proxy', () => {
    const policy = (spec: string) =>
      `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: net, namespace: shop}\nspec: ${spec}\n`
    const cut =
      'NetworkPolicy net allows traffic to port 8080, but not to port 10000 of proxy, to which Services are retargeted'
    it.each<[string, string[], string | undefined]>([
      ['{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}', ['--retarget-services'], cut],
      [
        '{podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: 8000, endPort: 8090}]}]}',
        ['--retarget-services'],
        cut,
      ],
      [
        '{podSelector: {matchExpressions: [{key: app, operator: In, values: [a]}]}, ingress: [{ports: [{port: 8080}]}]}',
        ['--retarget-services'],
        cut,
      ],
      // Nothing is sent to the proxy.
      ['{podSelector: {}, ingress: [{ports: [{port: 8080}]}]}', [], undefined],
      // Not these pods, not this direction, not this protocol.
      [
        '{podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: 8080}]}]}',
        ['--retarget-services'],
        undefined,
      ],
      ['{podSelector: {}, policyTypes: [Egress]}', ['--retarget-services'], undefined],
      ['{podSelector: {}, ingress: [{ports: [{port: 8080, protocol: UDP}]}]}', ['--retarget-services'], undefined],
      // Both are open, or both are shut.
      ['{podSelector: {}, ingress: [{ports: [{port: 8080}, {port: 10000}]}]}', ['--retarget-services'], undefined],
      ['{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}', ['--retarget-services'], undefined],
      ['{podSelector: {}}', ['--retarget-services'], undefined],
    ])('are warned of: NetworkPolicy %s %j', async (spec, flags, problem) => {
      const { code, stderr } = await said(web + policy(spec), 'inject', '-s', 'proxy', ...flags)
      expect(code).toBe(0)
      expect(stderr.match(/(?<=warning NETWORK_POLICY_BLOCKS Deployment shop\/web: ).*/g) ?? []).toEqual(
        problem === undefined ? [] : [problem],
      )
    })
  })

  it.each<[string, string, string, string | undefined]>([
    ['', '1.36', '', 'must specify limits.cpu for: t, unless a LimitRange has a default'],
    ['', '1.36', rule('LimitRange', '{limits: [{type: Container, default: {cpu: 2}}]}'), undefined],
    ['', '1.36', rule('LimitRange', '{limits: [{type: Container, max: {cpu: 2}}]}'), undefined],
    [
      '',
      '1.36',
      rule('LimitRange', '{limits: [{type: Container, default: {memory: 1Gi}}]}'),
      'must specify limits.cpu for: t, unless a LimitRange has a default',
    ],
    // Resources of the whole pod are enough where the API server keeps them.
    ['resources: {limits: {cpu: 4}}', '1.36', '', undefined],
    ['resources: {limits: {cpu: 4}}', '1.33', '', 'must specify limits.cpu for: t, unless a LimitRange has a default'],
  ])(
    'are warned of: a ResourceQuota for what a sidecar does not give, %j in %s, %j',
    async (pod, version, range, problem) => {
      const app = deployment({ pod }).replace('{name: web}', '{name: web, namespace: shop}')
      const files = {
        'web.yaml': app + rule('ResourceQuota', '{hard: {limits.cpu: "4", cpu: "4"}}') + range,
        't.yaml':
          'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: t}\nspec: {container: {image: a, resources: {requests: {cpu: 1}}}}\n',
      }
      const flags = ['-t', 't.yaml', '-s', 't', '--kubernetes-version', version]
      const { stderr } = await sidecarctl(folder(files), ['inject', 'web.yaml', ...flags])
      expect(stderr.match(/warning PODS_REJECTED .*/g) ?? []).toEqual(
        problem === undefined
          ? []
          : [
              `warning PODS_REJECTED Deployment shop/web: ResourceQuota r would reject the pods with the sidecars: ${problem}`,
            ],
      )
    },
  )

  it('are warned of: a LimitRange, of a ratio', async () => {
    const range = rule('LimitRange', '{limits: [{type: Container, maxLimitRequestRatio: {memory: 1}}]}')
    expect(await warned(range)).toEqual([
      expect.stringMatching(
        /: limits\.memory of container logging is \S+ times its request \(\S+ to \S+\), the maximum ratio of limit to request is 1$/,
      ),
    ])
  })

  it('are warned of: a Namespace with a Pod Security level', async () => {
    const restricted = 'securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}'
    const container = 'securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}'
    const files = {
      'web.yaml': deployment({ pod: restricted, container }).replace('{name: web}', '{name: web, namespace: shop}'),
      'ns.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}\n',
      't.yaml':
        'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: 1.0.0, description: t}\nspec: {container: {image: a, securityContext: {privileged: true}}}\n',
    }
    const { stderr } = await sidecarctl(folder(files), [
      'inject',
      'web.yaml',
      'ns.yaml',
      '-t',
      't.yaml',
      '-s',
      't',
      '--allow-lower-pod-security',
    ])
    expect(stderr).toMatch(
      /warning PODS_REJECTED Deployment shop\/web: Namespace shop would reject .*: violates PodSecurity "restricted"/,
    )
  })
})

describe('a rule of a Job about exit codes', () => {
  const job = (name: string) => `apiVersion: batch/v1
kind: Job
metadata: {name: j}
spec:
  podFailurePolicy:
    rules:
    - action: FailJob
      onExitCodes: {${name}operator: In, values: [42]}
  template:
    spec: {restartPolicy: Never, containers: [{name: app, image: a}]}
`
  it.each([
    ['', 1],
    ['containerName: app, ', 0],
  ])('that names %j is warned of %i times', async (name, times) => {
    const { code, stderr } = await said(job(name), 'inject', '-s', 'logging')
    expect(code).toBe(0)
    expect(stderr.match(/in\.yaml:8:\d+ warning POD_FAILURE_POLICY Job j: /g) ?? []).toHaveLength(times)
  })
})

describe('flags that select no workload', () => {
  const web = deployment().replace('{name: web}', '{name: web, namespace: shop}')
  it.each([
    [['-n', 'shpo'], /warning SELECTION_EMPTY: no workload matches -n shpo\n {2}hint: namespaces found: shop\n/],
    [['-l', 'app=x'], /warning SELECTION_EMPTY: no workload matches the labels of -l\n/],
  ])('are warned of: %j', async (flags, warning) => {
    for (const command of ['inject', 'diff', 'check', 'uninject'])
      expect((await said(web, command, ...(command === 'uninject' ? [] : ['-s', 'logging']), ...flags)).stderr).toMatch(
        warning,
      )
  })

  it('are fine where they select one', async () => {
    expect((await said(web, 'check', '-s', 'logging', '-n', 'shop')).stderr).not.toContain('SELECTION_EMPTY')
  })
})
