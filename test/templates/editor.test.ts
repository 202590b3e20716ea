/**
 * The schema for editors, in the YAML language server, which must be on the PATH (`npm install -g yaml-language-server`):
 * what it says of templates, and what it offers in them.
 */
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { starterTemplate } from '../../src/core/template/template-starter.ts'

const ROOT = join(import.meta.dirname, '../..')
const SCHEMA = pathToFileURL(join(ROOT, 'dist/editor/sidecar-template.schema.json')).href
const SERVER = 'yaml-language-server'
const isMissing = spawnSync('sh', ['-c', `command -v ${SERVER}`]).status !== 0

interface Message {
  id?: number
  method?: string
  params?: { uri?: string; diagnostics?: { message: string; range: { start: { line: number } } }[] }
  result?: { items?: { label: string }[] }
}

/** A client of one server: sends and awaits messages of the Language Server Protocol on standard input and output. */
class Client {
  readonly #server = spawn(SERVER, ['--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] })
  readonly #waiting: { fits: (message: Message) => boolean; done: (message: Message) => void }[] = []
  #rest = Buffer.alloc(0)
  #id = 0

  constructor() {
    this.#server.stdout.on('data', (bytes: Buffer) => {
      this.#rest = Buffer.concat([this.#rest, bytes])
      for (let message = this.#next(); message !== undefined; message = this.#next()) this.#receive(message)
    })
  }

  #next(): Message | undefined {
    const head = this.#rest.indexOf('\r\n\r\n')
    const length = Number(/Content-Length: (\d+)/.exec(this.#rest.subarray(0, Math.max(head, 0)).toString())?.[1])
    if (head < 0 || this.#rest.length < head + 4 + length) return undefined
    const body = this.#rest.subarray(head + 4, head + 4 + length).toString()
    this.#rest = this.#rest.subarray(head + 4 + length)
    return JSON.parse(body) as Message
  }

  #receive(message: Message): void {
    const at = this.#waiting.findIndex(({ fits }) => fits(message))
    if (at >= 0) this.#waiting.splice(at, 1)[0]?.done(message)
  }

  async expects(fits: (message: Message) => boolean): Promise<Message> {
    return await new Promise((done) => this.#waiting.push({ fits, done }))
  }

  send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    this.#server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }

  async request(method: string, params: object): Promise<Message> {
    const id = ++this.#id
    const answer = this.expects((message) => message.id === id && message.method === undefined)
    this.send({ id, method, params })
    return await answer
  }

  stop(): void {
    this.#server.kill()
  }
}

describe.skipIf(isMissing)(`in ${SERVER}${isMissing ? ' (which is not on the PATH)' : ''}`, () => {
  let client: Client
  let count = 0
  beforeAll(async () => {
    client = new Client()
    await client.request('initialize', { processId: process.pid, rootUri: null, capabilities: {} })
    client.send({ method: 'initialized', params: {} })
  })
  afterAll(() => client.stop())

  async function opened(text: string): Promise<{ uri: string; said: string[] }> {
    const uri = `file:///template-${++count}.yaml`
    const said = client.expects(
      ({ method, params }) => method?.endsWith('publishDiagnostics') === true && params?.uri === uri,
    )
    const textDocument = {
      uri,
      languageId: 'yaml',
      version: 1,
      text: `# yaml-language-server: $schema=${SCHEMA}\n${text}`,
    }
    client.send({ method: 'textDocument/didOpen', params: { textDocument } })
    const found = (await said).params?.diagnostics ?? []
    return { uri, said: found.map(({ message, range }) => `${range.start.line}: ${message.split('\n')[0]}`) }
  }

  it.each(readdirSync(join(ROOT, 'templates')).filter((name) => name.endsWith('.yaml')))(
    'has nothing to say of %s',
    async (name) => {
      expect((await opened(readFileSync(join(ROOT, 'templates', name), 'utf8'))).said).toEqual([])
    },
  )

  it('has nothing to say of a new template', async () => {
    expect((await opened(starterTemplate('mine'))).said).toEqual([])
  })

  const HEAD =
    'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: a, version: "1", description: x}\nspec:\n'

  // spec | line and message
  it.each<[string, string[]]>([
    ['  container: {image: a, readinesProbe: {}}\n', ['5: Property readinesProbe is not allowed.']],
    [
      '  container: {image: a, livenessProbe: {periodSeconds: often}}\n',
      ['5: String does not match the pattern of "^\\$\\{\\{[^{}]*\\}\\}$".'],
    ],
    ['  container: {image: a, livenessProbe: {tcpSocket: {prot: 1}}}\n', ['5: Property prot is not allowed.']],
    ['  container: {image: a}\n  volumes: [{name: a, emptyDri: {}}]\n', ['6: Property emptyDri is not allowed.']],
    ['  container: {image: a, args: [1, "${{ params.x }}", {$spread: [a], $each: b}]}\n', []],
    [
      '  container: {image: a, livenessProbe: {periodSeconds: "${{ params.x }}"}, ports: [{$when: {x: 1}, name: a}]}\n',
      [],
    ],
    ['  extends: logging\n  container: {readinessProbe: ~, env: "${{ params.env }}"}\n', []],
  ])('%s', async (spec, expected) => {
    expect((await opened(HEAD + spec)).said).toEqual(expected)
  })

  it('offers the fields of containers, probes and volumes', async () => {
    const text = `${HEAD}  container:\n    image: a\n    \n`
    const { uri } = await opened(text)
    const at = { textDocument: { uri }, position: { line: 7, character: 4 } }
    const { result } = await client.request('textDocument/completion', at)
    const labels = (result?.items ?? []).map(({ label }) => label)
    expect(labels).toEqual(expect.arrayContaining(['readinessProbe', 'volumeMounts', 'resources', 'securityContext']))
    expect(labels).not.toContain('emptyDir')
  })
})
