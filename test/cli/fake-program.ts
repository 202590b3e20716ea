import { main } from '../../src/cli/main.ts'
import { realHost } from '../../src/io/host.ts'
import { fakeEngine } from './fake-engine.ts'

// The program as bin/sidecarctl.js runs it, but with the fake engine: what the tests of a spawned process bundle.
void main(process.argv.slice(2), realHost(), async () => fakeEngine).then((code) => {
  process.exitCode = code
})
