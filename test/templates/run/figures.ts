import { afterAll } from 'vitest'

/** Says at the end of a file what its scenarios measured: one line for each, for the table of the templates. */
export function figures(): (scenario: string, values: Readonly<Record<string, string | number>>) => void {
  const lines: string[] = []
  afterAll(() => {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
  })
  return (scenario, values) => {
    const texts = Object.entries(values).map(
      ([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`,
    )
    lines.push(`${scenario}: ${texts.join(', ')}`)
  }
}
