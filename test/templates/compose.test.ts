/**
 * Compose files with sidecars, as Docker Compose reads them: `docker-compose config` of a version 2.23.1 or later, which
 * checks a file against the schema of the Compose Specification, must be on the PATH. The table at the end says what
 * became of each sidecar.
 */
import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { builtins, put } from '../core/compose/support.ts'

const PROGRAM = 'docker-compose'
const version = spawnSync(PROGRAM, ['version', '--short'], { encoding: 'utf8' }).stdout?.trim() ?? ''
const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
const isMissing = !(major > 2 || (major === 2 && minor >= 24))

const FILES: Readonly<Record<string, string>> = {
  'one service': 'services:\n  web:\n    image: nginx:1.29\n    ports: ["8080:80"]\n',
  'volumes, networks and a dependency': `services:
  web:
    image: nginx:1.29
    expose: ["80"]
    networks: [front]
    environment: [GREETING=hello]
    volumes: ["logs:/var/log/app"]
    depends_on: {db: {condition: service_started}}
  db: {image: "postgres:17", expose: [5432], labels: {sidecarctl.dev/inject: "false"}}
volumes: {logs: {}}
networks: {front: {}}
`,
}

const table: string[] = []
afterAll(() => {
  process.stdout.write(`${table.join('\n')}\n`)
})

describe.skipIf(isMissing)(`by ${PROGRAM} ${isMissing ? '(needs 2.24 or later on the PATH)' : version}`, () => {
  it.each(builtins.names.flatMap((name) => Object.keys(FILES).map((file) => [name, file] as const)))(
    '%s in a file with %s',
    async (name, file) => {
      const { text, said } = await put(FILES[file] as string, [name])
      if (said.some((one) => one.startsWith('COMPOSE_UNSUPPORTED'))) {
        table.push(`${name.padEnd(16)} ${file.padEnd(36)} refused: ${said[0]}`)
        expect(name).toMatch(/^mesh-/)
        return
      }
      // Variables that stand for keys of Secrets must be set.
      const names = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+):\?/g)].map(([, variable]) => variable as string)
      const env = { ...process.env, ...Object.fromEntries(names.map((variable) => [variable, 'x'])) }
      const { status, stderr } = spawnSync(PROGRAM, ['-p', 'test', '-f', '-', 'config', '--quiet'], {
        input: text,
        env,
        encoding: 'utf8',
      })
      table.push(`${name.padEnd(16)} ${file.padEnd(36)} ${status === 0 ? 'valid' : stderr.trim()}`)
      expect({ status, stderr }).toMatchObject({ status: 0 })
    },
  )
})
