import type { Command } from 'commander'
import type { RawOptions } from '../options.ts'

/** A command's action: gets the flags and PATH arguments, returns when all is done. */
export type Action = (name: string, raw: RawOptions, paths: readonly string[]) => Promise<void>

/** Adds one command to the program. */
export type DefineCommand = (program: Command, action: Action) => void

/** Collects a repeatable option's values in order. */
export function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value]
}

/** The option that lets links lead out of a folder. */
export const FOLLOW_LINKS = ['--follow-links', 'read files through links in folders, even out of the repository'] as const

/** Options by which inputs are found. */
export function inputOptions(command: Command): Command {
  return command
    .argument('[PATH...]', 'files, folders, or - for standard input')
    .option('-f, --filename <path>', 'the same as PATH, as in kubectl (repeatable)', collect)
    .option('-R, --recursive', 'read the subfolders of folders too')
    .option(...FOLLOW_LINKS) // bounded: two
    .option('--exclude <glob>', 'leave out files and folders, from the working folder; *, ? and ** are wildcards (repeatable)', collect)
    .option('--no-ignore', 'in folders, read what git ignores, too')
    .option('--allow-empty', 'accept inputs that hold no objects')
}

/** Options by which workloads are chosen. */
export function workloadOptions(command: Command): Command {
  return command
    .option('-n, --namespace <name>', 'only workloads of this namespace')
    .option('-l, --selector <labels>', "only workloads with these labels: 'app=web,tier!=db,env in (dev, qa)'")
}

const VERSION_OPTION = [
  '--kubernetes-version <version>',
  'the cluster that the manifests are for (default: the newest known)',
] as const

/** The option that names the target cluster's version. */
export function versionOption(command: Command): Command {
  return command.option(...VERSION_OPTION) // bounded: two
}

/** Options by which sidecars and their parameters are chosen. */
export function sidecarOptions(command: Command): Command {
  return command
    .option('-s, --sidecar <name,...>', 'sidecars to inject, in this order (repeatable)', collect)
    .option('--set <template.param=value>', 'set a parameter of a sidecar (repeatable)', collect)
    .option('--mode <[name=]mode>', 'run sidecars as native or classic containers: auto, native or classic (repeatable)', collect)
    .option('--on-conflict <policy>', 'where a name is taken: fail, rename or keep (default: fail)')
    .option('-t, --templates <path>', 'folder or file with your own templates (repeatable)', collect)
    .option(...VERSION_OPTION) // bounded: two
    .option('--no-validate', 'let pass what Kubernetes would have refused before, too')
    .option('--allow-lower-pod-security', 'let sidecars lower the Pod Security level of a workload')
    .option('--include-owned', 'inject Pods that exist and objects with an owner, too')
    .option('--retarget-services', 'send Services to the proxies in front of their workloads, by targetPort')
    .option('--no-retarget-services', 'put such Services back')
}

/** The option that lets changes to what a sidecar added go. */
export function forceOption(command: Command): Command {
  return command.option('--force', 'discard changes made to what a sidecar added')
}

/** Options by which the policy of a repository is found. */
export function policyOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the policy file (default: sidecarctl.yaml here or in a folder above)')
    .option('--no-config', 'use no policy file')
}

/** The option that narrows the files to those that git sees changed. */
export function sinceOption(command: Command): Command {
  return command.option('--since <revision>', 'only files that changed since a revision of git, new ones included')
}

/** Options of output that change no manifest, with what -v adds to the report. */
export function reportingOptions(command: Command, verbose = 'say what was added or removed in each workload'): Command {
  return command
    .option('--color [when]', 'auto, always or never (default: auto)')
    .option('--no-color', 'the same as --color=never')
    .option('--max-findings <number>', 'findings to print at most, 0 for all (default: 1000 in text, else all)')
    .option('-q, --quiet', 'no report, only errors')
    .option('-v, --verbose', verbose)
}

/** Options by which a command's result goes somewhere. */
export function outputOptions(command: Command): Command {
  return command
    .option('-o, --output <format>', 'yaml (the manifests, as they are written), json, diff, name or none')
    .option('-w, --write', 'edit the files in place instead of printing them (ACLs and extended attributes are lost)')
    .option('--keep-going', 'with -w, write the files without errors and skip the others (exit 1)')
    .option('--strip-live', 'drop what a cluster added: status, managedFields, uid and the like')
}

/** The examples at the end of a command's help. */
export function examples(command: Command, lines: readonly (readonly [string, string])[]): Command {
  const body = lines.map(([what, line]) => `  # ${what}\n  ${line}`).join('\n\n')
  return command.addHelpText('after', `\nExamples:\n${body}`)
}

/** Hooks a command to the action under its own name. */
export function runsEngine(command: Command, action: Action): Command {
  return command.action(async (paths: string[], raw: RawOptions) => await action(command.name(), raw, paths))
}
