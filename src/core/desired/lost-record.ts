import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { isEqual } from '../json/equality.ts'
import { CONTAINERS, INIT_CONTAINERS, VOLUMES } from '../field-path/pod-fields.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { valueAt } from '../kube/workload.ts'
import { ownedBy, type OwnershipRecord } from '../ownership/record.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import { containerName, type Sidecar, type Template } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import { appContainers, chosenContainers, nameOf, type PlanProblem } from './pod-paths.ts'

/**
 * Attributes what is in a pod to a sidecar whose record is lost. The sidecar's container must be there exactly as it
 * would be added: without it, nothing shows what is the sidecar's.
 * @returns true where something was attributed
 */
export function adoptUnrecorded(draft: DesiredPod, sidecar: Sidecar): boolean {
  const { container, sharedFolders, name } = sidecar
  const list =
    container === undefined
      ? undefined
      : [CONTAINERS, INIT_CONTAINERS].find((one) => draft.isReused(name, [...one, { id: nameOf(container) }]))
  if (list === undefined) return false
  const put = (address: FieldPath, value: JsonObject): void => {
    if (isEqual(draft.get(address) ?? null, value)) draft.set(name, address, value)
  }
  for (const { volume, path, source } of sharedFolders) {
    const address = [...VOLUMES, { id: volume }]
    const value = { name: volume, ...source }
    // Of a volume with other content, the mounts are the manifest's, too.
    if (!isEqual(draft.get(address) ?? null, value)) continue
    draft.set(name, address, value)
    for (const app of chosenContainers(draft)) {
      for (const more of [{}, { readOnly: true }]) {
        put([...CONTAINERS, { id: nameOf(app) }, 'volumeMounts', { id: path }], {
          name: volume,
          mountPath: path,
          ...more,
        })
      }
    }
  }
  draft.adoptReused(name)
  return true
}

/** Excludes a container that looks like a sidecar's from the app's containers, if another one is left. */
export function setApart(draft: DesiredPod, name: string): void {
  if (appContainers(draft).some((container) => nameOf(container) !== name)) draft.sidecarNames.add(name)
}

/** Excludes a container that looks like the sidecar's from the app's, in a pod without a record of the sidecar. */
export function setApartUnrecorded(draft: DesiredPod, { container }: Sidecar): void {
  if (container === undefined) return
  const name = nameOf(container)
  if ([CONTAINERS, INIT_CONTAINERS].some((list) => isAlike(draft.get([...list, { id: name }]), container)))
    setApart(draft, name)
}

/**
 * True for a container of the same name and image repository: most likely the sidecar's, edited or of another version.
 */
export function isAlike(container: Json | undefined, sidecar: JsonObject): boolean {
  return (
    isObject(container) &&
    container['name'] === sidecar['name'] &&
    isSameRepository(container['image'], sidecar['image'])
  )
}

function isSameRepository(a: Json | undefined, b: Json | undefined): boolean {
  return typeof a === 'string' && typeof b === 'string' && a !== '' && repositoryOf(a) === repositoryOf(b)
}

/** An image's name without tag and digest. */
function repositoryOf(image: string): string {
  const [name = ''] = image.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}

/**
 * The problem of a container that looks like a sidecar's, is in no record, and differs from the template.
 * @param isElsewhere whether it is in another list than the template's container would be
 */
export function unrecordedProblem(
  sidecar: Sidecar,
  container: JsonObject,
  present: JsonObject,
  address: FieldPath,
  isElsewhere: boolean,
): PlanProblem {
  const keys = [...new Set([...Object.keys(present), ...Object.keys(container)])]
  const fields = keys.filter((key) => !isEqual(present[key] ?? null, container[key] ?? null))
  const what = isElsewhere ? `its place in ${String(address[1])}` : fields.join(', ')
  const first = isElsewhere ? undefined : fields.find((key) => present[key] !== undefined)
  return {
    code: 'RECORD_LOST',
    message: `container "${nameOf(present)}" looks like that of sidecar "${sidecar.name}", but no record says that it was injected, and it differs from the template in ${what}`,
    hint: `restore the annotation injected.sidecarctl.dev/${sidecar.name} from version control, or remove the container and what belongs to it; if it is your own, rename it or name it in the annotation ${OVERRIDE}`,
    address: first === undefined ? [...address, 'name'] : [...address, first],
  }
}

/** Containers that look like a sidecar's and are in no record, each with the name of the sidecar. */
export function unrecordedSidecars(
  template: JsonObject,
  record: OwnershipRecord,
  find: (name: string) => Template | undefined,
): { sidecar: string; address: FieldPath }[] {
  const isOwned = ownedBy(record)
  return [CONTAINERS, INIT_CONTAINERS].flatMap((list) => {
    const items = valueAt(template, list)
    return (Array.isArray(items) ? items.filter(isObject) : []).flatMap((container) => {
      const name = nameOf(container)
      if (!NAME.test(name) || record.sidecars.has(name) || isOwned([...list, { id: name }])) return []
      const known = find(name)
      const isIts =
        known !== undefined &&
        containerName(known) === name &&
        isSameRepository(container['image'], defaultImage(known))
      return isIts ? [{ sidecar: known.name, address: [...list, { id: name }] }] : []
    })
  })
}

/** Valid template names. */
const NAME = /^[a-z0-9][-a-z0-9]{0,62}$/

/** The image of a template's container where no parameter says otherwise. */
function defaultImage({ spec, parameters }: Template): Json | undefined {
  const image = valueAt(spec, ['container', 'image'])
  const parameter = typeof image === 'string' ? /^\$\{\{ *params\.([\w-]+) *\}\}$/.exec(image)?.[1] : undefined
  return parameter === undefined ? image : parameters.get(parameter)?.default
}

/** The formatted field paths of a sidecar that are no longer in the pod template. */
export function missingItems(template: JsonObject, record: OwnershipRecord, name: string): string[] {
  const own = record.sidecars.get(name)?.own ?? []
  return own.filter((address) => fieldAt(template, address) === undefined).map(formatFieldPath)
}
