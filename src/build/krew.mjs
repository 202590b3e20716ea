// Prints the manifest by which krew installs `kubectl sidecar` from a packed release:
// `node src/build/krew.mjs PACKAGE.tgz URL > sidecar.yaml`. The URL is where the package will be downloaded from.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const { version, description, homepage, engines, bin } = JSON.parse(
  readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
)

/**
 * The manifest, in JSON, which is YAML. Source: krew `docs/PLUGIN_LIFECYCLE.md` and its `index/validation`: no more than
 * 50 characters of shortDescription, an archive with a SHA-256, and the path of the program in it.
 * @param {Uint8Array} archive what `npm pack` made
 * @param {string} uri
 */
function manifest(archive, uri) {
  return {
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'sidecar' },
    spec: {
      version: `v${version}`,
      ...(homepage !== undefined && { homepage }),
      shortDescription: 'Add sidecars to manifests, offline',
      description,
      caveats: `Needs Node.js ${engines.node} on the PATH as node.`,
      platforms: ['linux', 'darwin'].map((os) => ({
        selector: { matchLabels: { os } },
        uri,
        sha256: createHash('sha256').update(archive).digest('hex'),
        files: [{ from: 'package/*', to: '.' }],
        bin: bin['kubectl-sidecar'],
      })),
    },
  }
}

const [file, uri] = process.argv.slice(2)
if (file === undefined || uri === undefined || !uri.startsWith('https://')) {
  process.stderr.write(`usage: node ${join('src', 'build', 'krew.mjs')} PACKAGE.tgz https://URL\n`)
  process.exitCode = 2
} else {
  process.stdout.write(`${JSON.stringify(manifest(readFileSync(file), uri), undefined, 2)}\n`)
}
