import { $, bold, cyan, dim, green, red, yellow } from 'kleur/colors'

// kleur decides about colours once, from stdout; here each caller has already decided for its stream.
$.enabled = true

/** Functions that colour a text for a terminal. Loaded only if a stream gets colours. */
export const STYLES = { bold, cyan, dim, green, red, yellow } as const
