import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { bundleProgram } from '../../src/build/bundle.mjs'

/** Puts the program, as it is in the sources now, into a folder of its own, where `sidecarctl` runs it. */
export async function bundledProgram(): Promise<string> {
  const bin = mkdtempSync(join(tmpdir(), 'sidecarctl-bin-'))
  await bundleProgram(join(bin, 'dist'))
  execFileSync('cp', ['-r', 'bin', 'templates', bin])
  execFileSync('ln', ['-s', resolve('dist/schemas'), join(bin, 'dist/schemas')])
  writeFileSync(join(bin, 'package.json'), '{}')
  writeFileSync(join(bin, 'sidecarctl'), `#!/bin/sh\nexec "${process.execPath}" "${bin}/bin/sidecarctl.js" "$@"\n`)
  chmodSync(join(bin, 'sidecarctl'), 0o755)
  return bin
}
