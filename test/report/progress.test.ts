import { describe, expect, it } from 'vitest'
import { progressLine } from '../../src/report/progress.ts'
import { textWidth } from '../../src/report/terminal-width.ts'

const STATE = { part: 'reading', n: 312, of: 2000, label: 'k8s/shop/base/web.yaml' } as const

describe('progressLine', () => {
  it.each<[number, string]>([
    [100, 'reading file 312 of 2000: k8s/shop/base/web.yaml'],
    [49, 'reading file 312 of 2000: k8s/shop/base/web.yaml'],
    [48, 'reading file 312 of 2000: …s/shop/base/web.yaml'],
    [35, 'reading file 312 of 2000: …eb.yaml'],
    [34, 'reading file 312 of 2000: '],
    [20, 'reading file 312 of'],
    [1, ''],
    [0, ''],
  ])('in %i columns: %s', (columns, line) => {
    expect(progressLine(STATE, columns)).toBe(line)
  })

  it.each([40, 41, 42, 43])('counts wide characters, %i columns', (columns) => {
    const line = progressLine({ ...STATE, label: `k8s/${'桜🌸e\u0301'.repeat(20)}.yaml` }, columns)
    expect(textWidth(line)).toBeLessThan(columns)
    expect(textWidth(line)).toBeGreaterThan(columns - 4)
  })

  it('lets no control character through', () => {
    const line = progressLine({ ...STATE, label: 'a\u001B[2J\r\n\u0007\u202Eb.yaml' }, 100)
    expect(line).toBe('reading file 312 of 2000: a\\x1b[2J\\r\\n\\x07\\u202eb.yaml')
  })
})
