import { join } from 'node:path'
import type { Host } from './host.ts'

/** Loads the schema files of the package, such as `1.36/common.json`, when they are requested. */
export function schemaLoader(host: Pick<Host, 'fs' | 'schemasFolder'>): (file: string) => unknown {
  return (file) => JSON.parse(host.fs.readFileSync(join(host.schemasFolder, file), 'utf8')) as unknown
}
