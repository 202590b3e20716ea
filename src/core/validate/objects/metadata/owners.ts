import { qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

const REQUIRED = ['apiVersion', 'kind', 'name', 'uid'] as const

/** The core group, as `ParseGroupVersion` reads it. */
const CORE_V1: ReadonlySet<string | undefined> = new Set(['v1', '/v1'])
const FIELDS = [...REQUIRED, 'controller', 'blockOwnerDeletion'] as const

/**
 * Owner references: complete, not an Event, and at most one controller. Paths in messages of the API server have no
 * index.
 * Source: apimachinery api/validation ValidateOwnerReferences.
 */
export function ownerReferences(list: Field): void {
  let controller: Field | undefined
  for (const owner of list.items()) {
    for (const key of REQUIRED) {
      const field = owner.get(key)
      if (field.empty) list.get(key).invalid('METADATA_OWNER', 'must not be empty', { at: field.path })
    }
    apiVersion(owner.get('apiVersion'), list.get('apiVersion'))
    if (CORE_V1.has(owner.get('apiVersion').text) && owner.get('kind').text === 'Event') {
      list.invalid('METADATA_OWNER', 'an Event is disallowed from being an owner', { shown: 'Event', at: owner.path })
    }
    if (!owner.get('controller').isTrue) continue
    if (controller === undefined) controller = owner
    else if (!isSameOwner(controller, owner)) {
      const name = nameOf(owner)
      const detail = `only one reference can have controller set to true, found it for ${nameOf(controller)} and ${name}`
      list.invalid('METADATA_OWNER', detail, { shown: name, at: owner.get('controller').path })
    }
  }
}

function nameOf(owner: Field): string {
  return `${owner.get('kind').text ?? ''}/${owner.get('name').text ?? ''}`
}

/** Whether the API server leaves out the second of two. Source: apiserver handlers dedupOwnerReferences. */
function isSameOwner(one: Field, other: Field): boolean {
  return FIELDS.every((key) => one.get(key).value === other.get(key).value)
}

/**
 * Reports an apiVersion without a version: `a/b/c` has none, nor has `apps/`.
 * Source: apimachinery schema FromAPIVersionAndKind.
 */
function apiVersion(field: Field, printed: Field): void {
  const { text } = field
  if (text === undefined || text === '' || /^[^/]*\/?[^/]+$/.test(text)) return
  printed.invalid('METADATA_OWNER', 'version must not be empty', { shown: text, at: field.path })
}

const STANDARD_FINALIZERS = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** A finalizer of Kubernetes itself, or one with a domain. Source: core validation validateKubeFinalizerName. */
export function qualifiedFinalizer(name: string): readonly string[] {
  if (name.includes('/') || STANDARD_FINALIZERS.has(name)) return []
  return ['name is neither a standard finalizer name nor is it fully qualified']
}

/**
 * Finalizers: qualified names, and not both `orphan` and `foregroundDeletion`.
 * Source: apimachinery api/validation ValidateFinalizers; core validation ValidateObjectMeta.
 *
 * @param core whether the kind is validated by core's ValidateObjectMeta, which requires a domain, too
 */
export function finalizers(list: Field, core = false): void {
  const names = new Set<string>()
  for (const item of list.items()) {
    if (item.text === undefined) continue
    names.add(item.text)
    list.reportFaults(
      'METADATA_FINALIZER',
      [...qualifiedName(item.text), ...(core ? qualifiedFinalizer(item.text) : [])],
      { shown: item.text, at: item.path },
    )
  }
  if (names.has('orphan') && names.has('foregroundDeletion')) {
    list.invalid('METADATA_FINALIZER', 'finalizers orphan and foregroundDeletion cannot be both set')
  }
}
