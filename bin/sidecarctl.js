#!/usr/bin/env node
'use strict'
const { closeSync, existsSync, openSync, readSync } = require('node:fs')
const folder = `${__dirname}/../dist`
/** V8 takes the compiled code of the same V8 only, and does not look whether it was for the same processor. */
const ending = `${process.versions.v8}-${process.arch}.cache`
/** Turns on that Node itself keeps compiled code, as it can since 22.8. */
let keep
/** Larger than any file of a part, which are read into it in turn: to get new memory takes longer than to read. */
const room = Buffer.allocUnsafeSlow(1 << 22)

/**
 * A part of the program. Most of a short run would be compiling it, so V8 is given code that it compiled before: by the
 * build where that ran on the same version of Node, else by an earlier run, of which Node keeps less.
 */
function load(part) {
  const file = `${folder}/${part}.cjs`
  const isCompiled = existsSync(`${file}.${ending}`)
  keep = isCompiled ? undefined : require('node:module').enableCompileCache
  if (keep?.() !== undefined) return require(file)
  // The text is ASCII, and read fastest so.
  const text = read(file).latin1Slice()
  const cachedData = isCompiled ? read(`${file}.${ending}`) : undefined
  return new (require('node:vm').Script)(text, { filename: file, cachedData }).runInThisContext()
}

function read(file) {
  const fd = openSync(file)
  let size = 0
  for (let more; (more = readSync(fd, room, size, room.length - size, null)) > 0;) size += more
  closeSync(fd)
  return room.subarray(0, size)
}

// Programs of this folder start it. Who imports it elsewhere starts nothing: the library is `sidecarctl`.
if (require.main?.path === __dirname) {
  const { main, realHost } = load('main')(load, require, folder)
  main(process.argv.slice(2), realHost()).then((code) => {
    process.exitCode = code
    // All is written. To stop here spares taking the heap down; where Node keeps compiled code it does so at the end.
    if (keep === undefined) process.exit()
  })
}
