import { examples, type DefineCommand, type RunCommand } from './command.ts'
import { EXIT } from '../exit-code.ts'

/** `sidecarctl playground`. */
export const definePlayground: DefineCommand = (program, action) => {
  const command = program
    .command('playground')
    .summary('print a web page to try sidecars')
    .description(
      'Print one HTML file to try sidecars on a manifest in a browser: the core, the built-in templates and the schemas ' +
        'of the newest Kubernetes version are inside. The page loads nothing and sends nothing.',
    )
  examples(command, [['Open it', 'sidecarctl playground > playground.html']])
  command.action(async (raw) => await action(command, runPlayground, raw, []))
}

const runPlayground: RunCommand = async ({ host }) => {
  const { gunzipSync } = await import('node:zlib')
  await host.stdout.write(gunzipSync(host.fs.readFileSync(host.playgroundFile)))
  return EXIT.ok
}
