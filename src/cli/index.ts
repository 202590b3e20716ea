import { realHost, withFirstFlags, type Host } from '../io/host.ts'
import { loadEngine } from './engine.ts'
import { EXIT } from './exit-code.ts'
import { main as mainWith } from './main.ts'

export { realHost, withFirstFlags }

/** The program with its own engine; what `bin/sidecarctl.js` runs. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  if (host.cwd === '') {
    await host.stderr.write(
      'error: the current folder does not exist anymore\nhint: change to another folder with cd\n',
    )
    return EXIT.failure
  }
  return await mainWith(argv, host, loadEngine)
}
