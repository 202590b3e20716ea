import { $, bold, cyan, dim, green, red, yellow } from 'kleur/colors'

const STYLES = { bold, cyan, dim, green, red, yellow } as const

/** Colours for one stream: functions that colour a text, or leave it alone where the stream shall have none. */
export type Colors = Readonly<Record<keyof typeof STYLES, (text: string) => string>>

/**
 * The colours of a stream. kleur decides once, for all streams, from stdout; so its switch is set at every call, and
 * nowhere else.
 */
export function createColors(color: boolean): Colors {
  const style = (apply: (text: string) => string) => (text: string) => {
    $.enabled = color
    return apply(text)
  }
  return {
    bold: style(bold),
    cyan: style(cyan),
    dim: style(dim),
    green: style(green),
    red: style(red),
    yellow: style(yellow),
  }
}
