import { MIRROR } from './annotations.ts'
import { at, forbidden, type PodRule, type PodScope } from './scope.ts'
import { childOf, isSet, itemsOf, type Part, partOf, textOf } from './values.ts'

/** Volume sources that name a Secret: the field that refers to it, by the source. */
const SECRET_REFS = new Map([
  ['cephfs', 'secretRef'],
  ['cinder', 'secretRef'],
  ['csi', 'nodePublishSecretRef'],
  ['flexVolume', 'secretRef'],
  ['iscsi', 'secretRef'],
  ['rbd', 'secretRef'],
  ['scaleIO', 'secretRef'],
  ['storageos', 'secretRef'],
])

/**
 * A mirror pod stands for a static pod of a kubelet, which can use nothing that the API server would have to hand out.
 * Source: the ServiceAccount admission plugin; `validatePodResourceClaim`.
 */
export const mirrorPod: PodRule = (pod) => {
  if (!pod.isPod || !Object.hasOwn(childOf(pod.metadata.data, 'annotations') ?? {}, MIRROR)) return
  const { spec } = pod
  for (const field of ['serviceAccountName', 'serviceAccount']) {
    if (textOf(spec.data, field)) refuse(at(spec.path, field), 'service accounts', pod)
  }
  if (itemsOf(spec, 'resourceClaims').length > 0) refuse(at(spec.path, 'resourceClaims'), 'resource claims', pod)
  for (const item of itemsOf(spec, 'imagePullSecrets')) refuseSecret(item, 'name', pod)
  for (const container of pod.allContainers) {
    for (const variable of itemsOf(container, 'env')) {
      const from = partOf(variable, 'valueFrom')
      if (from !== undefined) refuseSecret(partOf(from, 'secretKeyRef'), 'name', pod)
    }
    for (const source of itemsOf(container, 'envFrom')) refuseSecret(partOf(source, 'secretRef'), 'name', pod)
  }
  for (const volume of itemsOf(spec, 'volumes')) checkVolume(volume, pod)
}

function checkVolume(volume: Part, pod: PodScope): void {
  refuseSecret(partOf(volume, 'azureFile'), 'secretName', pod)
  refuseSecret(partOf(volume, 'secret'), 'secretName', pod)
  for (const [name, field] of SECRET_REFS) {
    const source = partOf(volume, name)
    if (source !== undefined) refuseSecret(partOf(source, field), 'name', pod)
  }
  const projected = partOf(volume, 'projected')
  for (const source of projected === undefined ? [] : itemsOf(projected, 'sources')) {
    refuseSecret(partOf(source, 'secret'), 'name', pod)
    if (!isSet(source.data, 'serviceAccountToken')) continue
    refuse(at(source.path, 'serviceAccountToken'), 'tokens of service accounts', pod)
  }
}

function refuseSecret(ref: Part | undefined, field: string, pod: PodScope): void {
  if (ref !== undefined && textOf(ref.data, field)) refuse(at(ref.path, field), 'secrets', pod)
}

function refuse(path: Part['path'], what: string, pod: PodScope): void {
  const hint = `remove the annotation ${MIRROR}, which is for kubelets`
  forbidden(pod, 'POD_MIRROR_FIELD', path, `a mirror pod may not use ${what}`, hint)
}
