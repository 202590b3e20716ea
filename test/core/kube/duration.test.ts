import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../../src/core/kube/duration.ts'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n

// As Go's time.ParseDuration reads them.
describe('parseDuration', () => {
  it.each<[text: string, nanos: bigint]>([
    ['0', 0n], ['-0', 0n], ['+0', 0n], ['0s', 0n], ['5s', 5_000_000_000n], ['-5.6s', -5_600_000_000n], ['5.s', 5_000_000_000n], ['.5s', 500_000_000n], ['+.5s', 500_000_000n],
    ['12\u00b5s', 12_000n], ['12\u03bcs', 12_000n], ['1us2ns', 1002n], ['1h1h', 7_200_000_000_000n], ['-1h2.5m', -3_750_000_000_000n], ['39h9m14.425s', 140_954_425_000_000n], ['1.0000s1ms', 1_001_000_000n],
    // The fraction is of type double.
    ['0.3333333333333333333h', 1_200_000_000_000n], ['0.100000000000000000000h', 360_000_000_000n], ['0.830103483285477580700h', 2_988_372_539_827n], ['0.9ns', 0n], [`0.${'0'.repeat(400)}1h`, 0n],
    ['9223372036854775807ns', MAX], ['9223372036854775.807us', MAX], ['9223372036s854ms775us807ns', MAX], ['-9223372036854775808ns', MIN], ['-9223372036854775.808us', MIN], ['-2562047h47m16.854775808s', MIN],
    [`${'0'.repeat(200)}1s`, 1_000_000_000n], ['1s'.repeat(200), 200_000_000_000n], [`0.5${'0'.repeat(200)}s`, 500_000_000n],
  ])('%s', (text, nanos) => {
    expect(parseDuration(text)).toBe(nanos)
  })

  it.each([
    '', '3', '-', '+', 's', '.', '-.', '.s', '+.s', '1d', '1 s', ' 1s', '1s ', '1s\n', '--1s', '1s-1s', '1e3s', '1..5s', '1.5.5s', '1S', '1\u00b5', '\u0661s', '00', '0.', '1s0', '1msns', 'constructor', '1constructor',
    '3000000h', '9223372036854775808ns', '-9223372036854775809ns', '9223372036854775.808us', '9223372036854ms775us808ns9223372036s', '2562047h47m16.854775808s', '9'.repeat(400) + 'ns',
  ])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it.each(['9'.repeat(1_000_000), `0.${'0'.repeat(1_000_000)}`, `${'9'.repeat(1_000_000)}s`, `1.${'9'.repeat(1_000_000)}s`, '1s'.repeat(500_000), `1${'s'.repeat(1_000_000)}`, '.'.repeat(1_000_000)])('a long text (%#) takes no more than a moment', (text) => {
    const start = performance.now()
    parseDuration(text)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})
