import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment, seen } from './fake-engine.ts'
import { folder, run } from './fake.ts'

const WEB = deployment('web')
const DONE = `${WEB}# sidecar: logging\n`

describe('exit codes', () => {
  const cases: { name: string; argv: string[]; stdin?: string; code: number; stderr: RegExp }[] = [
    { name: 'done', argv: ['inject', '-'], stdin: WEB, code: 0, stderr: /1 injected/ },
    { name: 'broken YAML', argv: ['inject', '-'], stdin: 'BROKEN', code: 1, stderr: /<stdin>:1:1 error YAML_SYNTAX/ },
    { name: 'broken YAML in diff', argv: ['diff', '-'], stdin: 'BROKEN', code: 2, stderr: /YAML_SYNTAX/ },
    { name: 'invalid manifest', argv: ['inject', '-'], stdin: 'WRONG', code: 1, stderr: /FIELD_REQUIRED/ },
    { name: 'no differences', argv: ['diff', '-'], stdin: DONE, code: 0, stderr: /1 up to date/ },
    { name: 'differences', argv: ['diff', '-'], stdin: WEB, code: 1, stderr: /1 injected/ },
    { name: 'missing file', argv: ['inject', 'no.yaml'], code: 2, stderr: /no\.yaml error IO_NOT_FOUND/ },
    { name: 'missing file in diff', argv: ['diff', 'no.yaml'], code: 2, stderr: /IO_NOT_FOUND/ },
    { name: 'not text', argv: ['inject', '-'], stdin: 'a\0', code: 2, stderr: /TEXT_ENCODING/ },
    {
      name: 'a bug',
      argv: ['inject', '-s', 'crash', '-'],
      stdin: WEB,
      code: 3,
      stderr: /bug.*\n.*report[^]*a planted bug/,
    },
    { name: 'no command', argv: [], code: 2, stderr: /Usage: sidecarctl/ },
    { name: 'no paths, nothing piped', argv: ['inject'], code: 2, stderr: /Examples:[^]*no PATH given/ },
    { name: 'an empty pipe', argv: ['inject'], stdin: '', code: 2, stderr: /<stdin>.*IO_EMPTY: no objects/ },
    { name: 'a URL', argv: ['inject', 'https://example.com/a.yaml'], code: 2, stderr: /IO_URL.*network/ },
  ]
  it.each(cases)('$name: $code', async ({ argv, stdin, code, stderr }) => {
    const result = await run(argv, { cwd: folder(), ...(stdin !== undefined && { stdin }) })
    expect(result.stderr()).toMatch(stderr)
    expect(result.code).toBe(code)
    expect(code > 1 ? result.stdout() : '').toBe('')
  })
})

describe('usage errors', () => {
  const cases: [string[], RegExp][] = [
    [['injcet'], /unknown command 'injcet'\n\(Did you mean inject\?\)/],
    [['inject', '--sidecra', 'x'], /unknown option '--sidecra'\n\(Did you mean --sidecar\?\)/],
    [['inject', '-', '-o', 'xml'], /unknown value 'xml'\nhint: use one of: yaml, json, diff, name, none/],
    [['inject', '-', '-w'], /cannot edit standard input/],
    [['inject', '-w'], /needs files/],
    [['inject', 'a', '-w', '-o', 'yaml'], /-w\/--write and -o yaml cannot be used together/],
    [['inject', '-', '-q', '-v'], /cannot be used together/],
    [['inject', '-', '--set', 'path=/x'], /TEMPLATE\.PARAM=VALUE/],
    [['inject', '-', '-s', 'a,,b'], /empty name/],
    [['inject', '-', '-l', 'a in (b'], /character 8: expected ',' or '\)' but found the end/],
    [['inject', '-', '-n', 'No Such'], /is not a valid namespace name/],
    [['inject', '-', '--kubernetes-version', '1.12'], /use one of: 1\.31, .*, 1\.36, latest/],
    [['inject', '-', '--color=pink'], /auto, always, never/],
    [['inject', '-', '-s'], /argument missing/],
    [['help', 'injcet'], /^error: unknown command 'injcet'\nhint: did you mean inject\?\n$/],
    [['templates', 'help', 'lst'], /^error: unknown command 'lst'\nhint: did you mean list\?\n$/],
    [['inject', 'help', 'none.yaml'], /^help error IO_NOT_FOUND/],
    [['completion', 'powershell'], /^error: unknown shell 'powershell'\nhint: use one of: bash, zsh, fish\n$/],
  ]
  it.each(cases)('%j', async (argv, stderr) => {
    const result = await run(argv, { stdin: WEB, cwd: folder() })
    expect(result.stderr()).toMatch(stderr)
    expect(result.code).toBe(2)
    expect(result.stdout()).toBe('')
  })

  it('never prints a terminal escape that came in by an argument', async () => {
    const result = await run(['inject', '-', '--\u001B[31mred'], { stdin: WEB })
    expect(result.stderr()).toContain('\\x1b[31mred')
    expect(result.stderr()).not.toContain('\u001B')
  })
})

describe('options reach the engine', () => {
  it('in order, typed and with defaults', async () => {
    await run(
      [
        'inject',
        '-',
        '-s',
        'b,a',
        '-s',
        'c',
        '-s',
        'a',
        '--set',
        'a.x=1=2',
        '--set',
        'a.y.z=',
        '-n',
        'shop',
        '-l',
        'a=b',
      ],
      { stdin: WEB },
    )
    expect(seen.options).toMatchObject({
      sidecars: ['b', 'a', 'c'],
      parameters: [
        { template: 'a', name: 'x', value: '1=2' },
        { template: 'a', name: 'y.z', value: '' },
      ],
      namespace: 'shop',
      selector: [{ key: 'a', operator: 'in', values: ['b'] }],
      kubeVersion: { minor: 36 },
      validate: true,
      templates: [],
    })
    await run(['inject', '-', '--no-validate', '--kubernetes-version', 'v1.31.4'], { stdin: WEB })
    expect(seen.options).toMatchObject({ validate: false, kubeVersion: { minor: 31 } })
    expect(seen.options?.sidecars).toBeUndefined()
  })

  it('with the templates of the user', async () => {
    const cwd = folder({ 'mine/a.yaml': 'kind: SidecarTemplate\n', 'mine/deep/b.yml': 'x: 1\n' })
    await run(['inject', '-', '-t', 'mine'], { stdin: WEB, cwd })
    expect(seen.options?.templates.map((t) => t.label)).toEqual(['mine/a.yaml', 'mine/deep/b.yml'])
  })

  it('a template folder that is missing is an error', async () => {
    const result = await run(['inject', '-', '-t', 'mine'], { stdin: WEB, cwd: folder() })
    expect(result.code).toBe(2)
    expect(result.stderr()).toContain('mine error IO_NOT_FOUND')
  })
})

describe('stdout', () => {
  it('has one file byte for byte, in its encoding', async () => {
    const bytes = Buffer.from(`\uFEFF${WEB.replaceAll('\n', '\r\n')}`, 'utf16le')
    const result = await run(['uninject', 'a.yaml'], { cwd: folder({ 'a.yaml': bytes }) })
    expect(result.stdoutBytes().equals(bytes)).toBe(true)
  })

  it('has several files as one stream in the order given', async () => {
    const cwd = folder({ 'b.yaml': WEB, 'a.yaml': 'kind: ConfigMap' })
    const result = await run(['inject', 'b.yaml', '-f', 'a.yaml'], { cwd })
    expect(result.stdout()).toBe(`${DONE}---\nkind: ConfigMap`)
    expect(result.stderr()).toBe('b.yaml:1 Deployment web: injected logging\n1 injected (1 workload in 2 files)\n')
  })

  it.each([
    ['json', `${JSON.stringify([DONE])}\n`],
    ['name', 'deployment.apps/web\n'],
    ['none', ''],
    ['yaml', DONE],
  ])('-o %s', async (format, stdout) => {
    const result = await run(['inject', '-', '-o', format], { stdin: WEB })
    expect(result.stdout()).toBe(stdout)
    expect(result.code).toBe(0)
  })

  it('-o diff prints a patch and ends with 0', async () => {
    const result = await run(['inject', '-', '-o', 'diff'], { stdin: WEB })
    expect(result.stdout()).toMatch(/^--- a\/stdin\.yaml\n\+\+\+ b\/stdin\.yaml\n@@ -2,3 \+2,4 @@\n/)
    expect(result.code).toBe(0)
  })

  it('stays empty when one of many files has an error', async () => {
    const cwd = folder({ 'a.yaml': WEB, 'b.yaml': 'BROKEN\nkind: a\n', 'c.yaml': 'x: BROKEN\nkind: a\n' })
    const result = await run(['inject', '.', 'missing.yaml'], { cwd })
    expect(result.stdout()).toBe('')
    expect(result.stderr()).toMatch(/missing\.yaml[^]*b\.yaml:1:1[^]*c\.yaml:1:4/)
    expect(result.code).toBe(2)
  })
})

describe('--write', () => {
  it('edits what changes, leaves the rest alone, prints nothing to stdout', async () => {
    const cwd = folder({ 'a.yaml': WEB, 'b.yaml': 'kind: ConfigMap\n', 'sub/c.yaml': WEB })
    const before = statSync(join(cwd, 'b.yaml'))
    const result = await run(['inject', '-w', '.'], { cwd })
    expect(result.stdout()).toBe('')
    expect(result.stderr()).toContain('1 injected (1 workload in 2 files, 1 written)')
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(DONE)
    expect(statSync(join(cwd, 'b.yaml'))).toMatchObject({ mtimeMs: before.mtimeMs, ino: before.ino })
    expect(readFileSync(join(cwd, 'sub/c.yaml'), 'utf8')).toBe(WEB)
    expect(readdirSync(cwd).sort()).toEqual(['a.yaml', 'b.yaml', 'sub'])
  })

  it('and back again gives the same bytes', async () => {
    const cwd = folder({ 'a.yaml': WEB, 'sub/c.yaml': WEB })
    await run(['inject', '-w', '-R', '.'], { cwd })
    const result = await run(['uninject', '-w', '-R', '.', '-o', 'name'], { cwd })
    expect(result.stdout()).toBe('deployment.apps/web\ndeployment.apps/web\n')
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(WEB)
    expect(readFileSync(join(cwd, 'sub/c.yaml'), 'utf8')).toBe(WEB)
  })

  it('touches no file when any has an error', async () => {
    const cwd = folder({ 'a.yaml': WEB, 'b.yaml': 'WRONG\nkind: a\n' })
    const result = await run(['inject', '-w', '.'], { cwd })
    expect(result.code).toBe(1)
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(WEB)
  })

  it('--keep-going writes the files without errors and names the others', async () => {
    const cwd = folder({ 'a.yaml': WEB, 'b.yaml': 'WRONG', 'c.yaml': Buffer.from([0xff]), 'd.yaml': WEB })
    const result = await run(['inject', '-w', '--keep-going', 'a.yaml', 'b.yaml', 'd.yaml', '-o', 'name'], { cwd })
    expect(result.code).toBe(1)
    expect(result.stdout()).toBe('')
    expect(result.stderr()).toMatch(
      /^b\.yaml:1:1 error FIELD_REQUIRED[^]*2 injected \(2 workloads in 2 files, 2 written\)\n1 file with errors skipped: b\.yaml\n$/,
    )
    expect(['a.yaml', 'b.yaml', 'd.yaml'].map((name) => readFileSync(join(cwd, name), 'utf8'))).toEqual([
      DONE,
      'WRONG',
      DONE,
    ])
    const again = await run(['uninject', '-w', '--keep-going', '.', '-q'], { cwd })
    expect(again.code).toBe(2)
    expect(again.stderr()).toContain('c.yaml error TEXT_ENCODING')
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(WEB)
  })

  it('--keep-going writes nothing where the run itself could not be done, and needs -w', async () => {
    const cwd = folder({ 'a.yaml': WEB })
    const result = await run(['inject', '-w', '--keep-going', '.', '-t', 'missing'], { cwd })
    expect(result.code).toBe(2)
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(WEB)
    expect((await run(['inject', '--keep-going', '.'], { cwd })).stderr()).toContain('--keep-going requires -w/--write')
  })

  it('does not leave the folder through a link', async () => {
    const cwd = folder({ 'in/a.yaml': WEB, 'out/b.yaml': WEB })
    symlinkSync('../out/b.yaml', join(cwd, 'in/b.yaml'))
    const refused = await run(['inject', '-w', 'in'], { cwd })
    expect(refused.code).toBe(2)
    expect(refused.stderr()).toContain('in/b.yaml error IO_LINK_OUTSIDE')
    expect(readFileSync(join(cwd, 'in/a.yaml'), 'utf8')).toBe(WEB)
    expect((await run(['inject', '-w', '-R', '.'], { cwd })).code).toBe(0)
    expect(readFileSync(join(cwd, 'out/b.yaml'), 'utf8')).toBe(DONE)
  })
})

describe('talk', () => {
  const color = { stdout: true, stderr: true }

  it.each<[string, string[], Record<string, string>, { stdout?: boolean; stderr?: boolean }, boolean, boolean]>([
    ['no terminal', [], {}, {}, false, false],
    ['both terminals', [], {}, color, true, true],
    ['stdout piped', [], {}, { stderr: true }, false, true],
    ['stderr to a file', [], {}, { stdout: true }, true, false],
    ['NO_COLOR', [], { NO_COLOR: '1' }, color, false, false],
    ['NO_COLOR empty', [], { NO_COLOR: '' }, color, true, true],
    ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, {}, true, true],
    ['dumb terminal', [], { TERM: 'dumb' }, color, false, false],
    ['--color beats NO_COLOR', ['--color'], { NO_COLOR: '1' }, {}, true, true],
    ['--color=always', ['--color=always'], {}, {}, true, true],
    ['--color never', ['--color', 'never'], {}, color, false, false],
    ['--no-color', ['--no-color'], {}, color, false, false],
  ])('colours: %s', async (_, flags, env, tty, out, err) => {
    const result = await run(['diff', ...flags, '-'], { stdin: WEB, env, tty })
    expect(result.code).toBe(1)
    expect([result.stdout().includes('\u001B['), result.stderr().includes('\u001B[')]).toEqual([out, err])
  })

  it('--quiet reports nothing, --verbose what was added', async () => {
    expect((await run(['inject', '-q', '-'], { stdin: WEB })).stderr()).toBe('')
    expect((await run(['inject', '-v', '-'], { stdin: WEB })).stderr()).toContain(
      '  logging 1.0.0: container logging\n',
    )
  })

  it('help shows examples on stdout and ends with 0', async () => {
    for (const argv of [['--help'], ['help', 'inject'], ['inject', '--help'], ['uninject', '-h'], ['diff', '-h']]) {
      const result = await run(argv)
      expect(result.code).toBe(0)
      expect(result.stderr()).toBe('')
      expect(result.stdout()).toMatch(/sidecarctl (inject|uninject|diff) .*(yaml|k8s)/)
    }
  })

  it('a call leaves nothing behind for the next one', async () => {
    await run(['inject', '-', '-s', 'metrics', '-q'], { stdin: WEB })
    const result = await run(['inject', '-'], { stdin: WEB })
    expect(result.stdout()).toBe(DONE)
  })
})
