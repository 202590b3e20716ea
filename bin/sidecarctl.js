#!/usr/bin/env node
'use strict'
const { readFileSync } = require('node:fs')

const folder = `${__dirname}/../dist`
/** Node's module loader; to require it would load more. */
const Module = module.constructor
/** Since Node 22.8: V8 keeps compiled code in a folder of its own. */
const hasCompileCache = Module.enableCompileCache !== undefined

/** A part of the program. Most of a short run would be compiling it, so V8 is given code that it compiled before. */
function load(part) {
  const file = `${folder}/${part}.cjs`
  if (hasCompileCache) return require(file)
  // The text is ASCII, and read fastest so. The cache is code that the build compiled, which V8 takes when it is the
  // same V8, and otherwise passes over.
  const { Script } = require('node:vm')
  return new Script(readFileSync(file, 'latin1'), { filename: file, cachedData: compiled(file) }).runInThisContext()
}

function compiled(file) {
  try {
    return readFileSync(`${file}.cache`)
  } catch {
    return undefined
  }
}

if (hasCompileCache) Module.enableCompileCache()
const { main, realHost } = load('main')(load, require, folder)
main(process.argv.slice(2), realHost()).then((code) => {
  process.exitCode = code
  // All is written. To stop here spares taking the heap down; where V8 saves compiled code at the end, it needs that end.
  if (!hasCompileCache) process.exit()
})
