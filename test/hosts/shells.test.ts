/** kubectl with its plugin, completion in real shells, and the manifest of krew. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { installed, program, runIn } from './programs.ts'

const LINES: [string, string[]][] = [
  ['sidecarctl uninj', ['uninject']],
  ['sidecarctl inject -s logging-', ['logging-fluentd']],
  ['sidecarctl inject --set logging.output=ht', ['logging.output=http']],
  ['sidecarctl inject --output=js', ['--output=json']],
  ['sidecarctl templates docs logging-', ['logging-fluentd']],
]

/** Values of a flag in the same word; what bash does is its own. */
const FILES: [string, string][] = [
  ['sidecarctl inject --values=valu', 'sidecarctl inject --values=values.yaml'],
  ['sidecarctl inject --values valu', 'sidecarctl inject --values values.yaml'],
  ['sidecarctl export --output-dir=vall', 'sidecarctl export --output-dir=valley/'],
]
const TREE = { 'values.yaml': '', 'valley/a.yaml': '' }

describe('bash', () => {
  const bash = installed('bash')

  it.skipIf(bash === undefined).each(LINES)('completes %s (needs bash)', (line, words) => {
    const script =
      'source <(sidecarctl completion bash); complete -p sidecarctl >/dev/null || exit 3; COMP_LINE=$LINE COMP_POINT=${#LINE}; _sidecarctl; printf "%s\\n" "${COMPREPLY[@]}"'
    const done = runIn(folder({}), bash as string, ['-c', script], { LINE: line })
    // bash itself puts in front what stands before the last =.
    expect(done).toEqual({
      status: 0,
      stdout: words.map((word) => `${word.replace(/^.*=/, '')}\n`).join(''),
      stderr: '',
    })
  })
})

describe('fish', () => {
  const fish = installed('fish')

  it.skipIf(fish === undefined).each(LINES)('completes %s (needs fish)', (line, words) => {
    const script = 'source (sidecarctl completion fish | psub); complete -C "$LINE"'
    const done = runIn(folder({}), fish as string, ['--no-config', '-c', script], { LINE: line })
    expect(
      done.stdout
        .trimEnd()
        .split('\n')
        .map((one) => one.split('\t')[0]),
    ).toEqual(words)
  })

  it.skipIf(fish === undefined).each(FILES)('completes the path in %s (needs fish)', (line, full) => {
    const script = 'source (sidecarctl completion fish | psub); complete -C "$LINE"'
    const done = runIn(folder(TREE), fish as string, ['--no-config', '-c', script], { LINE: line })
    const words = done.stdout.split('\n').map((one) => one.split('\t')[0])
    expect(words).toContain(full.replace(/^.* /, ''))
  })
})

describe('zsh', () => {
  const zsh = installed('zsh')
  /** Types a line and a tab into an interactive shell, and prints what the line is then. */
  const script = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT='>'; unsetopt zle_bracketed_paste beep; autoload -U compinit; compinit -u -D; source <(sidecarctl completion zsh); got() { print -r -- \\"LINE\\" \\"[\\$BUFFER]\\"; BUFFER=''; zle .accept-line }; zle -N got; bindkey '^X' got; print REA''DY"
zpty -r z out '*READY*'
zpty -w -n z "$1"$'\\t'
zpty -w -n z $'\\x18'
zpty -r z out '*LINE*]*'
print -r -- "$out"
zpty -d z
`
  it.skipIf(zsh === undefined).each(LINES)('completes %s (needs zsh)', (line, words) => {
    const cwd = folder({ 'type.zsh': script })
    const done = runIn(cwd, 'timeout', ['30', zsh as string, '-f', 'type.zsh', line], { TERM: 'xterm' })
    expect(done.stdout).toContain(`LINE [${line.replace(/\S+$/, words[0] as string)} ]`)
  })

  it.skipIf(zsh === undefined).each(FILES)('completes the path in %s (needs zsh)', (line, full) => {
    const cwd = folder({ ...TREE, 'type.zsh': script })
    const done = runIn(cwd, 'timeout', ['30', zsh as string, '-f', 'type.zsh', line], { TERM: 'xterm' })
    expect(done.stdout).toContain(`LINE [${full}`)
  })
})

describe.each([
  ['kubectl', installed('kubectl')],
  ['kubectl 1.36', program('kubectl-1.36')],
])('%s', (_, kubectl) => {
  it.skipIf(kubectl === undefined)('runs and completes its plugin (needs kubectl)', () => {
    const cwd = folder({
      'a.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web}]}\n',
    })
    const run = (...args: string[]) => runIn(cwd, kubectl as string, args)
    expect(run('sidecar', 'inject', '-q', '-s', 'logging', 'a.yaml').stdout).toBe(
      runIn(cwd, 'sidecarctl', ['inject', '-q', '-s', 'logging', 'a.yaml']).stdout,
    )
    expect(run('sidecar', 'inject', '--help').stdout).toMatch(/^Usage: kubectl sidecar inject/)
    expect(run('sidecar', 'inject', '-s', 'nope', 'a.yaml')).toMatchObject({ status: 2, stdout: '' })
    expect(run('__complete', 'sidecar', 'unin').stdout).toBe('uninject\tremove sidecars from manifests\n:4\n')
    expect(run('__complete', 'sidecar', 'inject', '-s', 'logging-').stdout).toMatch(/^logging-fluentd\t.*\n:4\n$/)
  })
})

describe('the manifest of krew', () => {
  it('names the packed program and its digest', () => {
    const cwd = folder({})
    const [packed] = JSON.parse(
      execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', cwd], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as { filename: string; files: { path: string }[] }[]
    const archive = join(cwd, packed?.filename as string)
    const text = execFileSync(process.execPath, ['src/build/krew.mjs', archive, 'https://example.com/sidecarctl.tgz'], {
      encoding: 'utf8',
    })
    const { spec, ...head } = JSON.parse(text)
    expect(head).toEqual({
      apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
      kind: 'Plugin',
      metadata: { name: 'sidecar' },
    })
    expect(spec.version).toMatch(/^v\d+\.\d+\.\d+$/)
    expect(spec.shortDescription.length).toBeLessThanOrEqual(50)
    expect(spec.caveats).toContain('Node')
    for (const platform of spec.platforms) {
      expect(platform.sha256).toBe(createHash('sha256').update(readFileSync(archive)).digest('hex'))
      expect(packed?.files.map(({ path }) => path)).toContain(platform.bin)
      expect(platform.files).toEqual([{ from: 'package/*', to: '.' }])
    }
  })
})
