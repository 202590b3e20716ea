import { configureGlobal } from 'fast-check'

// The same cases on every machine, so that a red build is about the change; SIDECARCTL_SEED looks for new ones.
configureGlobal({ seed: Number(process.env['SIDECARCTL_SEED'] ?? 1) })
