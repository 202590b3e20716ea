#!/usr/bin/env node
'use strict'
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { dirname, join } = require('node:path')

const bundle = join(__dirname, '../dist/main.cjs')

/** The program. Most of a short run would be compiling it, so V8 is given code that it compiled before. */
function load() {
  if (Module.enableCompileCache !== undefined) {
    // Since Node 22.8: V8 keeps compiled code in a folder of its own.
    Module.enableCompileCache()
    return require(bundle)
  }
  // Before: code that the build compiled, which V8 takes when it is the same V8, and otherwise passes over.
  const { Script } = require('node:vm')
  const script = new Script(Module.wrap(readFileSync(bundle, 'latin1')), { filename: bundle, cachedData: cache() })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, Module.createRequire(bundle), module, bundle, dirname(bundle))
  return module.exports
}

function cache() {
  try {
    return readFileSync(`${bundle}.cache`)
  } catch {
    return undefined
  }
}

const { main, realHost } = load()
main(process.argv.slice(2), realHost()).then((code) => {
  process.exitCode = code
})
