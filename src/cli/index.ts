import { realHost, withFirstFlags, type Host } from '../io/host.ts'
import { loadEngine } from './engine.ts'
import { main as mainWith } from './main.ts'

export { realHost, withFirstFlags }

/** The program with its own engine; what `bin/sidecarctl.js` runs. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  return await mainWith(argv, host, loadEngine)
}
