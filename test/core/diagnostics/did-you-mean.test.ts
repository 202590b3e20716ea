import { describe, expect, it } from 'vitest'
import { didYouMean, didYouMeanHint } from '../../../src/core/diagnostics/did-you-mean.ts'

const NAMES = ['logging', 'metrics', 'proxy', 'config-sync', 'config-http']

describe('suggest', () => {
  it.each([
    ['loging', 'logging'],
    ['loggign', 'logging'],
    ['LOGGING', 'logging'],
    ['configsync', 'config-sync'],
    ['config_http', 'config-http'],
    ['proxi', 'proxy'],
    ['logs', undefined],
    ['metr', 'metrics'],
    ['config', undefined],
    ['xyz', undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('%s -> %s', (name, expected) => {
    expect(didYouMean(name, NAMES)).toBe(expected)
  })

  it.each([['nmae', 'name'], ['kidn', 'kind'], ['iamge', 'image'], ['spce', 'spec']])('takes neighbours swapped for one mistake: %s', (name, expected) => {
    expect(didYouMean(name, ['name', 'kind', 'image', 'spec'])).toBe(expected)
  })

  it('does not compare names of any length', () => {
    expect(didYouMean('l'.repeat(100_000), NAMES)).toBeUndefined()
  })

  it('lists all names when none is near', () => {
    expect(didYouMeanHint('xyz', ['b', 'a'])).toBe('known names: a, b')
    expect(didYouMeanHint('xyz', [])).toBeUndefined()
  })
})
