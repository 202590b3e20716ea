import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commandHint, optionHint } from '../src/cli/near-misses.ts'
import { folder } from './cli/fake.ts'
import { POLICY, sidecarctl, template } from './cli/gitops.ts'
import { deployment } from './core/selection/support.ts'

/** Words with which a hint may begin although they have a capital: names of things. */
const NAMES = /^(?:Kubernetes|[A-Z]+\b|[A-Z][a-z]+[A-Z]\w*)/

function filesBelow(folder: string, isWanted: (name: string) => boolean): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(isWanted)
    .map((name) => join(folder, name))
}

/** The end of the expression that begins at an offset: where its brackets close, or a comma or line ends it. */
function expressionEnd(code: string, start: number): number {
  let depth = 0
  for (let i = start; i < code.length; i++) {
    const c = code[i] as string
    if ('\'"`'.includes(c)) i = literalEnd(code, i)
    else if ('([{'.includes(c)) depth++
    else if (')]}'.includes(c) && --depth < 0) return i
    else if (
      depth === 0 &&
      (c === ',' ||
        (c === '\n' && !/^\s*[?:.&|+]/.test(code.slice(i + 1, i + 40)) && !/[?:=(]\s*$/.test(code.slice(start, i))))
    )
      return i
  }
  return code.length
}

function literalEnd(code: string, start: number): number {
  let i = start + 1
  while (i < code.length && code[i] !== code[start]) i += code[i] === '\\' ? 2 : 1
  return i
}

/** Functions that take a hint by its place: which argument it is, counted from 0. */
const PLACES: Readonly<Record<string, number>> = { UsageError: 1, required: 2, forbidden: 2, Refusal: 3 }

/** The arguments of a call whose bracket was opened just before an offset. */
function argumentsAt(code: string, start: number): string[] {
  const out: string[] = []
  for (let at = start; ;) {
    let end = expressionEnd(code, at)
    while (code[end] === '\n') end = expressionEnd(code, end + 1)
    out.push(code.slice(at, end))
    if (code[end] !== ',') return out
    at = end + 1
  }
}

/** Hints that are given by their place. */
function placedHintsIn(code: string): string[] {
  return [...code.matchAll(/\b(UsageError|required|forbidden|Refusal)\(/g)].flatMap((match) => {
    const hint = argumentsAt(code, match.index + match[0].length)[PLACES[match[1] as string] as number] ?? ''
    return [...hint.matchAll(/(['"`])((?:(?!\1)[^\\]|\\.)+)\1/g)].map((literal) => literal[2] as string)
  })
}

/** The texts of hints in a source: what is given to a name or function that ends with `hint`, or in a hint's place. */
function hintsIn(code: string): string[] {
  const bare = code.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '')
  const named = [...bare.matchAll(/\b(?:\w*[hH]int|\w*HINT)\b\s*(?::|=(?!=)|\()\s*/g)].flatMap((match) => {
    const start = match.index + match[0].length
    const expression = bare.slice(start, expressionEnd(bare, start))
    return [...expression.matchAll(/(?<![=!]== )(['"`])((?:(?!\1)[^\\]|\\.)+)\1/g)].map(
      (literal) => literal[2] as string,
    )
  })
  return [...placedHintsIn(bare), ...named]
}

function beginsSmall(hint: string): boolean {
  return !/^[A-Z]/.test(hint) || NAMES.test(hint)
}

describe('hints', () => {
  it('are found in a source', () => {
    const code =
      "a({ hint: 'One' })\nconst hint = x\n  ? `two ${y}`\n  : 'three'\nconst HINT = 'four'\nf(hint, 'five')\nwithHint('seven')\n/** hint: 'six' */\na.required(b, `c`, 'Eight')\nthrow new UsageError('no',\n  'Nine')\n"
    expect(hintsIn(code)).toEqual(['Eight', 'Nine', 'One', 'two ${y}', 'three', 'four', 'seven'])
  })

  it('begin with a small letter or a name, and end without a full stop, in the sources', () => {
    const hints = filesBelow('src', (name) => name.endsWith('.ts')).flatMap((file) =>
      hintsIn(readFileSync(file, 'utf8')),
    )
    expect(hints.length).toBeGreaterThan(120)
    expect(hints.filter((hint) => !beginsSmall(hint) || /[^.]\.$/.test(hint))).toEqual([])
  })

  it('do so in all that is recorded', () => {
    const files = [...filesBelow('fixtures', (name) => name.endsWith('expected.stderr')), 'README.md']
    const hints = files.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/^ +hint: (.*)$/gm)].map((match) => match[1] as string),
    )
    expect(hints.length).toBeGreaterThan(50)
    expect(hints.filter((hint) => !beginsSmall(hint))).toEqual([])
  })
})

/** Words of a command as a shell reads them. */
function shellWords(line: string): string[] {
  const { stdout } = spawnSync('sh', ['-c', `for word in ${line}; do printf '%s\\n' "$word"; done`], {
    encoding: 'utf8',
  })
  return stdout.split('\n').slice(0, -1)
}

/** The commands of the program in a hint: up to a mark of punctuation or its end. */
function commandsIn(hint: string): string[] {
  return [...hint.matchAll(/sidecarctl ([a-z][^;`()|]*?)(?=[;`()|]|, (?:or|which|and)|: |$)/g)].map((match) =>
    (match[1] as string).trim(),
  )
}

describe('commands in hints', () => {
  const REPOSITORY = {
    'sidecarctl.yaml': POLICY,
    'sidecars/sleeper.yaml': template(),
    'in.yaml': deployment(),
    'k8s/web.yaml': deployment({ name: 'web' }),
  }
  /** Runs a command of a hint; a usage error says that it cannot be run as it is printed. */
  const usageOf = async (command: string) => {
    const cwd = folder(REPOSITORY)
    spawnSync('git', ['init', '-q'], { cwd })
    const { code, stderr } = await sidecarctl(cwd, shellWords(command), { stdin: deployment() })
    return { command, usage: code === 2 && /^error:/m.test(stderr) ? stderr : '' }
  }

  it('are found', () => {
    expect(commandsIn('to a: sidecarctl check -R . --fix; to b: helm template . | sidecarctl inject -')).toEqual([
      'check -R . --fix',
      'inject -',
    ])
  })

  it('can be run as they are printed, those in the sources', { timeout: 60_000 }, async () => {
    // What is put in is known only where the hint is given: a file, or the name of a sidecar.
    const named = (hint: string) =>
      hint.replaceAll(/-s \$\{\w+\}|(docs|show|export) \$\{[^}]*\}/g, (_, command?: string) =>
        command === undefined ? '-s logging' : `${command} logging`,
      )
    const commands = filesBelow('src', (name) => name.endsWith('.ts') && !name.endsWith('near-misses.ts'))
      .flatMap((file) => hintsIn(readFileSync(file, 'utf8')))
      .flatMap((hint) => commandsIn(named(hint).replaceAll(/\$\{[^}]*\}/g, 'in.yaml')))
    expect(commands.length).toBeGreaterThan(8)
    for (const command of new Set(commands)) expect(await usageOf(command)).toEqual({ command, usage: '' })
  })

  const WORDS = [
    'lint',
    'test',
    'plan',
    'dry-run',
    'apply',
    'add',
    'install',
    'remove',
    'list',
    'show',
    'fix',
    'upgrade',
  ]
  it.each(WORDS)('can be run as they are printed: %s', async (word) => {
    for (const words of [[], ['in.yaml'], ['k8s'], ['./k8s', 'in.yaml'], ['--strict', 'in.yaml']]) {
      const commands = commandsIn(commandHint(word, words) ?? '')
      expect(commands).not.toEqual([])
      for (const command of commands) expect(await usageOf(command)).toEqual({ command, usage: '' })
    }
  })

  it.each(['--dry-run', '--diff', '--check', '--fix', '--kubeconfig'])(
    'can be run as they are printed: %s',
    async (flag) => {
      const commands = commandsIn(optionHint(flag) ?? '')
      expect(commands).not.toEqual([])
      for (const command of commands) expect(await usageOf(command)).toEqual({ command, usage: '' })
    },
  )
})

describe('the hint of check', () => {
  const NAME = "it's mine & more.yaml"
  const files = {
    'sidecars/clock.yaml': template().replaceAll('sleeper', 'clock'),
    [NAME]: deployment(),
    '-a.yaml': deployment(),
  }
  const check = async (cwd: string, argv: readonly string[], setup = {}) => {
    const done = await sidecarctl(cwd, ['check', ...argv], setup)
    expect(done.code).toBe(1)
    return /(?:^|\n)hint: (.*)\n$/.exec(done.stderr)?.[1] ?? ''
  }

  it.each([
    [['-R', '.', '-s', 'logging']],
    [['-s', 'logging', '--mode', 'logging=classic', '--set', 'logging.folder=/var/log/my app', NAME]],
    [
      ['--no-config', '-t', 'sidecars', '-s', 'clock', '-q=false', '--', '-a.yaml'].filter(
        (word) => word !== '-q=false',
      ),
    ],
    [['-f', NAME, '-s', 'logging', '--color=never', '-v', '--max-findings', '3']],
  ])('is a command that updates what was checked: %j', async (argv) => {
    const cwd = folder(files)
    const hint = await check(cwd, argv)
    const [, command = ''] = /^to update the files: sidecarctl (.*)$/.exec(hint) ?? []
    expect(await sidecarctl(cwd, shellWords(command))).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['check', ...argv])).toMatchObject({ code: 0 })
  })

  it('discards edits by hand where there are some', async () => {
    const cwd = folder({ 'a.yaml': deployment() })
    await sidecarctl(cwd, ['inject', 'a.yaml', '-w', '-s', 'logging'])
    const file = join(cwd, 'a.yaml')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(image: fluent\S+):\S+/, '$1:0.1'))
    const hint = await check(cwd, ['a.yaml'])
    expect(hint).toBe('to update the files and discard edits by hand: sidecarctl check --fix --force a.yaml')
    expect(await sidecarctl(cwd, ['check', '--fix', '--force', 'a.yaml'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['check', 'a.yaml'])).toMatchObject({ code: 0 })
  })

  it('says that errors come first, with which nothing is written', async () => {
    const broken = deployment({ name: 'b' }).replace('image:', 'imag:')
    const cwd = folder({ 'a.yaml': deployment(), 'b.yaml': broken })
    const hint = await check(cwd, ['-s', 'logging', '.'])
    expect(hint).toBe('fix the errors first; to update the files: sidecarctl check -s logging --fix .')
    expect(await sidecarctl(cwd, ['check', '-s', 'logging', '--fix', '.'])).toMatchObject({ code: 1 })
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(deployment())
  })

  it('says what to do with standard input, which cannot be updated', async () => {
    expect(await check(folder(), ['-s', 'logging', '-'], { stdin: deployment() })).toBe(
      'to update the files, check them by name instead of standard input, with --fix',
    )
  })

  it('is short where many files are named', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `file-${n}.yaml`)
    const cwd = folder(Object.fromEntries(names.map((name) => [name, deployment()])))
    expect(await check(cwd, ['-s', 'logging', ...names])).toBe('to update the files, run the command with --fix')
  })

  it('names the index', async () => {
    const cwd = folder({ 'a.yaml': deployment() })
    for (const words of [
      ['init', '-q'],
      ['add', '-A'],
    ])
      spawnSync('git', words, { cwd })
    expect(await check(cwd, ['--staged', '-s', 'logging'])).toBe(
      'to update the files, then git add them: sidecarctl check -R -s logging --fix .',
    )
  })
})

describe('the hint of a lost record', () => {
  it('is a command that records it again', async () => {
    const name = "my app's.yaml"
    const cwd = folder({ [name]: deployment() })
    await sidecarctl(cwd, ['inject', name, '-w', '-s', 'logging'])
    const file = join(cwd, name)
    const injected = readFileSync(file, 'utf8')
    writeFileSync(file, injected.replace(/ +annotations:\n +injected\.sidecarctl\.dev.*\n.*\n/, ''))
    const { stderr } = await sidecarctl(cwd, ['uninject', name])
    const [, command = ''] = /hint: restore .* if it is unchanged: sidecarctl (.*)\n/.exec(stderr) ?? []
    expect(await sidecarctl(cwd, shellWords(command))).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['check', name])).toMatchObject({ code: 0 })
    await sidecarctl(cwd, ['uninject', '-w', name])
    expect(readFileSync(file, 'utf8')).not.toContain('logging')
  })
})
