import type { Command, Option } from 'commander'
import { shellWord } from '../core/common/shell-word.ts'

/**
 * The options of a command line as words for a shell, in the order of the help.
 * @param without names of options as code has them, such as `maxFindings`, that are left out
 */
export function givenOptions(command: Command, without: ReadonlySet<string>): string[] {
  const values: Record<string, unknown> = command.opts()
  return command.options.flatMap((option) => {
    const name = option.attributeName()
    if (without.has(name) || command.getOptionValueSource(name) !== 'cli') return []
    return wordsOf(option, values[name])
  })
}

function wordsOf(option: Option, value: unknown): string[] {
  const flag = option.short ?? option.long ?? ''
  if (option.negate) return value === false ? [flag] : []
  if (value === false) return []
  if (value === true) return [flag]
  return [value].flat().map((one) => {
    const word = shellWord(String(one))
    return word.startsWith('-') ? `${option.long ?? flag}=${word}` : `${flag} ${word}`
  })
}
