#!/usr/bin/env node
import module from 'node:module'

// Since Node 22.8: V8 keeps compiled code in a folder of its own, so later runs start faster.
module.enableCompileCache?.()

const { main, realHost } = await import('../dist/main.js')
process.exitCode = await main(process.argv.slice(2), realHost())
