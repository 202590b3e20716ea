import fc from 'fast-check'

// The same cases on every machine, so that a red build is about the change; SIDECARCTL_SEED looks for new ones.
fc.configureGlobal({ seed: Number(process.env['SIDECARCTL_SEED'] ?? 1) })
