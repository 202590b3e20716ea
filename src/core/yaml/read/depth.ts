import { LIMITS } from '../../common/limits.ts'
import { YamlError } from './token.ts'

/** Levels of nesting that are read. kubectl stops at 10,000; no Kubernetes object comes near either. */
const MAX_DEPTH = LIMITS.nesting.value

/**
 * @param depth levels around what begins at an offset
 * @throws YamlError where that is too deep
 */
export function checkDepth(depth: number, offset: number): void {
  if (depth > MAX_DEPTH)
    throw new YamlError(`nested more than ${MAX_DEPTH} levels deep, which is not supported`, offset, 'depth')
}
