import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** Chromium as Debian has it, or what SIDECARCTL_CHROMIUM names; undefined where there is none. */
export const CHROMIUM = [process.env['SIDECARCTL_CHROMIUM'], 'chromium', 'google-chrome'].find(
  (name) => name !== undefined && spawnSync(name, ['--version']).status === 0,
)

type Params = Record<string, unknown>
type Listener = (params: Params) => void

interface Message {
  id?: number
  method?: string
  params?: Params
  result?: Params
  error?: { message: string }
  sessionId?: string
}

/** A browser, driven by the Chrome DevTools Protocol over a pipe. */
export class Browser {
  readonly #process: ChildProcess
  readonly #folder: string
  readonly #waiting = new Map<number, (message: Message) => void>()
  readonly #listeners = new Map<string, Listener[]>()
  #last = 0

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'sidecarctl-browser-'))
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.#folder}`,
    ]
    this.#process = spawn(CHROMIUM as string, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
    let rest = ''
    ;(this.#process.stdio[4] as Readable).setEncoding('utf8').on('data', (piece: string) => {
      const texts = (rest + piece).split('\0')
      rest = texts.pop() as string
      for (const text of texts) this.#take(JSON.parse(text) as Message)
    })
  }

  #take(message: Message): void {
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message)
    else for (const listener of this.#listeners.get(message.method ?? '') ?? []) listener(message.params ?? {})
  }

  /** Calls a method; rejects where the browser answers with an error. */
  async send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
    const id = ++this.#last
    const answer = new Promise<Message>((resolve) => this.#waiting.set(id, resolve))
    const message = { id, method, params, ...(sessionId !== undefined && { sessionId }) }
    ;(this.#process.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`)
    const { error, result = {} } = await answer
    this.#waiting.delete(id)
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }

  on(method: string, listener: Listener): void {
    this.#listeners.set(method, [...(this.#listeners.get(method) ?? []), listener])
  }

  /** Opens a page and waits until the page has shown its first result. */
  async open(url: string): Promise<Page> {
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true })
    const page = new Page(this, sessionId as string, targetId as string)
    await page.send('Network.enable')
    await page.send('Page.enable')
    await page.send('Runtime.enable')
    await page.send('Page.navigate', { url })
    await page.updated(0)
    return page
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve))
    await this.send('Browser.close').catch(() => this.#process.kill())
    await ended
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A page of a browser. */
export class Page {
  readonly #browser: Browser
  readonly #session: string
  readonly #target: string

  constructor(browser: Browser, session: string, target: string) {
    this.#browser = browser
    this.#session = session
    this.#target = target
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.#target })
  }

  async send(method: string, params: Params = {}): Promise<Params> {
    return await this.#browser.send(method, params, this.#session)
  }

  /** The value of an expression in the page. */
  async eval<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })) as { result: { value: T }; exceptionDetails?: { exception?: { description?: string } } }
    if (exceptionDetails !== undefined)
      throw new Error(exceptionDetails.exception?.description ?? 'exception in the page')
    return result.value
  }

  /** How often the page has shown a result. */
  async updates(): Promise<number> {
    return await this.eval<number>('Number(document.body?.dataset.updates ?? 0)')
  }

  /** Waits until the page has shown a result later than the given one. */
  async updated(since: number): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      if ((await this.updates()) > since) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error('the page shows no result')
  }

  /** Does something in the page and waits for the result. */
  async act(expression: string): Promise<void> {
    const before = await this.updates()
    await this.eval(expression)
    await this.updated(before)
  }

  /** Puts a text in the place of the manifest, as a user does who pastes it. */
  async type(text: string): Promise<void> {
    const before = await this.updates()
    await this.eval("document.getElementById('manifest').focus(); document.getElementById('manifest').select()")
    await this.send('Input.insertText', { text })
    await this.updated(before)
  }

  async press(key: string, code = key): Promise<void> {
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, ...(key.length === 1 && { text: key }) })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code })
  }

  /** A picture of the whole page as PNG. */
  async screenshot(width: number, height: number): Promise<Buffer> {
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: 1, mobile: width < 600 })
    const { data } = await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })
    return Buffer.from(data as string, 'base64')
  }
}
