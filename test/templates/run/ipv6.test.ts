/** Whether the probes of each sidecar succeed in a pod that has IPv6 alone. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { absence, done, scratch } from '../program.ts'
import { obstacle } from './image.ts'
import { prepareSidecar } from './sidecar.ts'

function certificate(): Record<string, string> {
  const folder = scratch()
  done(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=web',
    '-keyout',
    join(folder, 'k'),
    '-out',
    join(folder, 'c'),
  )
  return { 'tls.key': readFileSync(join(folder, 'k'), 'utf8'), 'tls.crt': readFileSync(join(folder, 'c'), 'utf8') }
}

/** Sidecars with probes by HTTP that need no other program: name, image, values. */
const SIDECARS: [string, string, Record<string, string>][] = [
  ['logging', 'fluent/fluent-bit:5', {}],
  ['logging-fluentd', 'fluent/fluentd:1', {}],
  ['adapter', 'fluent/fluentd:1', { expression: '^(?<message>.*)$' }],
  ['ambassador', 'haproxy:3', { host: '127.0.0.1', port: '1' }],
  ['auth-proxy', 'haproxy:3', { tlsSecret: 't', authSecret: 'a' }],
  ['metrics-node', 'quay.io/prometheus/node-exporter:v1', {}],
  ['metrics-statsd', 'quay.io/prometheus/statsd-exporter:v0', {}],
]

describe.each(SIDECARS)('%s in a pod with IPv6 alone', (name, image, values) => {
  const absent = obstacle(image) || absence('ip', 'curl', 'openssl')

  it.skipIf(absent !== '')(`starts, and its startup probe succeeds${absent}`, async () => {
    const secrets = name === 'auth-proxy' ? { t: certificate(), a: { 'api-keys': 'key\n' } } : {}
    const run = await prepareSidecar(name, values, { ipv6: true, secrets })
    run.run()
    expect(await run.started(50)).toBeLessThan(50)
    expect(run.restarts).toBe(0)
  })
})
