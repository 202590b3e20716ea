#!/usr/bin/env node
'use strict'
// kubectl calls this to complete `kubectl sidecar`; the last argument is the word to complete.
process.argv.splice(2, 0, '__complete')
require('./sidecarctl.js')
