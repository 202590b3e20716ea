import { addSidecar } from '../desired/add-sidecar.ts'
import { DesiredPod, type OwnedField } from '../desired/desired-pod.ts'
import type { PlanProblem } from '../desired/pod-paths.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { emptyRecord, fieldDigest } from '../ownership/record.ts'
import type { SharedFolder, Sidecar, Template } from '../template/template.ts'

/** Something that a sidecar adds, with the digest for its record. */
export interface Part {
  address: FieldPath
  value: Json
  digest: string
  place: ItemPlace
}

/** What one sidecar adds to a Pod, sorted by what it is. */
export interface SidecarParts {
  /** The prefix of its variables. */
  prefix: string
  sidecar: Sidecar
  mode: 'native' | 'classic'
  /** Containers in the order in which they start. */
  containers: readonly Part[]
  volumes: readonly Part[]
  /** Items and hooks that each app container gets, by paths below the container. */
  app: readonly Part[]
  labels: readonly Part[]
  annotations: readonly Part[]
  pullSecrets: readonly Part[]
  /** Single fields of the pod's spec other than the grace period. */
  fields: readonly Part[]
  /** Least grace period in seconds; undefined for none. */
  grace: number | undefined
  /** Whether it adds the annotation that names the first app container as kubectl's default. */
  namesDefaultContainer: boolean
  folders: readonly SharedFolder[]
}

/** A placeholder for the name of an app container, which no template uses. */
const APP = 'sidecarctl-app'

/** The annotation by which kubectl chooses a container. */
export const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/**
 * What a sidecar adds to a Pod that has nothing of its own. It is added to such a Pod by the same code as in `inject`.
 * @param prefix of its variables
 * @param report called with each problem that keeps the sidecar out of any Pod
 */
export function sidecarParts(
  prefix: string,
  sidecar: Sidecar,
  mode: 'native' | 'classic',
  template: Template,
  report: (problem: PlanProblem) => void,
): SidecarParts {
  const wanted = sidecar.app.containers
  const names = typeof wanted === 'string' || wanted.length === 0 ? [APP] : wanted
  const bare: JsonObject = {
    metadata: {},
    spec: { terminationGracePeriodSeconds: 0, containers: names.map((name) => ({ name })) },
  }
  const draft = new DesiredPod(bare, emptyRecord(), new Set())
  addSidecar(draft, sidecar, {
    mode,
    start: 'first',
    isRecorded: false,
    claims: new Set(),
    report,
    place: template.place,
  })
  const parts = [...draft.ownedFields.values()].map(partOf)
  const under = (...prefix: string[]): Part[] =>
    parts.filter(({ address }) => prefix.every((step, n) => address[n] === step))
  const containers = [...under('spec', 'initContainers'), ...under('spec', 'containers')]
  const first = names[0] as string
  const isApp = ({ address: [, list, item] }: Part): boolean =>
    list === 'containers' && typeof item === 'object' && names.includes(item.id)
  const grace = parts.find(({ address }) => formatFieldPath(address) === 'spec.terminationGracePeriodSeconds')?.value
  const annotations = under('metadata', 'annotations')
  return {
    prefix,
    sidecar,
    mode,
    containers: containers.filter((part) => part.address.length === 3),
    volumes: under('spec', 'volumes'),
    app: containers
      .filter((part) => isApp(part) && part.address.length > 3 && (part.address[2] as { id: string }).id === first)
      .map(({ address, value, digest, place }) => ({ address: address.slice(3), value, digest, place })),
    labels: under('metadata', 'labels'),
    annotations: annotations.filter(({ address }) => address[2] !== DEFAULT_CONTAINER),
    pullSecrets: under('spec', 'imagePullSecrets'),
    fields: [
      ...under('spec', 'shareProcessNamespace'),
      ...under('spec', 'securityContext'),
      ...under('spec', 'serviceAccountName'),
    ],
    grace: typeof grace === 'number' ? grace : undefined,
    namesDefaultContainer: annotations.some(
      ({ address, value }) => address[2] === DEFAULT_CONTAINER && value === first,
    ),
    folders: sidecar.sharedFolders,
  }
}

function partOf({ address, value, place }: OwnedField): Part {
  return { address, value, place, digest: fieldDigest(address, value) }
}
