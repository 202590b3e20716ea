import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { absence, done, endOf, eventually, freePort, runContainer, scratch, sidecarOf } from './program.ts'

const absent = absence('haproxy', 'openssl')

/** An app that answers with the headers it got. */
async function app(): Promise<number> {
  const server = createServer((req, res) => res.end(JSON.stringify(req.headers)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

interface Answer {
  status: number | undefined
  body: string
}

async function get(port: number, path: string, headers: Record<string, string>): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const sent = request({ port, path, headers, host: '127.0.0.1', agent: false, rejectUnauthorized: false }, (res) => {
      let body = ''
      res.on('data', (data: Buffer) => (body += data.toString()))
      res.on('end', () => resolve({ status: res.statusCode, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

async function start(values: Record<string, string>, auth: Record<string, string>) {
  const folder = scratch()
  for (const name of ['tls', 'auth', 'tmp']) mkdirSync(join(folder, name), { mode: 0o777 })
  const [key, crt] = [join(folder, 'tls/tls.key'), join(folder, 'tls/tls.crt')]
  done('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=web', '-keyout', key, '-out', crt)
  done('chmod', '-R', 'a+rwX', folder)
  for (const [name, text] of Object.entries(auth)) writeFileSync(join(folder, 'auth', name), text)
  const [port, healthPort, appPort] = [await freePort(), await freePort(), await app()]
  const all = { tlsSecret: 't', authSecret: 'a', appPort, port, healthPort, ...values }
  const texts = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, String(value)]))
  const running = runContainer(sidecarOf('auth-proxy', texts).container, {
    paths: { '/etc/auth-proxy': folder, '/tmp': join(folder, 'tmp') },
  })
  const health = async (path: string): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${healthPort}${path}`)
    return { status: response.status, body: await response.text() }
  }
  await eventually(running, async () => expect((await health('/healthz')).status).toBe(200))
  return { running, port, health }
}

function token(claims: object, key: KeyObject, alg = 'RS256'): string {
  const text = [{ alg, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  if (alg === 'none') return `${text}.`
  if (alg === 'HS256') {
    const secret = key.export({ type: 'spki', format: 'pem' })
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  return `${text}.${createSign('sha256').update(text).sign(key).toString('base64url')}`
}

describe.skipIf(absent !== '')(`auth-proxy${absent}`, () => {
  it('lets known API keys through, does not pass them on, and reports health and metrics', async () => {
    const { port, health } = await start({ publicPath: '/open' }, { 'api-keys': 'first-key\n\n# note\nsecond-key\n' })
    for (const key of ['', 'first', 'first-key2', 'FIRST-KEY', '# note', '*']) {
      const { status } = await get(port, '/', { 'x-api-key': key })
      expect([key, status]).toEqual([key, 401])
    }
    expect((await get(port, '/', {})).status).toBe(401)
    const { status, body } = await get(port, '/', { 'x-api-key': 'second-key' })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' })
    expect(body).not.toContain('second-key')
    expect((await get(port, '/open', {})).status).toBe(200)
    expect((await get(port, '/open/more', {})).status).toBe(401)
    expect((await health('/metrics')).body).toContain('haproxy_process_')
    expect((await health('/')).status).toBe(404)
  })

  it('lets valid tokens through', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const { port } = await start(
      { auth: 'oidc', issuer: 'https://issuer.example.com', audience: 'web' },
      { 'jwt.pem': pem },
    )
    const now = Math.floor(Date.now() / 1000)
    const good = { iss: 'https://issuer.example.com', aud: 'web', exp: now + 600 }
    const without = (claim: string): object =>
      Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim))
    const tokens: [string, string, number][] = [
      ['good', token(good, privateKey), 200],
      ['one of several audiences', token({ ...good, aud: ['api', 'web'] }, privateKey), 200],
      ['begun', token({ ...good, nbf: now - 5 }, privateKey), 200],
      ['not begun', token({ ...good, nbf: now + 900 }, privateKey), 401],
      ['another audience', token({ ...good, aud: 'webshop' }, privateKey), 401],
      ['other audiences', token({ ...good, aud: ['webshop', 'api'] }, privateKey), 401],
      ['another issuer', token({ ...good, iss: 'https://issuer.example.com/x' }, privateKey), 401],
      ['ended', token({ ...good, exp: now - 1 }, privateKey), 401],
      ['no end', token(without('exp'), privateKey), 401],
      ['no issuer', token(without('iss'), privateKey), 401],
      ['no audience', token(without('aud'), privateKey), 401],
      ['another key', token(good, other), 401],
      ['no signature', token(good, privateKey, 'none'), 401],
      ['the public key as secret', token(good, publicKey, 'HS256'), 401],
      ['no token', 'x', 401],
    ]
    for (const [what, text, status] of tokens) {
      const answer = await get(port, '/', { authorization: `Bearer ${text}` })
      expect([what, answer.status]).toEqual([what, status])
    }
    expect((await get(port, '/', {})).status).toBe(401)
  })

  it('ends TLS alone when nothing is to be checked, and stops when asked to', async () => {
    const { port, running } = await start({ auth: 'none' }, {})
    expect((await get(port, '/', {})).status).toBe(200)
    running.child.kill('SIGUSR1')
    expect(await endOf(running, 0)).toContain('GET /')
  })
})
