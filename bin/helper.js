'use strict'
// A second thread of the program, which shares the work of the first.
require('./sidecarctl.js')()
