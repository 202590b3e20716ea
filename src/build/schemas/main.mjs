import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSchemas } from './index.mjs'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
const wrote = await buildSchemas(join(root, 'dist/schemas'))
process.stderr.write(wrote ? 'schemas made\n' : 'schemas are up to date\n')
