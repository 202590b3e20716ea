import { join, resolve } from 'node:path'
import { createFiles } from '../io/create-files.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { examples, type DefineCommand } from './commands/command.ts'
import { colorOptions, commonOptions, quietOption, type RawOptions } from './commands/shared-options.ts'
import { EXIT } from './exit-code.ts'
import { loadColorsFor, reportEnv } from './report-env.ts'

/** A file of a plugin; its path is relative to the folder that the user names. */
export interface PluginFile {
  path: string
  text: string
  /** Permissions. */
  mode: number
}

/** A command that writes the files by which a host finds sidecarctl. */
export interface PluginCommand {
  name: string
  summary: string
  description: string
  /** What DIR is. */
  folder: string
  examples: readonly (readonly [string, string])[]
  files(): readonly PluginFile[]
  /** What to do next, printed on standard error; the folder is as typed. */
  next(folder: string): string
}

/** Adds a command that writes a plugin. It overwrites nothing without --force, and writes all files or none. */
export function definePlugin(plugin: PluginCommand): DefineCommand {
  return (program, action) => {
    const command = program
      .command(plugin.name)
      .summary(plugin.summary)
      .description(plugin.description)
      .argument('<DIR>', plugin.folder)
      .option('--force', 'overwrite existing files')
    quietOption(colorOptions(command))
    examples(command, plugin.examples)
    command.action(
      async (folder: string, raw: RawOptions) =>
        await action(
          command,
          async ({ host }) => {
            const options = commonOptions(raw, [], host)
            await loadColorsFor(options)
            const files = plugin
              .files()
              .map(({ path, text, mode }) => ({
                label: join(folder, path),
                path: resolve(host.cwd, folder, path),
                text,
                mode,
              }))
            const problems = createFiles(host.fs, files, raw.force === true)
            await host.stderr.write(diagnosticsText(problems, reportEnv(host, options)))
            if (problems.length > 0) return EXIT.failure
            if (options.verbosity === 'quiet') return EXIT.ok
            await host.stderr.write(files.map(({ label }) => `created ${label}\n`).join('') + plugin.next(folder))
            return EXIT.ok
          },
          raw,
          [folder],
        ),
    )
  }
}
