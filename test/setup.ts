import dgram from 'node:dgram'
import { syncBuiltinESMExports } from 'node:module'
import { Socket } from 'node:net'
import { configureGlobal } from 'fast-check'

// The same cases on every machine, so that a red build is about the change; SIDECARCTL_SEED looks for new ones.
configureGlobal({ seed: Number(process.env['SIDECARCTL_SEED'] ?? 1) })

// No test reaches beyond this machine. Some start real servers and ask them on its own address.
const LOCAL = /^(?:localhost|127(?:\.\d+){3}|::1|0\.0\.0\.0|::)$/

/** Files of tests share a process, in which this is done once. */
const GUARDED = Symbol.for('sidecarctl tests stay on this machine')

function guard(): void {
  const connect = Socket.prototype.connect as (this: Socket, ...args: unknown[]) => Socket
  Socket.prototype.connect = function guarded(this: Socket, ...args: unknown[]) {
    // Node's own functions give the arguments as one list.
    const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
    const { host, path } =
      typeof first === 'object' && first !== null
        ? (first as { host?: unknown; path?: unknown })
        : { host: second, path: undefined }
    const target = typeof host === 'string' ? host : 'localhost'
    if (path === undefined && !LOCAL.test(target)) throw new Error(`a test would reach ${target}`)
    return connect.apply(this, args)
  } as typeof Socket.prototype.connect

  dgram.createSocket = () => {
    throw new Error('a test would send datagrams')
  }
  syncBuiltinESMExports()
}

if (!Object.hasOwn(globalThis, GUARDED)) {
  Object.defineProperty(globalThis, GUARDED, { value: true })
  guard()
}
