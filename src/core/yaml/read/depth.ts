import { LIMITS } from '../../common/limits.ts'
import { YamlError } from './token.ts'

/** The supported levels of nesting. kubectl's limit is 10,000; no Kubernetes object comes near either. */
const MAX_DEPTH = LIMITS.nesting.value

/**
 * @param depth levels around the node that begins at the 0-based `offset`
 * @throws YamlError where it is nested too deep
 */
export function checkDepth(depth: number, offset: number): void {
  if (depth > MAX_DEPTH)
    throw new YamlError(`nested more than ${MAX_DEPTH} levels deep, which is not supported`, offset, 'depth')
}
