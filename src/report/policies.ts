import { escapeText } from './escape.ts'
import { plural } from './plural.ts'

/**
 * Names the policy files of a run: with -v always, else where there are several.
 * @param names for each input the policy file that it has; undefined for none
 */
export function policiesText(
  names: readonly (string | undefined)[],
  verbosity: 'quiet' | 'normal' | 'verbose',
): string {
  const counts = new Map<string | undefined, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const files = [...counts.keys()].filter((name) => name !== undefined)
  if (verbosity === 'quiet' || files.length === 0 || (verbosity === 'normal' && files.length < 2)) return ''
  const parts = files.map((name) => `${escapeText(name)} (${plural(counts.get(name) ?? 0, 'file')})`)
  const without = counts.get(undefined)
  if (without !== undefined) parts.push(`none (${plural(without, 'file')})`)
  return `${files.length === 1 ? 'policy' : 'policies'}: ${parts.join(', ')}\n`
}

/** Says how many files were not read, as the policy excludes their paths. */
export function excludedFilesText(count: number, verbosity: 'quiet' | 'normal' | 'verbose'): string {
  if (verbosity === 'quiet' || count === 0) return ''
  const why = count === 1 ? 'its path is' : 'their paths are'
  return `${plural(count, 'file')} skipped: ${why} excluded by the policy\n`
}
