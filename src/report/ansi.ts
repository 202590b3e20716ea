import { $, bold, cyan, dim, green, red, yellow } from 'kleur/colors'

// kleur decides once, for all streams, from stdout; here each caller has decided for its stream already.
$.enabled = true

/** Functions that colour a text for a terminal. Loaded where a stream gets colours. */
export const STYLES = { bold, cyan, dim, green, red, yellow } as const
