type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow'

/** Colours for one stream: functions that colour a text, or return it unchanged if the stream has no colours. */
export type Colors = Readonly<Record<Style, (text: string) => string>>

const same = (text: string): string => text
const PLAIN: Colors = { bold: same, cyan: same, dim: same, green: same, red: same, yellow: same }

let styles: Colors | undefined

/** Loads the colour functions; most runs need none. Must be called before `createColors(true)`. */
export async function loadColors(): Promise<void> {
  styles ??= (await import('./ansi.ts')).STYLES
}

/** The colours of a stream. */
export function createColors(color: boolean): Colors {
  if (!color) return PLAIN
  if (styles === undefined) throw new Error('colours are not loaded')
  return styles
}
