// What npm runs in a clone after `npm ci`. `npm install -g git+file://...`, as pre-commit 4 calls it, gives its own settings
// to the install in the clone, so that what the build needs is not there; it is then installed first.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

function installToolchain() {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:config_(?!registry|cache|userconfig)|command)/i.test(name),
  )
  const args = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']
  // Standard output is read by who called npm.
  const done = spawnSync('npm', args, { cwd: root, env: Object.fromEntries(own), stdio: ['ignore', 2, 2] })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

if (!existsSync(`${root}/node_modules/esbuild`)) installToolchain()
await import('./build.mjs').then(({ run }) => run())
