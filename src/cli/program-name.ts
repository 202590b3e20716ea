import type { Host, Output } from '../io/host.ts'

/** How the program is called when it is a plugin of kubectl. The naming guide of krew asks that help says so. */
const AS_PLUGIN = 'kubectl sidecar'

/** What the user types to call the program. `bin/kubectl-sidecar.js` sets the variable. */
export function programName({ env }: Pick<Host, 'env'>): string {
  return env['SIDECARCTL_AS_KUBECTL_PLUGIN'] === '1' ? AS_PLUGIN : 'sidecarctl'
}

/** A text for people with the program called as they call it, wherever it names a command line. */
export function asCalled(text: string, name: string, commands: readonly string[]): string {
  if (name === 'sidecarctl') return text
  return text.replace(/(?<![\w./-])sidecarctl (?=([a-z-]+|--help|--version|COMMAND)\b)/g, (found, word: string) =>
    word.startsWith('--') || word === 'COMMAND' || commands.includes(word) ? `${name} ` : found,
  )
}

/** The host whose standard error names the program as the user calls it. */
export function withCalledErrors(host: Host, commands: readonly string[]): Host {
  const name = programName(host)
  if (name === 'sidecarctl') return host
  const { stderr } = host
  const renamed: Output = Object.create(stderr, {
    write: {
      value: async (data: string | Uint8Array) => {
        await stderr.write(asCalled(typeof data === 'string' ? data : new TextDecoder().decode(data), name, commands))
      },
    },
  })
  return { ...host, stderr: renamed }
}
