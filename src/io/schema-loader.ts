import { join } from 'node:path'
import type { Host } from './host.ts'

/** Loads the made schema files that come with the program, such as `1.36/common.json`; each when it is asked for. */
export function schemaLoader(host: Pick<Host, 'fs' | 'schemasFolder'>): (file: string) => unknown {
  return (file) => JSON.parse(host.fs.readFileSync(join(host.schemasFolder, file), 'utf8')) as unknown
}
