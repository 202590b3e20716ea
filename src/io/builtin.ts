import { readdirSync, readFileSync } from 'node:fs'
import { SourceText } from '../core/text/source.ts'

/** The templates that come with the program, by name. */
export interface BuiltinTemplates {
  /** Names in alphabetical order. */
  names: readonly string[]
  /** The file of a template, or undefined when there is none of the name. */
  read: (name: string) => SourceText | undefined
}

const SUFFIX = '.yaml'

/**
 * The templates in a folder of the program, `<name>.yaml` each. A file is read when its template is asked for.
 * Throws when the folder cannot be read, which means that the program is not installed as a whole.
 */
export function builtinTemplates(folder: URL): BuiltinTemplates {
  const files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX))
  const names = files.map((file) => file.slice(0, -SUFFIX.length)).toSorted()
  return {
    names,
    read: (name) => {
      if (!names.includes(name)) return undefined
      const text = readFileSync(new URL(`${name}${SUFFIX}`, folder), 'utf8')
      return new SourceText(`<built-in>/${name}${SUFFIX}`, text)
    },
  }
}
