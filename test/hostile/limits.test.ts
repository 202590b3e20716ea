/** Each limit of the program: just below it input passes, just above it is refused with a message that names the limit. */
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { LIMITS, type Limit } from '../../src/core/common/limits.ts'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder, type Setup } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { limitsTable } from '../tools/template-format.ts'
import { configMap, pod, template } from './manifests.ts'

const repeat = (n: number, make: (i: number) => string): string => Array.from({ length: n }, (_, i) => make(i)).join('')
const validate = async (files: Record<string, string>, ...flags: string[]) =>
  await sidecarctl(folder(files), ['validate', 'in.yaml', ...flags])

async function inject(templates: Record<string, string>, ...flags: string[]) {
  const argv = ['inject', 'in.yaml', ...Object.keys(templates).flatMap((name) => ['-t', name]), '-s', 'mine', ...flags]
  return await sidecarctl(folder({ 'in.yaml': pod(), ...templates }), argv)
}

it('aliases', async () => {
  const laughs =
    configMap('{a: b}') + repeat(30, (i) => `x${i}: &a${i} {<<: ${i === 0 ? '{k: v}' : `[*a${i - 1}, *a${i - 1}]`}}\n`)
  const { code, stdout } = await validate({ 'in.yaml': laughs })
  expect(code).toBe(1)
  expect(stdout).toContain(
    `error YAML_ALIAS: kubectl could not read this: the document contains excessive aliasing: aliases may expand to ${LIMITS.aliases.value} nodes`,
  )
})

describe('a pattern of a template', () => {
  const spec = (pattern: string): string =>
    template(
      `  parameters: {a: {type: string, description: A., default: a, pattern: '${pattern}'}}\n  container: {image: "a:1", args: ["\${{ params.a }}"]}\n`,
    )

  it('is refused beyond the length and the size', async () => {
    const long = await inject({ 't.yaml': spec('a?'.repeat(LIMITS.patternLength.value / 2)) })
    expect(long).toMatchObject({ code: 0 })
    const longer = await inject({ 't.yaml': spec(`${'a?'.repeat(LIMITS.patternLength.value / 2)}b`) })
    expect(longer).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(String(LIMITS.patternLength.value)),
    })
    expect(await inject({ 't.yaml': spec('a{0,1000}'.repeat(19)) })).toMatchObject({ code: 0 })
    expect(await inject({ 't.yaml': spec('a{0,1000}'.repeat(20)) })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`larger than ${LIMITS.patternSize.value} instructions`),
    })
  })

  it.each(['^(a|a|a)*b$', '^(a+)+$', '^a*a*a*a*a*a*a*a*b$'])('ends on a long value: %s', async (pattern) => {
    const { code, stdout, stderr } = await inject(
      { 't.yaml': spec(`${pattern}|^a$`) },
      '--set',
      `mine.a=${'a'.repeat(50_000)}!`,
    )
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('does not match the pattern')
  })
})

it('encodedText', async () => {
  const nested = (levels: number): string =>
    template(`  container: {image: "a:1", args: [${'{$json: ['.repeat(levels)}"x"${']}'.repeat(levels)}]}\n`)
  const passes = await inject({ 't.yaml': nested(12) })
  expect(passes).toMatchObject({ code: 0 })
  const refused = await inject({ 't.yaml': nested(30) })
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`produces a string of more than ${LIMITS.encodedText.value} characters`),
  })
  expect(refused.stderr.length).toBeLessThan(10_000)
})

it('extendsDepth', async () => {
  const chain = (n: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: n }, (_, i) => {
        const name = i === 0 ? 'mine' : `base${i}`
        return [
          `${name}.yaml`,
          template(i === n - 1 ? '  container: {image: "a:1"}\n' : `  extends: base${i + 1}\n`, name),
        ]
      }),
    )
  expect(await inject(chain(LIMITS.extendsDepth.value))).toMatchObject({ code: 0 })
  const refused = await inject(chain(LIMITS.extendsDepth.value + 1))
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`more than ${LIMITS.extendsDepth.value} templates extend one another`),
  })
})

it('the records of a pod', async () => {
  const record = (length: number): string => {
    const [head, tail] = ['{"version":"1","own":{"spec.containers[', '].env[A]":""}}']
    const key = 'injected.sidecarctl.dev/logging'
    return `  annotations:\n    ${key}: '${head}${'c'.repeat(length - key.length - head.length - tail.length)}${tail}'\n`
  }
  const run = async (length: number) =>
    await sidecarctl(folder({ 'in.yaml': pod({ metadata: record(length) }) }), ['uninject', 'in.yaml'])
  expect(await run(LIMITS.recordLength.value)).toMatchObject({ code: 0 })
  expect(await run(LIMITS.recordLength.value + 1)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('error RECORD_INVALID'),
  })
})

it('the records of a pod that would be written', async () => {
  const run = async (containers: number) => {
    const many = repeat(containers, (i) => `    - name: c${i}\n      image: a:1\n`)
    return await sidecarctl(folder({ 'in.yaml': pod() + many }), ['inject', '-s', 'logging', 'in.yaml'])
  }
  expect(await run(2000)).toMatchObject({ code: 0 })
  const before = process.cpuUsage()
  const most = LIMITS.recordLength.value
  expect(await run(8000)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`in.yaml:6:3 error RESULT_INVALID Pod web: .* more than the ${most} that`),
    ),
  })
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1e6).toBeLessThan(4)
})

describe('findings', () => {
  const faults = (n: number): Record<string, string> => ({
    'in.yaml': configMap(`{${repeat(n, (i) => `k${i}: ${i},`)}}`),
  })
  const rest = '1 more finding (1 error) not shown; use --max-findings 0 to show all'

  it('in text', async () => {
    const all = await validate(faults(LIMITS.findings.value))
    expect([all.stdout.match(/ error FIELD_TYPE /g)?.length, all.stdout.includes('not shown')]).toEqual([
      LIMITS.findings.value,
      false,
    ])
    const cut = await validate(faults(LIMITS.findings.value + 1))
    expect(cut.stdout.match(/ error FIELD_TYPE /g)).toHaveLength(LIMITS.findings.value)
    expect(cut.stdout).toMatch(new RegExp(`\n${rest.replace(/[()]/g, '\\$&')}\n$`))
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringContaining(`${LIMITS.findings.value + 1} errors`) })
    const none = await validate(faults(LIMITS.findings.value + 1), '--max-findings', '0')
    expect(none.stdout.match(/ error FIELD_TYPE /g)).toHaveLength(LIMITS.findings.value + 1)
  })

  it('in inject, on standard error', async () => {
    const cwd = folder({ 'in.yaml': pod({ container: `      args: [${'1,'.repeat(5)}]\n` }) })
    const { code, stdout, stderr } = await sidecarctl(cwd, [
      'inject',
      '-s',
      'logging',
      'in.yaml',
      '--max-findings',
      '2',
    ])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr.match(/ error FIELD_TYPE /g)).toHaveLength(2)
    expect(stderr).toContain('3 more findings (3 errors) not shown')
  })

  it('in check, workloads that are not up to date as well', async () => {
    const pods = (n: number): string => repeat(n, (i) => `${pod().replace(/name: \S+/, `name: p${i}`)}---\n`)
    const files = { 'a.yaml': pods(3), 'b.yaml': pods(2) }
    const run = async (...flags: string[]) => await sidecarctl(folder(files), ['check', '-s', 'logging', ...flags, '.'])
    const cut = await run('--max-findings', '4')
    expect(cut.stdout.match(/logging is missing/g)).toHaveLength(4)
    expect(cut.stdout).toMatch(/\n1 more finding not shown; use --max-findings 0 to show all\n$/)
    expect(cut).toMatchObject({ code: 1, stderr: expect.stringContaining('5 workloads not up to date') })
    for (const flags of [['--max-findings', '5'], ['--max-findings', '0'], []]) {
      const whole = await run(...flags)
      expect(whole.stdout.match(/logging is missing/g)).toHaveLength(5)
      expect(whole.stdout).not.toContain('not shown')
    }
  })

  it('in check, without the difference of a file of which some are omitted', async () => {
    const cwd = folder({ 'in.yaml': `${pod()}---\n${pod().replace(/name: \S+/, 'name: other')}` })
    await sidecarctl(cwd, ['inject', '-s', 'logging', '-w', 'in.yaml'])
    const path = `${cwd}/in.yaml`
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/( {4,}- name: logging\n +image: \S+)/g, '$1x'))
    const run = async (...flags: string[]) => await sidecarctl(cwd, ['check', '-s', 'logging', ...flags, 'in.yaml'])
    expect((await run()).stdout.match(/edited by hand|^@@/gm)).toEqual(expect.arrayContaining(['@@', 'edited by hand']))
    expect((await run('--max-findings', '1')).stdout.match(/edited by hand|^@@/gm)).toEqual(['edited by hand'])
  })

  it.each<[string, (stdout: string) => unknown]>([
    ['json', (text) => (JSON.parse(text) as { omitted: string }).omitted],
    [
      'sarif',
      (text) =>
        (
          JSON.parse(text) as {
            runs: { invocations: { toolExecutionNotifications?: { message: { text: string } }[] }[] }[]
          }
        ).runs[0]?.invocations[0]?.toolExecutionNotifications?.[0]?.message.text,
    ],
    ['github', (text) => /::notice title=findings::(.*)\n$/.exec(text)?.[1]],
  ])('in %s, where it is asked for', async (format, omitted) => {
    const two = await validate(faults(2), '-o', format, '--max-findings', '2')
    expect(omitted(two.stdout)).toBeUndefined()
    const three = await validate(faults(3), '-o', format, '--max-findings', '2')
    expect(omitted(three.stdout)).toBe(rest)
    expect(three).toMatchObject({ code: 1, stderr: expect.stringContaining('3 errors') })
  })

  it('in junit: what failed stays failed', async () => {
    const two = { 'in.yaml': `${faults(1)['in.yaml']}---\n${faults(1)['in.yaml']}` }
    const { code, stdout } = await validate(two, '-o', 'junit', '--max-findings', '1')
    expect(code).toBe(1)
    expect(stdout).toContain('failures="2"')
    expect(stdout).toContain('<failure message="errors not shown because of --max-findings"/>')
  })

  it('as many errors as others, in their order', async () => {
    const { FindingLimit } = await import('../../src/report/limit-findings.ts')
    const found = (['warning', 'error', 'info', 'error', 'error'] as const).map((severity, i) => ({
      severity,
      message: String(i),
    }))
    const cut = (max: number) => {
      const limit = new FindingLimit(max)
      return [found.flatMap((one) => (limit.admits(one) ? one.message : [])).join(''), limit.omitted]
    }
    expect([0, 1, 2, 3].map(cut)).toEqual([
      ['', { errors: 3, others: 2 }],
      ['01', { errors: 2, others: 1 }],
      ['0123', { errors: 1, others: 0 }],
      ['01234', { errors: 0, others: 0 }],
    ])
  })

  it('takes a whole number', async () => {
    expect(await validate(faults(1), '--max-findings', '-1')).toMatchObject({ code: 2, stdout: '' })
    expect(await validate(faults(1), '--max-findings', 'many')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining("--max-findings 'many' is not a whole number"),
    })
  })
})

it('triedValues', async () => {
  const words = (count: number): string => repeat(count, (i) => `w${i}, `)
  const spec = (count: number): string =>
    template(
      `  parameters: {a: {type: string, description: A., default: w0, enum: [${words(count)}]}}\n  container: {image: "a:\${{ params.a }}"}\n`,
    )
  const most = LIMITS.triedValues.value
  const check = async (count: number) =>
    await sidecarctl(folder({ 't.yaml': spec(count) }), ['templates', 'validate', 't.yaml'])
  expect(await check(most)).toMatchObject({ code: 0 })
  const refused = await check(most + 1)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`more than ${most} values to try`) })
})

it('eachItems', async () => {
  const spec = (outer: number): string =>
    template(
      `  container: {image: "a:1", args: [{$spread: [${repeat(outer, () => '[x], ')}], $each: {$spread: "\${{ item }}", $each: a}}]}\n`,
    )
  const most = LIMITS.eachItems.value / 2
  expect(await inject({ 't.yaml': spec(most) })).toMatchObject({ code: 0 })
  const refused = await inject({ 't.yaml': spec(most + 1) })
  const stderr: unknown = expect.stringContaining(`produces more than ${LIMITS.eachItems.value} items`)
  expect(refused).toMatchObject({ code: 2, stdout: '', stderr })
})

describe('depth', () => {
  it('nesting', async () => {
    // The map of the document stands around it.
    const nested = (levels: number): string => configMap(`${'['.repeat(levels)}x${']'.repeat(levels)}`)
    const passes = await validate({ 'in.yaml': nested(LIMITS.nesting.value) })
    expect(passes.stdout).not.toContain('levels deep')
    const refused = await validate({ 'in.yaml': nested(LIMITS.nesting.value + 1) })
    expect(refused).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`nested more than ${LIMITS.nesting.value} levels deep`),
    })
  })

  it('templateNesting', async () => {
    // Above are spec, container, args and the value of $json.
    const nested = (levels: number): string =>
      template(`  container: {image: "a:1", args: [{$json: ${'['.repeat(levels)}x${']'.repeat(levels)}}]}\n`)
    expect(await inject({ 't.yaml': nested(LIMITS.templateNesting.value - 5) })).toMatchObject({ code: 0 })
    const refused = await inject({ 't.yaml': nested(LIMITS.templateNesting.value - 4) })
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`nested deeper than ${LIMITS.templateNesting.value} levels`),
    })
  })
})

describe('size', () => {
  const sizes = { long: 2000, part: 500, document: 5000, input: 20_000 }
  const document = (length: number, name = 'a'): string => {
    const head = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`
    return `${head}${'# x'.padEnd(length - head.length - 1, 'x')}\n`
  }
  /** Standard input that comes in pieces. */
  async function* pieces(text: string): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < text.length; at += 300) yield Buffer.from(text.slice(at, at + 300))
  }
  const run = async (stdin: () => AsyncIterable<Uint8Array>, small: Setup['sizes'] = sizes) => {
    const { host, stdout, stderr } = captureHost({ cwd: folder(), stdin: '', ...(small && { sizes: small }) })
    const code = await main(
      ['validate', '-'],
      { ...host, stdin: { isTTY: false, isPiped: true, read: stdin } },
      loadEngine,
    )
    return { code, stdout: stdout(), stderr: stderr() }
  }

  it.each([
    ['alone', ''],
    ['at the end', `${document(300, 'b')}---\n`],
    ['first', '', `---\n${document(300, 'b')}`],
    ['between others', `${document(3000, 'b')}---\n`, `---\n${document(1700, 'c')}`],
  ])('documentSize: %s', async (_where, before, after = '') => {
    // The line before it counts.
    const most = sizes.document - (before === '' ? 0 : 4)
    const passes = await run(() => pieces(before + document(most) + after))
    expect([passes.code, passes.stderr]).toEqual([0, expect.stringContaining('valid')])
    // A document that another one follows is cut off before its size is looked at closely.
    const refused = await run(() => pieces(before + document(most + (after === '' ? 1 : 1000)) + after))
    expect(refused).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(`more than ${sizes.document} bytes belong to one document`),
    })
  })

  it('inputSize', async () => {
    const text = (length: number): string => `${document(2000)}---\n`.repeat(9) + document(length - 9 * 2004)
    expect(await run(() => pieces(text(sizes.input)))).toMatchObject({ code: 0 })
    const refused = await run(() => pieces(text(sizes.input + 1)))
    expect(refused).toMatchObject({ code: 2, stdout: expect.stringContaining(`has more than ${sizes.input} bytes`) })
  })

  it.each<[string, string]>([
    ['of one document', '# x\n'],
    ['of documents', document(100) + '---\n'],
    ['that is no text', '\u0000'],
  ])('endless standard input is not read to its end: %s', async (_what, text) => {
    let count = 0
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (; ; count++) yield Buffer.from(text.repeat(100))
    }
    expect(await run(endless)).toMatchObject({ code: 2 })
    expect(count * text.length * 100).toBeLessThan(2 * sizes.input)
  })

  it('a file that grows is read as far as it was long', async () => {
    const cwd = folder({ 'in.yaml': document(2 << 20) })
    const lengths: number[] = []
    const readSync = (_fd: number, piece: Uint8Array, offset: number, length: number): number => {
      lengths.push(length)
      piece.fill(35, offset, offset + length)
      return length
    }
    const setup = { fs: { readSync } as Setup['fs'] & object }
    const { code, stdout } = await sidecarctl(cwd, ['validate', 'in.yaml'], setup)
    expect([code, stdout]).toEqual([2, expect.stringContaining('IO_CHANGED')])
    expect(lengths).toEqual([statSync(`${cwd}/in.yaml`).size + 1])
  })

  it.skipIf(!existsSync('/dev/zero'))('a device without an end is given up (skipped without /dev/zero)', async () => {
    const cwd = folder({ 'in.yaml': pod() })
    symlinkSync('/dev/zero', `${cwd}/.gitignore`)
    const before = process.cpuUsage()
    for (const argv of [
      ['inject', '/dev/zero', '-s', 'logging'],
      ['inject', 'in.yaml', '-t', '/dev/zero', '-s', 'logging'],
      ['inject', 'in.yaml', '--config', '/dev/zero'],
    ]) {
      const { code, stdout, stderr } = await sidecarctl(cwd, argv)
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(
          `/dev/zero error IO_UNREADABLE: cannot be read: more than ${LIMITS.documentSize.value} bytes belong to one document`,
        ),
      })
    }
    expect(await sidecarctl(cwd, ['validate', '.'])).toMatchObject({ code: 0 })
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6 / 3).toBeLessThan(2)
  })
})

it('the reference has every limit, and README names limits as they are', () => {
  expect(readFileSync('templates/README.md', 'utf8')).toContain(limitsTable())
  const [, section = ''] = /\n## Limits\n([^]*?)\n## /.exec(readFileSync('README.md', 'utf8')) ?? []
  const numbers = section.match(/\d{1,3}(?:,\d{3})+|\b\d{2,}\b(?= levels)/g) ?? []
  expect(numbers.length).toBeGreaterThan(3)
  expect(Object.values<Limit>(LIMITS).map(({ value }) => value.toLocaleString('en-US'))).toEqual(
    expect.arrayContaining(numbers),
  )
})
