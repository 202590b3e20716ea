import { wordSet } from '../common/words.ts'

/** Names that no variable and no function without a target can have. */
export const RESERVED_NAMES = wordSet(
  'as break const continue else for function if import let loop package namespace return var void while',
)

/** Words that no name in an expression can be. Source: apiserver pkg/cel/escaping.go celReservedSymbols. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([...RESERVED_NAMES, 'true', 'false', 'null', 'in'])
