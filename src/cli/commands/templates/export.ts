import { join, resolve } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../../../core/diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../../../core/diagnostics/did-you-mean.ts'
import { isObject } from '../../../core/json/json.ts'
import type { TemplateLibrary } from '../../../core/template/library.ts'
import { readTemplateDocument } from '../../../core/template/template-document.ts'
import type { NewFile } from '../../../io/create-files.ts'
import type { Host } from '../../../io/host.ts'
import { escapeText } from '../../../report/escape.ts'
import { EXIT } from '../../exit-code.ts'
import { printDiagnostics, type Subcommand } from './subcommand.ts'

/** The folder that is written to by default, which the documentation uses for the user's templates. */
export const EXPORT_FOLDER = 'sidecars'

/** `sidecarctl templates export`. */
export const exportSubcommand: Subcommand = {
  name: 'export',
  argument: ['<NAME...>', 'names of built-in templates'],
  summary: 'copy built-in templates to a folder, to stay on their version',
  description:
    'Write the files of built-in templates, with those that they extend, to a folder. Named in spec.templates of the policy ' +
    'file, they replace the built-in ones, and an upgrade of sidecarctl does not change them.',
  examples: [['Stay on the version of a template', 'sidecarctl templates export logging --to sidecars']],
  options: (command) =>
    command
      .option('--to <folder>', `folder to write to (default: ${EXPORT_FOLDER})`)
      .option('--force', 'overwrite existing files'),
  run: async (work) => {
    const { args, to, force, verbosity } = work.options
    const { diagnostics, text } = await exportTemplates(work.host, work.builtins, args, { to, force })
    await printDiagnostics(work, diagnostics)
    if (hasErrors(diagnostics)) return EXIT.failure
    if (verbosity !== 'quiet') await work.host.stderr.write(text)
    return EXIT.ok
  },
}

/**
 * Writes built-in templates, each with those that it extends, to a folder of the user's, so that an upgrade of the program
 * does not change them.
 * @returns the errors, and the line that says what was written
 */
async function exportTemplates(
  host: Host,
  builtins: TemplateLibrary,
  names: readonly string[],
  { to, force }: { to: string; force: boolean },
): Promise<{ diagnostics: Diagnostic[]; text: string }> {
  const unknown = names.filter((name) => !builtins.names.includes(name))
  if (unknown.length > 0) return { diagnostics: unknown.map((name) => unknownTemplate(name, builtins)), text: '' }
  const all = [...new Set(names.flatMap((name) => withBases(name, builtins)))].sort()
  const files = all.map((name): NewFile => {
    const label = join(to, `${name}.yaml`)
    return { label, path: resolve(host.cwd, label), text: builtins.read(name)?.text ?? '', mode: 0o644 }
  })
  const { createFiles } = await import('../../../io/create-files.ts')
  const diagnostics = createFiles(host.fs, files, force)
  const text = files.map(({ label }) => `created ${escapeText(label)}\n`).join('')
  return { diagnostics, text }
}

function unknownTemplate(name: string, builtins: TemplateLibrary): Diagnostic {
  const hint = didYouMeanHint(name, builtins.names)
  return diagnostic('SIDECAR_UNKNOWN', `unknown built-in template "${name}"`, { hint })
}

/** A template with those that it extends; built-in ones do so in no cycle, as tests hold. */
function withBases(name: string, builtins: TemplateLibrary): string[] {
  const source = builtins.read(name)
  const spec = source === undefined ? undefined : readTemplateDocument(source).document?.data['spec']
  const base = isObject(spec) ? spec['extends'] : undefined
  return typeof base === 'string' && base !== name ? [name, ...withBases(base, builtins)] : [name]
}
