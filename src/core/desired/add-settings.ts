import type { FieldPath } from '../field-path/field-path.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'
import { textOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import type { Sidecar } from '../template/template.ts'
import { withHooks } from './classic.ts'
import type { DesiredPod } from './desired-pod.ts'
import { nameOf, type ApplyContext } from './pod-paths.ts'
import { keptTogether } from './setting-groups.ts'

/** Adds a sidecar's settings for the app to one of the app's containers. */
export function addToApp(draft: DesiredPod, sidecar: Sidecar, target: string, context: ApplyContext): void {
  const base = [...CONTAINERS, { id: target }]
  const { env, volumeMounts, ports, lifecycle } = sidecar.app
  const lists: [string, JsonObject[], (item: JsonObject) => string][] = [
    ['env', env, nameOf],
    ['volumeMounts', volumeMounts, (m) => textOf(m['mountPath'])],
    ['ports', ports, (p) => `${textOf(p['containerPort'])}/${textOf(p['protocol'] ?? 'TCP')}`],
  ]
  const wanted = env.map((value) => ({ name: nameOf(value), address: [...base, 'env', { id: nameOf(value) }], value }))
  const kept = keptTogether(
    draft,
    sidecar.name,
    sidecar.together,
    'env',
    wanted,
    `container "${target}"`,
    context.report,
  )
  for (const [list, items, id] of lists) {
    for (const item of items)
      if (list !== 'env' || !kept.has(nameOf(item)))
        putSetting(draft, sidecar.name, [...base, list, { id: id(item) }], item, context)
  }
  if (lifecycle !== undefined) putSetting(draft, sidecar.name, [...base, 'lifecycle'], lifecycle, context)
}

/** Adds a sidecar's settings for the pod to the desired pod. */
export function addToPod(draft: DesiredPod, sidecar: Sidecar, context: ApplyContext): void {
  const { pod, name } = sidecar
  const put = (address: FieldPath, value: Json | undefined): void => {
    if (value !== undefined) putSetting(draft, name, address, value, context)
  }
  for (const [key, value] of Object.entries(pod.labels)) put(['metadata', 'labels', key], value)
  const annotations = Object.entries(pod.annotations).map(([key, value]) => ({
    name: key,
    address: ['metadata', 'annotations', key],
    value,
  }))
  const kept = keptTogether(
    draft,
    name,
    sidecar.together,
    'annotations',
    annotations,
    'the pod template',
    context.report,
  )
  for (const [key, value] of Object.entries(pod.annotations))
    if (!kept.has(key)) put(['metadata', 'annotations', key], value)
  for (const secret of pod.imagePullSecrets) put(['spec', 'imagePullSecrets', { id: nameOf(secret) }], secret)
  put(['spec', 'shareProcessNamespace'], pod.shareProcessNamespace)
  put(['spec', 'securityContext', 'fsGroup'], pod.fsGroup)
  if ((draft.get(['spec', 'serviceAccountName']) ?? null) === null)
    put(['spec', 'serviceAccountName'], pod.serviceAccountName)
  raiseGrace(draft, sidecar, context)
}

/** Kubernetes' default of `terminationGracePeriodSeconds`, in seconds. */
const DEFAULT_GRACE = 30

/** The seconds of a container's preStop sleep, which must not exceed the grace period (`validateSleepAction`). */
function sleepBeforeStop(container: JsonObject): number {
  const seconds = valueAt(container, ['lifecycle', 'preStop', 'sleep', 'seconds'])
  return typeof seconds === 'number' ? seconds : 0
}

function raiseGrace(draft: DesiredPod, { name, container, pod, classic }: Sidecar, { mode }: ApplyContext): void {
  const isClassic = container !== undefined && mode === 'classic'
  const asked = Math.max(
    pod.minTerminationGracePeriodSeconds ?? 0,
    (isClassic && classic.minTerminationGracePeriodSeconds) || 0,
  )
  const least = Math.max(
    asked,
    container === undefined ? 0 : sleepBeforeStop(isClassic ? withHooks(container, classic) : container),
  )
  const address = ['spec', 'terminationGracePeriodSeconds']
  const present = draft.get(address) ?? undefined
  // A value that is not a number is left for validation to reject.
  if (present !== undefined && typeof present !== 'number') return
  if ((present ?? DEFAULT_GRACE) < least) draft.override(name, address, least)
  // The value is enough for this sidecar too: it stays when the sidecar that required more is removed.
  else if (least > 0 && present !== undefined && draft.isOurs(address)) draft.set(name, address, present)
}

/** Sets a field. Another value that is already there is kept and reported. */
function putSetting(draft: DesiredPod, owner: string, address: FieldPath, value: Json, { report }: ApplyContext): void {
  if (draft.set(owner, address, value) !== 'conflict') return
  const step = address.at(-1) as FieldPath[number]
  const others = [...draft.ownersOf(address)]
  const has = others.length === 0 ? 'the manifest has' : `sidecar "${others.join('", "')}" has set`
  report({
    code: 'SETTING_KEPT',
    message: `sidecar "${owner}" requests a value for ${typeof step === 'string' ? step : step.id} that differs from the one that ${has}; the existing value is kept`,
    address,
  })
}
