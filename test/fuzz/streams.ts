/**
 * Writes streams of objects in all ways that a reader may trip over: how documents are separated, how the key `kind` and
 * its value are spelt, which line breaks, byte order marks and encodings there are.
 */
import type { randomOf } from './mutate.ts'

type Random = ReturnType<typeof randomOf>

function pick<T>(random: Random, all: readonly T[]): T {
  return all[random(all.length)] as T
}

/** Line breaks that kubectl does not split at, but its YAML reader does. */
const BREAKS = ['\n', '\n', '\n', '\n', '\r\n', '\r', '\u0085', '\u2028', '\u2029', '\r\r\n', '\n\n']
const BLANKS = ['', '', '', ' ', '\t', '\u00a0', '  ', '\ufeff', '\u3000', '\u0085']
const MARKS = [
  '---',
  '---',
  '---',
  '---',
  '--- ',
  '---\t',
  '--- # c',
  '---# c',
  '---\u00a0',
  '---\u00a0# c',
  '--- \u00a0# c',
  '---\u2028# c',
  '--- # c\u0085',
  '----',
  '--- x',
  '...',
  '%YAML 1.1',
  '--- |',
]

/** A line between documents, with what may stand around it. */
function separator(random: Random): string {
  const before = random(4) === 0 ? pick(random, BLANKS) + pick(random, BREAKS) : ''
  const indent = random(12) === 0 ? pick(random, BLANKS) : ''
  const behind = random(6) === 0 ? pick(random, BLANKS) : ''
  return before + indent + pick(random, MARKS) + pick(random, BREAKS) + behind
}

const KIND_KEYS = [
  'kind',
  'kind',
  'kind',
  'kind',
  '"kind"',
  "'kind'",
  '"k\\x69nd"',
  '"\\u006bind"',
  '"k\\U00000069nd"',
  '!!str kind',
  '&k kind',
  '!!binary a2luZA==',
  '!!bin%61ry a2luZA==',
  '!e!binary a2luZA==',
  '!ary a2luZA==',
  '!e!%73tr kind',
  '!<tag:yaml.org,2002:binary> a2luZA==',
  '"kind" ',
  'kind ',
  'kind\t',
  '! kind',
]
/** Keys of their own line, with their colon. */
const EXPLICIT_KEYS = [
  '? kind\n:',
  '? kind # c\n:',
  '? "kind"\n:',
  '? "ki\\\n  nd"\n:',
  '? |-\n  kind\n:',
  '? >-\n  kind\n# c\n:',
  '?\n  kind\n:',
  '? kind\n\n  # c\n\n:',
  '? &a kind\r:',
  '? kind # c\u0085:',
  '? kind # c\u2028: ',
  '? !!str kind\n:',
]
const FLOW_KEYS = [
  'kind:',
  '"kind":',
  '"kind" :',
  '? kind :',
  '?kind :',
  "? 'kind'\n :",
  '"k\\x69nd":',
  '? "ki\\\nnd" :',
  '"kind"\u0085:',
  '? kind # c\n :',
]

/** Other ways to write a word. */
function spelt(word: string, random: Random): string {
  const half = 1 + random(Math.max(1, word.length - 1))
  const [head, tail] = [word.slice(0, half), word.slice(half)]
  return pick(random, [
    word,
    word,
    word,
    `"${word}"`,
    `'${word}'`,
    `!!str ${word}`,
    `&v ${word}`,
    `\n    ${word}`,
    `# c\n    ${word}`,
    `"${head}\\\n  ${tail}"`,
    `"${head}\\\r\n${tail}"`,
    `"${head}\\\u0085${tail}"`,
    `"${head}\\\u2028 ${tail}"`,
    `"\\\n${word}"`,
    `"\\x${word.charCodeAt(0).toString(16)}${word.slice(1)}"`,
    `|-\n    ${word}`,
    `>-\n    ${word}\n`,
    `!!binary ${btoa(word)}`,
    `!e!binary ${btoa(word)}`,
    `!ary ${btoa(word)}`,
    `!%ff ${word}`,
    `"${word}\\\n  "`,
    `${word} # c`,
    `!<tag:yaml.org,2002:str> ${word}`,
    `"${head}\\\r${tail}"`,
    `${word}\u00a0`,
    `"${word} "`,
    `"${head}\n${tail}"`,
  ])
}

const KINDS = [
  'Pod',
  'Pod',
  'ConfigMap',
  'ConfigMap',
  'Secret',
  'Deployment',
  'PodList',
  'List',
  'Rollout',
  'Pods',
  'Pod2',
  'pod',
]
const VERSIONS: Readonly<Record<string, string>> = { Deployment: 'apps/v1', Rollout: 'argoproj.io/v1alpha1' }

/** The lines of `kind` in a block map, once or twice. */
function kindLines(kind: string, random: Random): string {
  const value = spelt(kind, random)
  switch (random(12)) {
    case 0:
      return `${pick(random, EXPLICIT_KEYS)} ${value}`
    case 1:
      return `kind: ConfigMap\n${pick(random, EXPLICIT_KEYS)} ${value}`
    case 2:
      return `kind: ConfigMap\n${pick(random, KIND_KEYS)}: ${value}`
    case 3:
      return `x: &k kind\nkind: ConfigMap\n*k : ${value}`
    case 4:
      return `x: &v ${kind}\nkind: *v`
    case 5:
      return `x: &m {${pick(random, FLOW_KEYS)} ${kind}}\n<<: *m`
    case 6:
      return `x: &m {${pick(random, FLOW_KEYS)} ${kind}}\nkind: ConfigMap\n<<: *m`
    case 7:
      return `x: &k kind\nkind: ConfigMap\n? *k # c\n: ${kind}`
    default:
      return `${pick(random, KIND_KEYS)}: ${value}`
  }
}

/** One object, in block or flow style or as JSON. */
function object(name: string, random: Random): string {
  const kind = pick(random, KINDS)
  const apiVersion = VERSIONS[kind] ?? 'v1'
  const containers =
    random(2) === 0 ? 'spec: {containers: [{name: a}], template: {spec: {containers: [{name: a}]}}}\n' : ''
  const items =
    kind.endsWith('List') || random(12) === 0
      ? `items:\n- {${random(3) === 0 ? '' : 'apiVersion: v1, kind: Pod, '}metadata: {name: i${name}}}\n`
      : ''
  switch (random(8)) {
    case 0:
      return `{apiVersion: ${apiVersion}, ${pick(random, FLOW_KEYS)} ${kind}, metadata: {name: ${name}}}\n`
    case 1:
      return `${JSON.stringify({ apiVersion, kind, metadata: { name } }, undefined, random(3))}\n`.replace(
        'Pod',
        pick(random, ['Pod', 'P\\u006fd', 'Pod']),
      )
    default:
      return `apiVersion: ${random(6) === 0 ? spelt(apiVersion, random) : apiVersion}\n${kindLines(kind, random)}\nmetadata:\n  name: ${name}\n${containers}${items}`
  }
}

/** Line feeds of a text, some or all of them, as other breaks. */
function broken(text: string, random: Random): string {
  const all = pick(random, BREAKS)
  if (random(12) === 0) return text.replaceAll('\n', all)
  if (random(8) > 0) return text
  return text.replaceAll('\n', () => (random(6) === 0 ? pick(random, BREAKS) : '\n'))
}

/** A stream of one to four objects. */
export function streamOf(random: Random): string {
  let text =
    random(8) === 0
      ? pick(random, [
          '\ufeff',
          '# c\n',
          '\t\n',
          '\u00a0\n',
          '\n',
          '# c\r',
          ' \n',
          '\u2028',
          '%TAG !e! tag:yaml.org,2002:\r---\r',
          '%TAG ! tag:yaml.org,2002:bin\u0085---\r',
          '%TAG !! tag:example.com:\r--- #\u2028',
        ])
      : ''
  if (random(2) === 0) text += separator(random)
  for (let n = 0, count = 1 + random(4); n < count; n++) {
    if (n > 0) text += separator(random)
    text += object(`n${n}`, random)
    if (random(12) === 0)
      text += pick(random, [
        '...\n',
        '...\nx: [\n',
        'x\n',
        '# c',
        '\t',
        ']',
        '\ufeff',
        '\u0085---\n',
        '\r---\nkind: Pod\n',
        '@\n',
        '{}\n',
        '"\n',
        '- x\n',
        '\0',
        '--- x',
      ])
  }
  return broken(text, random)
}

/** A stream as bytes, in one of the encodings that kubectl reads. */
export function streamBytes(random: Random): Buffer {
  const text = streamOf(random)
  switch (random(10)) {
    case 0:
      return Buffer.from(`\ufeff${text}`, 'utf16le')
    case 1:
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
    case 2:
      return Buffer.from(`\ufeff${text}`)
    default:
      return Buffer.from(text)
  }
}
