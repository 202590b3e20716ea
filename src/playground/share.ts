import type { Choice } from './engine.ts'

/** What a link holds: the manifest and the choice. */
export interface Shared {
  text: string
  choice: Choice
}

/** The most characters that a link may unpack to, so that none can fill the memory. */
const MOST = 2_000_000
const PREFIX = '#1.'

/** The part of a link behind the `#`, which browsers send to no server. */
export async function toHash({ text, choice }: Shared): Promise<string> {
  const values = Object.fromEntries([...choice.values].map(([name, set]) => [name, Object.fromEntries(set)]))
  const json = JSON.stringify({ text, ...choice, values })
  const packed = new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer())
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return PREFIX + btoa(characters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads what `toHash` wrote; undefined for anything else. A link may come from anyone. */
export async function fromHash(hash: string): Promise<Shared | undefined> {
  if (!hash.startsWith(PREFIX)) return undefined
  try {
    const characters = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(characters, (c) => c.charCodeAt(0))
    return sharedOf(JSON.parse(await unpacked(bytes)) as unknown)
  } catch {
    return undefined
  }
}

async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .pipeThrough(new TextDecoderStream())
    .getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text
    text += value
    if (text.length > MOST) {
      await reader.cancel()
      throw new Error('too long')
    }
  }
}

function sharedOf(data: unknown): Shared | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { text, sidecars, values, mode, retargetServices } = data as Record<string, unknown>
  if (typeof text !== 'string' || !Array.isArray(sidecars)) return undefined
  return {
    text,
    choice: {
      sidecars: sidecars.filter((name) => typeof name === 'string'),
      values: new Map(entriesOf(values).map(([name, set]) => [name, textsOf(set)])),
      mode: mode === 'native' || mode === 'classic' ? mode : 'auto',
      retargetServices: retargetServices === true,
    },
  }
}

function entriesOf(data: unknown): [string, unknown][] {
  return typeof data === 'object' && data !== null ? Object.entries(data) : []
}

function textsOf(data: unknown): Map<string, string> {
  return new Map(entriesOf(data).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
