import type { JsonObject } from '../json/json.ts'
import { recordKey } from '../ownership/record.ts'
import { allOf, celList, celLiteral, celMap, celString, concatenated, dyn, indented } from './cel-literal.ts'
import {
  annotationIsAdded,
  fieldIsMissing,
  fixedMounts,
  graceIsRaised,
  isOwnContainer,
  keyIsMissing,
  namesContainer,
  secretIsMissing,
  volumeIsAdded,
  type AppPart,
  type Names,
} from './conditions.ts'
import { POD } from './names.ts'
import { recordExpression } from './record-expression.ts'
import { DEFAULT_CONTAINER, type Part, type SidecarParts } from './sidecar-parts.ts'

/** CEL expression: the operations that add a sidecar to a Pod, as a list of maps with `path` and `value`. */
export function patchExpression(parts: SidecarParts, names: Names, app: readonly AppPart[]): string {
  return concatenated([
    ...appOperations(names, app),
    ...volumeOperations(parts, names),
    ...mapOperations(
      'labels',
      parts.labels.map((part) => [part, keyIsMissing(part, POD.labels)]),
    ),
    ...pullSecretOperations(parts),
    ...fieldOperations(parts),
    ...graceOperations(parts),
    ...containerOperations(parts),
    ...annotationOperations(parts),
    celList([
      operation(`'/metadata/annotations/${pointer(recordKey(parts.sidecar.name))}'`, recordExpression(parts, names)),
    ]),
  ])
}

/** An `add` operation. Both values are dynamic, because values of a map must have one type. */
function operation(path: string, value: string): string {
  return celMap([
    ['path', dyn(path)],
    ['value', dyn(value)],
  ])
}

function pointer(key: string): string {
  return celString(key.replaceAll('~', '~0').replaceAll('/', '~1')).slice(1, -1)
}

/** The operations if a condition is true, else an empty list. */
function when(condition: string, operations: readonly string[]): string {
  return `${grouped(condition)} ? ${celList(operations)} : []`
}

function grouped(condition: string): string {
  return condition.includes('\n') || condition.includes('&&') ? `(${condition})` : condition
}

/** The path of a field of an app container. */
function inTarget(rest: string): string {
  return `'/spec/containers/' + string(target.index) + ${celString(rest)}`
}

function appOperations({ targets }: Names, app: readonly AppPart[]): string[] {
  const lists = [...new Set(app.filter(({ address }) => address.length === 2).map(({ address }) => String(address[0])))]
  const each = (condition: string, made: string): string => `${targets}.map(target, ${condition},\n${indented(made)})`
  return [
    ...lists.map((list) => {
      const anyMissing = app.filter(({ address }) => address[0] === list).map(({ isMissing }) => grouped(isMissing))
      return each(
        `!has(target.container.${list}) && (${anyMissing.join(' || ')})`,
        operation(inTarget(`/${list}`), '[]'),
      )
    }),
    ...app.map(({ address: [list, item], value, isMissing }) =>
      each(
        isMissing,
        operation(inTarget(item === undefined ? `/${String(list)}` : `/${String(list)}/-`), celLiteral(value)),
      ),
    ),
  ]
}

function volumeOperations(parts: SidecarParts, names: Names): string[] {
  if (parts.volumes.length === 0) return []
  const conditions = parts.volumes.map((part) => volumeIsAdded(parts, names, part))
  return [
    when(allOf(['!has(object.spec.volumes)', conditions.map(grouped).join(' || ')]), [
      operation("'/spec/volumes'", '[]'),
    ]),
    ...parts.volumes.map((part, n) =>
      when(conditions[n] as string, [operation("'/spec/volumes/-'", celLiteral(part.value))]),
    ),
  ]
}

function mapOperations(map: 'labels' | 'annotations', parts: readonly (readonly [Part, string])[]): string[] {
  if (parts.length === 0) return []
  const added = parts.map(([part, condition]) =>
    when(condition, [operation(`'/metadata/${map}/${pointer(String(part.address[2]))}'`, celLiteral(part.value))]),
  )
  if (map === 'annotations') return added
  const any = parts.map(([, condition]) => grouped(condition)).join(' || ')
  return [when(allOf([`!has(object.metadata.${map})`, any]), [operation(`'/metadata/${map}'`, '{}')]), ...added]
}

function annotationOperations(parts: SidecarParts): string[] {
  const path = `/metadata/annotations/${pointer(DEFAULT_CONTAINER)}`
  return [
    when('!has(object.metadata.annotations)', [operation("'/metadata/annotations'", '{}')]),
    ...mapOperations(
      'annotations',
      parts.annotations.map((part) => [part, annotationIsAdded(parts, part)]),
    ),
    ...(parts.namesDefaultContainer
      ? [when(namesContainer(), [operation(celString(path), `${POD.apps}[0].name`)])]
      : []),
  ]
}

function pullSecretOperations({ pullSecrets }: SidecarParts): string[] {
  if (pullSecrets.length === 0) return []
  return [
    when('!has(object.spec.imagePullSecrets)', [operation("'/spec/imagePullSecrets'", '[]')]),
    ...pullSecrets.map((part) =>
      when(secretIsMissing(part), [operation("'/spec/imagePullSecrets/-'", celLiteral(part.value))]),
    ),
  ]
}

function fieldOperations({ fields }: SidecarParts): string[] {
  return fields.flatMap((part) => {
    const steps = part.address.map(String)
    const parents = steps.slice(1, -1).map((_, n) => steps.slice(0, n + 2))
    return [
      ...parents.map((parent) =>
        when(`!has(object.${parent.join('.')})`, [operation(celString(`/${parent.join('/')}`), '{}')]),
      ),
      when(fieldIsMissing(part), [operation(celString(`/${steps.join('/')}`), celLiteral(part.value))]),
    ]
  })
}

function graceOperations({ grace }: SidecarParts): string[] {
  if (grace === undefined) return []
  return [when(graceIsRaised(grace), [operation("'/spec/terminationGracePeriodSeconds'", 'variables.pod_grace')])]
}

/** CEL expression: the number of containers in a list that are sidecars'. */
function inFront(list: 'initContainers' | 'containers', items: string): string {
  return `size(${items}.filter(c, ${isOwnContainer(list)}))`
}

/** Adds the containers in their order, after those that sidecars have added at the front already. */
function containerOperations(parts: SidecarParts): string[] {
  const inits = parts.containers.filter(({ address }) => address[1] === 'initContainers')
  const others = parts.containers.filter(({ address }) => address[1] === 'containers')
  return [
    ...(inits.length === 0
      ? []
      : [
          when('!has(object.spec.initContainers)', [operation("'/spec/initContainers'", '[]')]),
          celList(
            inits.map((part, n) =>
              operation(
                `'/spec/initContainers/' + string(${inFront('initContainers', POD.inits)} + ${n})`,
                containerLiteral(parts, part),
              ),
            ),
          ),
        ]),
    ...others.map((part) =>
      celList([
        operation(
          part.place === 'last'
            ? "'/spec/containers/-'"
            : `'/spec/containers/' + string(${inFront('containers', 'object.spec.containers')})`,
          containerLiteral(parts, part),
        ),
      ]),
    ),
  ]
}

/** A container, with the mounts of shared folders as they are found in the Pod. */
function containerLiteral(parts: SidecarParts, { value }: Part): string {
  const container = value as JsonObject
  const fixed = fixedMounts(parts, container)
  if (parts.folders.length === 0) return celLiteral(container)
  const mounts = `${celList(fixed.map((one) => dyn(celLiteral(one))))} + variables.${parts.prefix}_mounts`
  return celMap(
    Object.entries(container).map(([key, one]) => [key, dyn(key === 'volumeMounts' ? mounts : celLiteral(one))]),
  )
}
