/** A stream of whole numbers that depends on its seed alone (mulberry32), so that a failure can be had again. */
export function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below) | 0
  }
}

/** Pieces that mean something to a YAML reader; more likely to hit a seam than a random byte. */
const PIECES = [
  '\n',
  '\r\n',
  '\r',
  ' ',
  '  ',
  '\t',
  '#',
  ' # c',
  ':',
  ': ',
  '- ',
  '-',
  ',',
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '!!str ',
  '|',
  '>',
  '|+',
  '"',
  "'",
  '\\',
  '---',
  '\n---\n',
  '...',
  '~',
  'null',
  '{{ x }}',
  '<<: *a',
  '\u00e9',
  '\u2028',
  '\ufeff',
  '?',
  '? ',
  '%',
  '@',
  '`',
  'volumes:',
  'initContainers: []',
  '\r---\n',
  '\n...\n',
  ' [a: b]',
  ' {a}',
  ': &a\n',
  '\u0085',
  '"a": b, ',
  'name: app\n',
  'kind: List\nitems:\n',
  'metadata:\n',
  'annotations: &a\n',
  '!!map ',
  '!!seq ',
  "''",
  '""',
  '>-\n',
  '|2\n',
]

type Random = ReturnType<typeof randomOf>

/** Ways to spoil bytes a little. */
const MUTATIONS: readonly ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  (bytes, random) => {
    const out = Buffer.from(bytes)
    const at = random(out.length)
    out[at] = (out[at] ?? 0) ^ (1 << random(8))
    return out
  },
  (bytes, random) => {
    const [from, to] = span(bytes, random, 40)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
  },
  (bytes, random) => {
    const [from, to] = span(bytes, random, 200)
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  (bytes, random) => {
    const at = random(bytes.length + 1)
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(PIECES[random(PIECES.length)] as string),
      bytes.subarray(at),
    ])
  },
  (bytes, random, other) => {
    const [from, to] = span(other, random, 200)
    const at = random(bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), other.subarray(from, to), bytes.subarray(at)])
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => moveLine(bytes, random),
  (bytes, random) => indentLine(bytes, random),
]

function span(bytes: Buffer, random: Random, most: number): [number, number] {
  const from = random(bytes.length + 1)
  return [from, Math.min(bytes.length, from + 1 + random(most))]
}

function moveLine(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [line = ''] = lines.splice(random(lines.length), 1)
  lines.splice(random(lines.length + 1), 0, line)
  return Buffer.from(lines.join('\n'), 'latin1')
}

function indentLine(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const at = random(lines.length)
  const line = lines[at] ?? ''
  lines[at] = random(2) === 0 ? ' '.repeat(1 + random(3)) + line : line.slice(1)
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** Other ways to write a line, or little more, after most of which it still is YAML. */
const REWRITES: readonly ((line: string, random: Random) => string)[] = [
  (line) => `${line}\r`,
  (line, random) => `${line}${['\r', '\u0085', '\u2028', '\n', '\n\n', '\r\n# c\r\n'][random(6)] as string}`,
  (line) => `${line} # c`,
  (line, random) => `${' '.repeat(random(12))}# c\n${line}`,
  (line) => `${line}  `,
  (line) => line.replace(/: (?=\S)|:$|- (?=\S)/, (mark) => `${mark.trimEnd()} &a `),
  (line) => line.replace(/: \S.*$/, ': *a'),
  (line) => line.replace(/^( *(?:- )?)([\w.-]+):/, '$1"$2":'),
  (line) => line.replace(/^( *)([\w.-]+):(.*)$/, '$1? $2\n$1:$3'),
  (line) => line.replace(/: (?=\S)/, ': !!str '),
  (line) => line.replace(/^( *)([\w.-]+):(.*)$/, '$1$2:\n$1  # c\n$1 $3'),
  (line) => line.replace(/^( *)- (.*)$/, '$1-\n$1  $2'),
  (line) => line.replace(/^( *- )([\w.-]+: [^#{}[\]&*]*)$/, '$1{$2}'),
  (line) => line.replace(/: (\S.*)$/, ':'),
  (line) => line.replace(/: (\S.*)$/, ': ~'),
  (line) => `${line}\n${line}`,
  () => '',
  (line) => line.replaceAll(/ {2}/g, '    '),
  (line) => `${line}\n---`,
  (line) => line.replace(/[{[]/, (open) => `${open} `).replace(/,/, '\n   , '),
  (line) => line.replace(/([}\]])/, ',$1'),
]

/** Bytes with one to four lines written in another way. */
function rewrite(bytes: Buffer, random: Random): Buffer {
  const lines = bytes.toString('utf8').split('\n')
  for (let n = random(4); n >= 0; n--) {
    const at = random(lines.length)
    lines[at] = (REWRITES[random(REWRITES.length)] as (typeof REWRITES)[number])(lines[at] ?? '', random)
  }
  return Buffer.from(lines.join('\n'))
}

/** Bytes with one to four small changes. */
export function mutate(bytes: Buffer, random: Random, other: Buffer): Buffer {
  if (random(2) === 0) return rewrite(bytes, random)
  let out = bytes
  for (let n = random(4); n >= 0; n--) {
    out = (MUTATIONS[random(MUTATIONS.length)] as (typeof MUTATIONS)[number])(out, random, other)
  }
  return out
}
