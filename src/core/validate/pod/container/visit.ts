import { CONTAINER_LISTS } from '../effective.ts'
import { itemsOf, type Part } from '../values.ts'

/** Every container of a pod spec, in the order in which the server visits them: init, regular, ephemeral. */
export function containersOf(spec: Part): Part[] {
  return CONTAINER_LISTS.flatMap((list) => itemsOf(spec, list))
}
