/** A folder that a sidecar shares with the app: the volume it sees it through, and what is mounted where. */
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import type { PlanProblem } from '../../../src/core/desired/pod-paths.ts'
import { shareFolder } from '../../../src/core/desired/shared-folder.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { SharedFolder, Sidecar } from '../../../src/core/template/template.ts'
import { table, type Row } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

/** Containers, each with its mounts as `volume:path`, and volumes, each with its source. */
interface Pod {
  containers: { [name: string]: (string | JsonObject)[] }
  volumes?: { [name: string]: JsonObject }
  /** What sidecars of before have put in; the sidecar `old` owns it. */
  ours?: string[]
}

function template({ containers, volumes = {} }: Pod): JsonObject {
  const mountOf = (mount: string | JsonObject): JsonObject => {
    if (typeof mount !== 'string') return mount
    const [name = '', mountPath = ''] = mount.split(':')
    return { name, mountPath }
  }
  return {
    spec: {
      containers: Object.entries(containers).map(([name, mounts]) => ({ name, volumeMounts: mounts.map(mountOf) })),
      volumes: Object.entries(volumes).map(([name, source]) => Object.assign({ name }, source)),
    },
  }
}

/** The sidecar's mounts, what the sidecar x has put in or shares, and what is reported. */
function shared(pod: Pod, folder: Partial<SharedFolder>): Json[] {
  const record = emptyRecord()
  if (pod.ours !== undefined) record.sidecars.set('old', { version: '1', own: pod.ours.map(at), digests: new Map() })
  const draft = new DesiredPod(template(pod), record, new Set())
  const problems: PlanProblem[] = []
  const whole: SharedFolder = { volume: 'logs', path: '/var/log', sidecarPath: '/logs', sidecarReadOnly: false, appReadOnly: false, readsAgain: false, source: { emptyDir: {} }, ...folder }
  const mounts = shareFolder(draft, { name: 'x' } as Sidecar, whole, Object.keys(pod.containers), {
    mode: 'native', start: 'first', isRecorded: true, claims: new Set(['claimed']), report: (problem) => { problems.push(problem) }, place: (path) => path.join('.') as never,
  })
  const owned = [...draft.ownedFields.values()].filter(({ owners }) => owners.has('x'))
  return [
    ...mounts,
    ...owned.map(({ address, value }) => `${formatFieldPath(address)} ${JSON.stringify(value)}`),
    ...problems.map(({ code, message, hint, address, related = [] }) => `${code} at ${formatFieldPath(address)}: ${message}; ${hint}${related.map((one) => `; see ${String(one.at)}`).join('')}`),
  ]
}
const rows = (rule: string, list: readonly Row<Pod, Partial<SharedFolder>, Json[]>[]): void => { table(rule, shared, list) }

const LOGS = { emptyDir: {} }
const SEEN: JsonObject = { name: 'logs', mountPath: '/logs' }

rows('where no container of the app mounts it, a volume comes, and all get it', [
  [{ containers: { app: [], web: ['v:/data'] } }, {}, [
    SEEN, 'spec.volumes[logs] {"name":"logs","emptyDir":{}}',
    'spec.containers[app].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log"}', 'spec.containers[web].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log"}',
  ]],
  [{ containers: { app: [] } }, { sidecarReadOnly: true, appReadOnly: true, source: { emptyDir: { medium: 'Memory' } } }, [
    { ...SEEN, readOnly: true }, 'spec.volumes[logs] {"name":"logs","emptyDir":{"medium":"Memory"}}',
    'spec.containers[app].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log","readOnly":true}',
  ]],
  [{ containers: { app: ['v:/var/log/app', 'w:/var/logs', 'u:/var/lo'] } }, {}, [
    SEEN, 'spec.volumes[logs] {"name":"logs","emptyDir":{}}', 'spec.containers[app].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log"}',
  ], 'a mount below it, or of a name that begins alike, is none'],
  [{ containers: { app: [{ mountPath: '/var/log' }, { name: 'v' }] } }, {}, [
    SEEN, 'spec.volumes[logs] {"name":"logs","emptyDir":{}}',
  ], 'one without a volume is none, and stays where it is'],
])

rows('where one mounts it, or a folder above, the sidecar sees it through the same volume', [
  [{ containers: { app: ['v:/var/log'] } }, {}, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['v:/var/log/'] } }, { path: '/var/log//' }, [{ ...SEEN, name: 'v' }], 'slashes at the end count for nothing'],
  [{ containers: { app: ['v:/var/log//'] } }, {}, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['v:/var/'] } }, {}, [{ ...SEEN, name: 'v', subPath: 'log' }]],
  [{ containers: { app: [null as never, 'v:/var/log'] } }, {}, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['v:/var/log'] } }, { sidecarReadOnly: true }, [{ ...SEEN, name: 'v', readOnly: true }]],
  [{ containers: { app: ['v:/var'] } }, { path: '/var/log/app' }, [{ ...SEEN, name: 'v', subPath: 'log/app' }], 'by the rest of the path'],
  [{ containers: { app: ['v:/var', 'w:/var/log', 'u:/v'] } }, { path: '/var/log/app' }, [{ ...SEEN, name: 'w', subPath: 'app' }], 'through the deepest'],
  [{ containers: { app: ['w:/var/log', 'v:/var'] } }, { path: '/var/log/app' }, [{ ...SEEN, name: 'w', subPath: 'app' }]],
  [{ containers: { app: [{ name: 'v', mountPath: '/var', subPath: 'a' }] } }, {}, [{ ...SEEN, name: 'v', subPath: 'a/log' }], 'behind the path in the volume'],
  [{ containers: { app: [{ name: 'v', mountPath: '/var/log', subPathExpr: '$(POD)' }] } }, {}, [{ ...SEEN, name: 'v', subPathExpr: '$(POD)' }]],
  [{ containers: { app: [{ name: 'v', mountPath: '/var/log', subPathExpr: '', subPath: 'a' }] } }, {}, [{ ...SEEN, name: 'v', subPath: 'a' }]],
  [{ containers: { app: ['v:/var/log'], web: ['w:/data'] } }, {}, [{ ...SEEN, name: 'v' }], 'one of several is enough'],
  [{ containers: { app: ['v:/var/log'], web: ['v:/var/log'] } }, {}, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: [], 'istio-proxy': ['v:/var/log'] } }, {}, [
    SEEN, 'spec.volumes[logs] {"name":"logs","emptyDir":{}}',
    'spec.containers[app].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log"}',
  ], 'the containers of another injector are not the app\'s'],
])

rows('a volume of its name with another content is told', [
  [{ containers: {}, volumes: { logs: { hostPath: { path: '/l' } } } }, {}, [
    SEEN, 'VOLUME_NAME_TAKEN at spec.volumes[logs].name: volume "logs" already exists with other content than sidecar "x" requires; rename that volume, or use --on-conflict=rename (another name) or --on-conflict=keep (the existing volume); see spec.sharedFolders',
  ]],
])

rows('where containers see different volumes there nobody knows which', [
  [{ containers: { app: ['v:/var/log'], web: ['w:/var/log'] } }, {}, ['SHARED_FOLDER_AMBIGUOUS at spec.containers[app].volumeMounts[/var/log]: containers app, web mount different volumes at /var/log; set another folder for sidecar "x" with a parameter']],
  [{ containers: { app: ['v:/var/log'], web: ['v:/var'] } }, {}, ['SHARED_FOLDER_AMBIGUOUS at spec.containers[app].volumeMounts[/var/log]: containers app, web mount different volumes at /var/log; set another folder for sidecar "x" with a parameter'], 'another part of one is another'],
])

const readOnly = (source: string, what: JsonObject = {}): Row<Pod, Partial<SharedFolder>, Json[]> => [
  { containers: { app: ['v:/var/log'] }, volumes: { v: { [source]: what } } }, {},
  ['SHARED_FOLDER_READ_ONLY at spec.containers[app].volumeMounts[/var/log]: sidecar "x" writes to /var/log, but the volume there is not writable; set another folder for the sidecar with a parameter, or mount that volume elsewhere'],
  source,
]

rows('a sidecar that writes is refused where the volume cannot be written to', [
  readOnly('configMap'), readOnly('secret'), readOnly('projected'), readOnly('downwardAPI'), readOnly('image'),
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { secret: {} } } }, { sidecarReadOnly: true }, [{ ...SEEN, name: 'v', readOnly: true }], 'one that reads is not'],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { emptyDir: {} } } }, {}, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { persistentVolumeClaim: { claimName: 'c' } } } }, {}, [{ ...SEEN, name: 'v' }]],
  readOnly('persistentVolumeClaim', { claimName: 'c', readOnly: true }),
])

rows('what another sidecar put in for it belongs to both', [
  [{ containers: { app: ['logs:/var/log'], web: ['logs:/var/log'] }, volumes: { logs: LOGS }, ours: ['spec.volumes[logs]', 'spec.containers[app].volumeMounts[/var/log]'] }, {}, [
    SEEN, 'spec.volumes[logs] {"name":"logs","emptyDir":{}}', 'spec.containers[app].volumeMounts[/var/log] {"name":"logs","mountPath":"/var/log"}',
  ], 'not the mounts of the user'],
  [{ containers: { app: ['logs:/var/log'] }, volumes: { logs: LOGS }, ours: ['spec.containers[app].volumeMounts[/var/log]'] }, {}, [SEEN], 'nor a mount of a volume of the user\'s'],
])

const AGAIN = 'FOLDER_READ_AGAIN at spec.containers[app].volumeMounts[/var/log]: the volume at /var/log outlasts the pod, but the read position of sidecar "x" does not: a new pod sends everything again; keep it in the folder: --set x.stateInFolder=true, if only one pod uses it'

rows('what is read again by each new pod is said where the volume outlasts pods', [
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { persistentVolumeClaim: { claimName: 'c' } } } }, { readsAgain: true }, [{ ...SEEN, name: 'v' }, AGAIN]],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { hostPath: { path: '/logs' } } } }, { readsAgain: true }, [{ ...SEEN, name: 'v' }, AGAIN]],
  [{ containers: { app: ['claimed:/var/log'] } }, { readsAgain: true }, [{ ...SEEN, name: 'claimed' }, AGAIN], 'a claim of a StatefulSet'],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { persistentVolumeClaim: { claimName: 'c' } } } }, {}, [{ ...SEEN, name: 'v' }], 'its state is there, too'],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { emptyDir: {} } } }, { readsAgain: true }, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['v:/var/log'] }, volumes: { v: { ephemeral: {} } } }, { readsAgain: true }, [{ ...SEEN, name: 'v' }]],
  [{ containers: { app: ['other:/var/log'] } }, { readsAgain: true }, [{ ...SEEN, name: 'other' }], 'a volume that is not there is not known'],
])
