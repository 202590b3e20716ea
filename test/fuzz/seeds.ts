import fs from 'node:fs'
import { join } from 'node:path'

/** The contents of all manifests below a folder, small ones only, in a fixed order. */
export function manifestsIn(folder: string): Buffer[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name) && entry.name !== 'args.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => fs.readFileSync(path))
    .filter((bytes) => bytes.length > 0 && bytes.length < 20_000)
}
