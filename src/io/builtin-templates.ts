import { join } from 'node:path'
import type { TemplateLibrary } from '../core/template/library.ts'
import { decodeText } from '../core/text/decode.ts'
import type { Host } from './host.ts'
import { errorCode } from './errors.ts'

const EXTENSION = '.yaml'
/** A valid template name; only such a name becomes part of a path. */
const NAME = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/

/** The part of a host that gives access to the built-in templates. */
export type TemplatesHost = Pick<Host, 'fs' | 'templatesFolder' | 'compiledTemplatesFolder'>

/** Reads the file of a template; undefined for an invalid name or one without a file. */
function inFolder<T>(folder: string, name: string, extension: string, read: (path: string) => T): T | undefined {
  try {
    return NAME.test(name) ? read(join(folder, name + extension)) : undefined
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/** The templates that come with the program. The folder is listed, and a file read, only when asked for. */
export function builtinTemplates(host: TemplatesHost): TemplateLibrary {
  let names: readonly string[] | undefined
  return {
    get names() {
      names ??= host.fs
        .readdirSync(host.templatesFolder)
        .filter((name) => name.endsWith(EXTENSION))
        .map((name) => name.slice(0, -EXTENSION.length))
        .sort()
      return names
    },
    read(name) {
      const bytes = inFolder(host.templatesFolder, name, EXTENSION, (path) => host.fs.readFileSync(path))
      if (bytes === undefined) return undefined
      const label = `<built-in>/${name}${EXTENSION}`
      const decoded = decodeText(label, bytes)
      if (!decoded.ok) throw new Error(`${label}: ${decoded.error.message}`)
      return decoded.source
    },
    ready(name) {
      const folder = host.compiledTemplatesFolder
      const text =
        folder === undefined ? undefined : inFolder(folder, name, '.json', (path) => host.fs.readFileSync(path, 'utf8'))
      return text === undefined ? undefined : JSON.parse(text)
    },
  }
}
