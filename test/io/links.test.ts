/** Which links in a folder are followed when it is read. That none leads out on writing is in test/hostile. */
import * as fs from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discoverInputs } from '../../src/io/discover.ts'
import { folder } from '../cli/fake.ts'
import { POLICY, sidecarctl } from '../cli/gitops.ts'

const SECRET = 'password: [hunter2\n'

/** A repository in a folder that also holds what is none of its business, with links in `repo/k8s`. */
function linked(links: Record<string, string>, repository = true): string {
  const files = {
    'repo/k8s/a.yaml': 'a: 1\n',
    'repo/base/b.yaml': 'b: 1\n',
    'repo/.env': SECRET,
    'repo/.git/config': SECRET,
    secret: SECRET,
    'secret.yaml': SECRET,
  }
  const cwd = folder(
    repository ? files : Object.fromEntries(Object.entries(files).filter(([name]) => !name.includes('.git'))),
  )
  for (const [name, target] of Object.entries(links)) {
    fs.mkdirSync(dirname(join(cwd, 'repo', name)), { recursive: true })
    fs.symlinkSync(target, join(cwd, 'repo', name))
  }
  return join(cwd, 'repo')
}

function found(cwd: string, typed: string, limits = {}) {
  const { files, diagnostics } = discoverInputs(fs, [typed], cwd, true, limits)
  return [...files.map((file) => (file.kind === 'stdin' ? '-' : file.label)), ...diagnostics.map(({ code }) => code)]
}

describe.skipIf(process.platform === 'win32')('a link in a folder (skipped on Windows)', () => {
  it.each<[string, string, string, string]>([
    ['to a manifest in it, which is read once', 'k8s/0.yaml', 'a.yaml', ''],
    ['to a manifest elsewhere in the repository', 'k8s/l.yaml', '../base/b.yaml', 'k8s/l.yaml'],
    ['out of the repository', 'k8s/l.yaml', '../../secret.yaml', 'IO_LINK_OUTSIDE'],
    ['out of the repository, absolute', 'k8s/l.yaml', '/etc/hostname', 'IO_LINK_OUTSIDE'],
    ['to a file of the repository that is no manifest', 'k8s/l.yaml', '../.env', 'IO_LINK_OUTSIDE'],
    ['to the settings of git', 'k8s/l.yaml', '../.git/config', 'IO_LINK_OUTSIDE'],
    ['to nothing', 'k8s/l.yaml', 'nowhere', 'IO_NOT_FOUND'],
  ])('%s', (_, link, target, expected) => {
    const cwd = linked({ [link]: target })
    expect(found(cwd, 'k8s')).toEqual(expected === '' ? [link] : ['k8s/a.yaml', expected])
    expect(found(cwd, link)).toEqual(expected === 'IO_NOT_FOUND' ? [expected] : [link])
  })

  it('may not lead out of the folder given where there is no repository', () => {
    const cwd = linked({ 'k8s/l.yaml': '../base/b.yaml' }, false)
    expect(found(cwd, 'k8s')).toEqual(['k8s/a.yaml', 'IO_LINK_OUTSIDE'])
    expect(found(cwd, '.')).toEqual(['./base/b.yaml', './k8s/a.yaml'])
  })

  it('is followed with --follow-links', () => {
    const cwd = linked({ 'k8s/l.yaml': '../../secret' })
    expect(found(cwd, 'k8s', { followLinks: true })).toEqual(['k8s/a.yaml', 'k8s/l.yaml'])
  })

  it('is no way for a pattern, either', () => {
    const cwd = linked({ 'k8s/l.yaml': '../../secret', out: '..' })
    expect(found(cwd, 'k8s/*.yaml')).toEqual(['k8s/a.yaml', 'IO_LINK_OUTSIDE'])
    expect(found(cwd, '*/secret*')).toEqual(['IO_LINK_OUTSIDE', 'IO_LINK_OUTSIDE'])
    expect(found(cwd, 'k8s/a*')).toEqual(['k8s/a.yaml'])
  })

  it('may lead to the folder in which a pattern begins', () => {
    const cwd = linked({ link: 'k8s' })
    fs.writeFileSync(join(cwd, 'k8s/notes.txt'), 'a: 1\n')
    expect(found(cwd, 'link/*')).toEqual(['link/a.yaml', 'link/notes.txt'])
  })
})

describe.skipIf(process.platform === 'win32')(
  'nothing of a file out of the repository is printed (skipped on Windows)',
  () => {
    const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a}]}\n'

    it.each<[string, Record<string, string>, string, string]>([
      ['a template behind a link', { 'sidecars/x.yaml': '../../secret' }, POLICY, 'IO_LINK_OUTSIDE'],
      ['a folder of templates behind a link', { sidecars: '..' }, POLICY, 'CONFIG_OUTSIDE'],
      ['a template that is no YAML file by its name', {}, POLICY.replace('[sidecars]', '[.env]'), 'CONFIG_OUTSIDE'],
      ['the settings of git for a template', {}, POLICY.replace('[sidecars]', '[.git/config]'), 'CONFIG_OUTSIDE'],
      ['a pattern for a template', {}, POLICY.replace('[sidecars]', '[".g*/c*"]'), 'IO_NOT_FOUND'],
      ['a manifest behind a link', { 'k8s/x.yaml': '../../secret.yaml' }, '', 'IO_LINK_OUTSIDE'],
      ['a policy behind a link', { 'sidecarctl.yaml': '../secret' }, '', 'CONFIG_OUTSIDE'],
    ])('%s', async (_, links, policy, code) => {
      const cwd = linked(links)
      fs.writeFileSync(join(cwd, 'k8s/a.yaml'), POD)
      if (policy !== '') fs.writeFileSync(join(cwd, 'sidecarctl.yaml'), policy)
      for (const command of ['inject', 'check', 'validate', 'diff', 'status', 'explain']) {
        if (command === 'validate' && code !== 'CONFIG_OUTSIDE' && policy !== '') continue
        const done = await sidecarctl(cwd, [command, '-R', 'k8s'])
        expect(`${command} ${done.code} ${done.stdout}${done.stderr}`).toContain(code)
        expect(done.code).toBe(2)
        expect(done.stdout + done.stderr).not.toContain('hunter2')
      }
    })

    it('and with --follow-links it is', async () => {
      const done = await sidecarctl(linked({ 'k8s/x.yaml': '../../secret.yaml' }), [
        'validate',
        '--follow-links',
        'k8s',
      ])
      expect(done.stdout).toContain('hunter2')
    })
  },
)
