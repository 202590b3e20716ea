import { Argument } from 'commander'
import { EXIT } from '../exit-code.ts'
import { UsageError } from '../usage-error.ts'
import { examples, type DefineCommand } from './command.ts'

/** Repeated here so that the scripts are loaded only when one is printed. */
const SHELLS = ['bash', 'zsh', 'fish'] as const

/** `sidecarctl completion`. */
export const defineCompletion: DefineCommand = (program, action) => {
  const command = program
    .command('completion')
    .summary('print a completion script for a shell')
    .description(
      'Print a script that completes commands, flags, names of sidecars, parameters and their values in a shell.',
    )
    .addArgument(new Argument('<SHELL>', 'shell that completes').choices(SHELLS).argParser(shellOf))
  examples(command, [
    ['bash, for example in ~/.bashrc', 'source <(sidecarctl completion bash)'],
    ['zsh, in ~/.zshrc after compinit', 'source <(sidecarctl completion zsh)'],
    ['fish', 'sidecarctl completion fish > ~/.config/fish/completions/sidecarctl.fish'],
  ])
  command.action(
    async (shell: (typeof SHELLS)[number]) =>
      await action(
        command,
        async ({ host }) => {
          const { COMPLETION_SCRIPTS } = await import('../completion-scripts.ts')
          await host.stdout.write(COMPLETION_SCRIPTS[shell])
          return EXIT.ok
        },
        {},
        [shell],
      ),
  )
}

function shellOf(text: string): string {
  if ((SHELLS as readonly string[]).includes(text)) return text
  throw new UsageError(`unknown shell '${text}'`, `use one of: ${SHELLS.join(', ')}`)
}
