/** Templates and policies that would read files or the environment, or put in more than values. */
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { pod, policy, template } from './manifests.ts'

const SECRET = 'what-nobody-may-read'
const ENV = { HOME: `/${SECRET}`, TOKEN: SECRET }

async function injectWith(spec: string, flags: string[] = []) {
  const files = {
    'in/in.yaml': pod(),
    'in/t.yaml': template(spec),
    'secret.yaml': template('  container: {image: "what-nobody-may-read:1"}\n', 'secret'),
    'secret.txt': SECRET,
  }
  return await sidecarctl(join(folder(files), 'in'), ['inject', 'in.yaml', '-t', 't.yaml', '-s', 'mine', ...flags], {
    env: ENV,
  })
}

it.each([
  '../secret',
  '../secret.yaml',
  './t',
  '/etc/passwd',
  'file:///etc/passwd',
  'https://example.com/t.yaml',
  '..',
  '.',
  'secret',
  '~',
  '$HOME',
  '${{ params.x }}',
  '"\\0"',
  '__proto__',
  'mine',
])('extends: %s reads no file', async (name) => {
  const { code, stdout, stderr } = await injectWith(`  extends: ${name}\n  container: {image: "a:1"}\n`)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^t\.yaml:\d+:\d+ error TEMPLATE_/)
  expect(stderr).not.toContain(SECRET)
})

it.each([
  '$(TOKEN)',
  '${TOKEN}',
  '$TOKEN',
  '`cat ../secret.txt`',
  '$(cat ../secret.txt)',
  '@../secret.txt',
  'file://../secret.txt',
  '<(cat ../secret.txt)',
  '%TOKEN%',
  '#{TOKEN}',
  '~/x',
  '../*.txt',
])('the text %s goes in as it is', async (text) => {
  const written = JSON.stringify(text)
  const { code, stdout } = await injectWith(
    `  container: {image: "a:1", args: [${written}], env: [{name: A, value: ${written}}]}\n`,
  )
  expect(code).toBe(0)
  expect(parse(stdout)).toMatchObject({ spec: { initContainers: [{ args: [text], env: [{ value: text }] }] } })
})

it.each([
  'env.TOKEN',
  'process.env.TOKEN',
  'params.constructor',
  'workload.__proto__',
  'workload.constructor.name',
  'file("../secret.txt")',
  'params.a.b',
  'params["a"]',
  '1 + 1',
  'include "../secret.txt"',
  'params.a | shell',
  '',
  'globalThis',
])('the placeholder ${{ %s }} is refused', async (inside) => {
  const { code, stdout, stderr } = await injectWith(
    `  parameters: {a: {type: string, description: A., default: x}}\n  container: {image: "a:1", args: [${JSON.stringify(`\${{ ${inside} }}`)}]}\n`,
  )
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^t\.yaml:\d+:\d+ error TEMPLATE_/)
})

it.each([
  '!include',
  '!!include',
  '!file',
  '!env',
  '!!js/function',
  '!!python/object/apply:os.system',
  '!<tag:yaml.org,2002:include>',
])('the tag %s reads nothing', async (tag) => {
  const { code, stdout, stderr } = await injectWith(`  container: {image: "a:1", args: [${tag} "../secret.txt"]}\n`)
  expect(stdout + stderr).not.toContain(SECRET)
  // An unknown tag of one's own means nothing to kubectl, which takes the text as it is.
  if (code === 0)
    expect(parse(stdout, { logLevel: 'error' })).toMatchObject({
      spec: { initContainers: [{ args: ['../secret.txt'] }] },
    })
  else expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringMatching(/^t\.yaml:\d+:\d+ error/) })
})

describe('the value of a parameter', () => {
  const SPEC =
    '  parameters: {a: {type: string, description: A., default: x}}\n  container: {image: "a:1", args: ["${{ params.a }}"]}\n'

  it.each([
    'x"]}\n  hostNetwork: true',
    'x\n---\napiVersion: v1',
    '${{ params.a }}',
    '${{ env.TOKEN }}',
    '$(TOKEN)',
    '{{ .Values.x }}',
    '*a',
    '&a',
    '!!binary aGk=',
    '- a',
    '# no',
    "'",
    '|',
    '>-',
    '\u2028',
    '\u0085',
    '0644',
    'on',
    '~',
    '@../secret.txt',
    'null',
  ])('is text and nothing else: %j', async (value) => {
    const { code, stdout } = await injectWith(SPEC, ['--set', `mine.a=${value}`])
    expect(code).toBe(0)
    const data = parse(stdout, { version: '1.1' }) as { spec: { initContainers: { args: string[] }[] } }
    expect(data.spec.initContainers[0]?.args).toEqual([value])
    expect(Object.keys(data.spec).sort()).toEqual(['containers', 'initContainers'])
  })
})

describe('a policy', () => {
  const RULES = '[{add: [secret]}]'

  it.each(['../outside', '/etc', 'in/../../outside', 'link', '~', '$HOME'])(
    'takes no templates from %s',
    async (path) => {
      const root = folder({
        'repository/in.yaml': pod(),
        'repository/sidecarctl.yaml': policy(RULES).replace(
          'spec:\n',
          `spec:\n  templates: [${JSON.stringify(path)}]\n`,
        ),
        'outside/t.yaml': template('  container: {image: "what-nobody-may-read:1"}\n', 'secret'),
      })
      symlinkSync('../outside', join(root, 'repository/link'))
      const { code, stdout, stderr } = await sidecarctl(join(root, 'repository'), ['inject', 'in.yaml'], { env: ENV })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^sidecarctl\.yaml:\d+:\d+ error CONFIG_|IO_NOT_FOUND/)
      expect(stderr).not.toContain(SECRET)
    },
  )
})
