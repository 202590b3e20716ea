import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { isEqual } from '../json/equality.ts'
import { CONTAINERS, INIT_CONTAINERS, VOLUMES } from '../field-path/pod-fields.ts'
import { formatFieldPath, pathOf, type FieldPath } from '../field-path/field-path.ts'
import { valueAt } from '../kube/workload.ts'
import { ownedBy, type OwnershipRecord } from '../ownership/record.ts'
import { OVERRIDE } from '../selection/annotations.ts'
import { containerName, type Sidecar, type Template } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import { appContainers, chosenContainers, nameOf, type PlanProblem } from './pod-paths.ts'

/**
 * Takes what is in a pod already for a sidecar's own, where its record is lost: the sidecar's container is there, exactly
 * as it would be added. Without its container nothing tells what is the sidecar's.
 * @returns true where something was taken
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
    put([...VOLUMES, { id: volume }], { name: volume, ...source })
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

/** Does not count a container that looks like a sidecar's as one of the app's, if another one is left. */
export function setApart(draft: DesiredPod, name: string): void {
  if (appContainers(draft).some((container) => nameOf(container) !== name)) draft.sidecarNames.add(name)
}

/** Does so for what looks like a sidecar's container in a pod that no record says to have it. */
export function setApartUnrecorded(draft: DesiredPod, { container }: Sidecar): void {
  if (container === undefined) return
  const name = nameOf(container)
  if ([CONTAINERS, INIT_CONTAINERS].some((list) => isAlike(draft.get([...list, { id: name }]), container)))
    setApart(draft, name)
}

/** True for a container of the same name and image repository: most likely the sidecar's, edited or of another version. */
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

/** Says that a container is like a sidecar's, is in no record, and differs. */
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

/** Containers that look like a sidecar's and are in no record, with the sidecar's name. */
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

/** The valid names of templates. */
const NAME = /^[a-z0-9][-a-z0-9]{0,62}$/

/** The image of a template's container where no parameter says otherwise. */
function defaultImage({ spec, parameters }: Template): Json | undefined {
  const image = valueAt(spec, ['container', 'image'])
  const parameter = typeof image === 'string' ? /^\$\{\{ *params\.([\w-]+) *\}\}$/.exec(image)?.[1] : undefined
  return parameter === undefined ? image : parameters.get(parameter)?.default
}

/** The addresses of a sidecar at which there is nothing any more. */
export function missingItems(template: JsonObject, record: OwnershipRecord, name: string): string[] {
  const own = record.sidecars.get(name)?.own ?? []
  return own.filter((address) => pathOf(template, address) === undefined).map(formatFieldPath)
}
