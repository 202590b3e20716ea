#!/usr/bin/env node
'use strict'
// `sidecarctl krm` for hosts that run a function without arguments, such as kustomize up to 5.6.
process.argv.splice(2, 0, 'krm')
require('./sidecarctl.js')
