// Loaded before a program (`node --require`): ends it with status 97 as soon as it would use the network in any way.
'use strict'
const fs = require('node:fs')

function refuse(what) {
  return () => {
    fs.writeSync(2, `network: ${what}\n`)
    // An exception could be caught.
    process.exit(97)
  }
}

const targets = {
  net: ['connect', 'createConnection', 'createServer'],
  tls: ['connect', 'createServer'],
  dgram: ['createSocket'],
  http: ['request', 'get', 'createServer'],
  https: ['request', 'get', 'createServer'],
  http2: ['connect', 'createServer'],
  dns: ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse'],
  'dns/promises': ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse'],
}
for (const [name, functions] of Object.entries(targets)) {
  const module = require(`node:${name}`)
  for (const one of functions) module[one] = refuse(`${name}.${one}`)
}
// Below them all; standard streams that are pipes are sockets, too, but are never connected.
const { Socket, Server } = require('node:net')
Socket.prototype.connect = refuse('Socket.connect')
Server.prototype.listen = refuse('Server.listen')
require('node:dgram').Socket.prototype.bind = refuse('dgram.bind')
for (const one of ['fetch', 'WebSocket', 'EventSource']) globalThis[one] = refuse(one)
require('node:module').syncBuiltinESMExports()
