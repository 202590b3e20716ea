#!/usr/bin/env node
'use strict'
// `kubectl sidecar`: the same program, whose help and hints name it so.
process.env.SIDECARCTL_AS_KUBECTL_PLUGIN = '1'
require('./sidecarctl.js')
