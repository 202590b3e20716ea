import { join } from 'node:path'
import { decodeText } from '../core/text/decode.ts'
import type { TemplateLibrary } from '../core/options.ts'
import type { Host } from './host.ts'

const EXTENSION = '.yaml'

/** The templates that come with the program. The folder is listed, and a file read, only when asked for. */
export function builtinTemplates(host: Pick<Host, 'fs' | 'templatesFolder'>): TemplateLibrary {
  let names: readonly string[] | undefined
  const list = (): readonly string[] => {
    names ??= host.fs
      .readdirSync(host.templatesFolder)
      .filter((name) => name.endsWith(EXTENSION))
      .map((name) => name.slice(0, -EXTENSION.length))
      .sort()
    return names
  }
  return {
    get names() {
      return list()
    },
    read(name) {
      if (!list().includes(name)) return undefined
      const label = `<built-in>/${name}${EXTENSION}`
      const decoded = decodeText(label, host.fs.readFileSync(join(host.templatesFolder, name + EXTENSION)))
      if (!decoded.ok) throw new Error(`${label}: ${decoded.diagnostic.message}`)
      return decoded.source
    },
  }
}
