import { createServer, type Server } from 'node:http'
import { onTestFinished } from 'vitest'
import { freePort } from '../program.ts'

/** A server that takes lines of JSON, can be taken down, and can be made to answer with an error. */
export class Sink {
  readonly port: number
  /** Status of the answers; with another than 200 nothing is kept. */
  status = 200
  readonly entries: Record<string, unknown>[] = []
  refused = 0
  private server: Server | undefined

  private constructor(port: number) {
    this.port = port
    onTestFinished(async () => await this.down())
  }

  static async make(): Promise<Sink> {
    return new Sink(await freePort())
  }

  async up(): Promise<this> {
    const server = createServer((req, res) => {
      let body = ''
      req.on('data', (data: Buffer) => (body += data.toString()))
      req.on('end', () => {
        if (this.status === 200) this.keep(body)
        else this.refused++
        res.writeHead(this.status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve))
    this.server = server
    return this
  }

  async down(): Promise<void> {
    const { server } = this
    this.server = undefined
    if (server === undefined) return
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  private keep(body: string): void {
    for (const line of body.split('\n').filter((text) => text !== ''))
      this.entries.push(JSON.parse(line) as Record<string, unknown>)
  }
}
