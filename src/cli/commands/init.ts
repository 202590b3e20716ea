import { examples, type DefineCommand } from './command.ts'
import type { RawOptions } from '../options.ts'

/** `sidecarctl init`. */
export const defineInit: DefineCommand = (program, action) => {
  const command = program
    .command('init')
    .summary('start a policy file and a git hook')
    .description(
      'Look through the manifests below the working folder and write sidecarctl.yaml, a policy file with comments; in ' +
        'the top folder of a git repository also .git/hooks/pre-commit, which checks what is about to be committed.',
    )
    .option('--no-hook', 'write no git hook')
    .option('--force', 'write over files that are there')
    .option('--schema', 'write nothing, and print the JSON Schema of the policy file, for editors')
    .option('--docs', 'write nothing, and print the reference of the policy file: every field with an example')
    .option('--color [when]', 'auto, always or never (default: auto)')
    .option('--no-color', 'the same as --color=never')
    .option('-q, --quiet', 'no report, only errors')
  examples(command, [
    ['Once, in the top folder of a repository', 'sidecarctl init && sidecarctl explain -R .'],
    ['What can stand in sidecarctl.yaml?', 'sidecarctl init --docs'],
  ])
  command.action(async (raw: RawOptions) => await action('init', raw, []))
}
