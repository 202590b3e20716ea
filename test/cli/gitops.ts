import { main } from '../../src/cli/main.ts'
import { loadEngine } from '../../src/cli/engine.ts'
import { captureHost, type Setup } from './fake.ts'

/** Runs the program in process with its own engine. */
export async function sidecarctl(cwd: string, argv: readonly string[], setup: Setup = {}) {
  const captured = captureHost({ cwd, ...setup })
  const code = await main(argv, captured.host, loadEngine)
  return { code, stdout: captured.stdout(), stderr: captured.stderr() }
}

export const POLICY = `apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  templates: [sidecars]
  rules:
  - name: all
    add: [sleeper]
`

/** A small template of the user's own. */
export function template(version = '1.0.0', seconds = 1): string {
  return `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata:
  name: sleeper
  version: ${version}
  description: Sleeps.
spec:
  parameters:
    seconds: {type: integer, description: How long., default: ${seconds}}
  container:
    image: busybox:1.37
    args: ["sleep", "\${{ params.seconds }}"]
`
}
