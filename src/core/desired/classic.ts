import type { JsonObject } from '../json/json.ts'
import type { ClassicAdditions } from '../template/template.ts'
import type { DesiredPod } from './desired-pod.ts'
import { chosenContainers, nameOf } from './pod-paths.ts'

/** The annotation by which `kubectl logs` and `kubectl exec` choose a container; without it they take the first. */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container'

/** A sidecar's container in classic mode, with the hooks that only classic sidecars need over its own. */
export function withHooks(container: JsonObject, { lifecycle }: ClassicAdditions): JsonObject {
  if (lifecycle === undefined || Object.keys(lifecycle).length === 0) return container
  return { ...container, lifecycle: { ...(container['lifecycle'] as JsonObject | undefined), ...lifecycle } }
}

/** Keeps the app's container the one that kubectl chooses, although a sidecar now precedes it. */
export function nameDefaultContainer(draft: DesiredPod, owner: string): void {
  const [app] = chosenContainers(draft)
  // The manifest's own choice stays, without a warning: the sidecar does not need another one.
  if (app !== undefined) draft.set(owner, ['metadata', 'annotations', DEFAULT_CONTAINER], nameOf(app))
}
