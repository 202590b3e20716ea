import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { shellWord } from '../../../src/core/common/shell-word.ts'

describe('a word for a shell', () => {
  it.each([
    ['k8s/web.yaml', 'k8s/web.yaml'],
    ['logging.host=logs.example.com', 'logging.host=logs.example.com'],
    ['', "''"],
    ['my files/web.yaml', "'my files/web.yaml'"],
    ["it's", "'it'\\''s'"],
    ['proxy.args=["$HOME", `a`, *]', `'proxy.args=["$HOME", \`a\`, *]'`],
    ['~/a', "'~/a'"],
    ['a\nb', "'a\nb'"],
  ])('%j is %s', (text, word) => {
    expect(shellWord(text)).toBe(word)
  })

  it.skipIf(process.platform === 'win32')('is read as one word by sh (skipped on Windows)', () => {
    for (const text of ['', "it's", '$HOME `a` "b" \\', '*', '{a,b}', '#x', '~', 'a;b', '!x', '-n', 'é\n'])
      expect(execFileSync('sh', ['-c', `printf '%s.' ${shellWord(text)}`], { encoding: 'utf8' })).toBe(`${text}.`)
  })
})
