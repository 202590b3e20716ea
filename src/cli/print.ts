import { type Diagnostic, diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { Host, Output } from '../io/host.ts'
import { diagnosticsText, type ReportEnv } from '../report/diagnostics.ts'

/** What is printed on standard output: text for people, or data for programs, which must get every byte. */
export type Printed = 'text' | 'json' | 'xml' | 'patch' | 'manifests' | 'commands'

type Pieces = Iterable<string | Uint8Array>

/** Whether the runner of GitHub Actions reads a stream as a log. It does not read files. */
function isLog(host: Host, stream: Output): boolean {
  return host.env['GITHUB_ACTIONS'] === 'true' && !stream.isFile
}

/** The host with a standard error in which the runner of GitHub Actions finds no commands. */
export function withMaskedErrors(host: Host): Host {
  if (!isLog(host, host.stderr)) return host
  const { stderr } = host
  const masked: Output = Object.create(stderr, {
    write: {
      value: async (data: string | Uint8Array) => {
        const { maskCommands } = await import('../report/workflow-commands.ts')
        await stderr.write(maskCommands(typeof data === 'string' ? data : new TextDecoder().decode(data)))
      },
    },
  })
  return { ...host, stderr: masked }
}

/**
 * Why an output may not be printed in a log of GitHub Actions: a manifest contains text that the runner would run as a
 * command, and no byte of it may be changed. Undefined if it may be printed.
 */
export async function printRefusal(host: Host, kind: Printed, pieces: () => Pieces): Promise<Diagnostic | undefined> {
  if (kind !== 'manifests' || !isLog(host, host.stdout)) return undefined
  const { holdsCommand } = await import('../report/workflow-commands.ts')
  if (!holdsCommand(pieces())) return undefined
  const message =
    'the output contains text that GitHub Actions would run as a workflow command (:: or ##[), so it is not printed'
  return diagnostic('IO_WORKFLOW_COMMAND', message, {
    hint: 'redirect it to a file with > FILE, or edit the files in place with -w',
  })
}

/**
 * Prints on standard output; in a log of GitHub Actions so that the runner finds no commands except our own.
 * @param pieces generates the output each time
 */
export async function print(host: Host, kind: Printed, pieces: () => Pieces): Promise<void> {
  for (const piece of isLog(host, host.stdout) ? await masked(host, kind, pieces) : pieces())
    await host.stdout.write(piece)
}

/** Prints what may be printed; for anything else, standard error says why. @returns whether it was printed */
export async function printAllowed(host: Host, kind: Printed, pieces: () => Pieces, env: ReportEnv): Promise<boolean> {
  const refusal = await printRefusal(host, kind, pieces)
  if (refusal === undefined) await print(host, kind, pieces)
  else await host.stderr.write(diagnosticsText([refusal], env))
  return refusal === undefined
}

async function masked(host: Host, kind: Printed, pieces: () => Pieces): Promise<Pieces> {
  const { holdsCommand, maskCommands, maskJson, maskXml, withoutCommands } =
    await import('../report/workflow-commands.ts')
  const mask = { text: maskCommands, json: maskJson, xml: maskXml }
  if (kind === 'manifests' || kind === 'commands') return pieces()
  if (kind === 'patch') return holdsCommand(pieces()) ? withoutCommands(pieces(), host.uniqueId()) : pieces()
  return Array.from(pieces(), (piece) =>
    mask[kind](typeof piece === 'string' ? piece : new TextDecoder().decode(piece)),
  )
}
