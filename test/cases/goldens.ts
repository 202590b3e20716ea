import type { Case } from './case.ts'

/** What a run of the program gave. */
export interface Given {
  code: number
  stdout: Buffer
  stderr: string
  /** Input files that were changed in place, by name. */
  written: Map<string, Buffer>
}

/** What standard output holds tells the golden's ending, so that editors know the format. */
function endingOf(args: readonly string[]): string {
  if (args[0] === 'diff') return 'diff'
  const format = args[Math.max(args.indexOf('-o'), args.indexOf('--output')) + 1]
  return args.includes('-o') || args.includes('--output') ? (format === 'name' ? 'txt' : String(format)) : 'yaml'
}

/** The recorded files that a run must give. An exit code other than 0 is a line after standard error. */
export function goldensOf(one: Case, given: Given): Map<string, Buffer> {
  const goldens = new Map<string, Buffer>()
  if (given.stdout.length > 0) goldens.set(`expected.${endingOf(one.args)}`, given.stdout)
  const stderr = given.stderr + (given.code === 0 ? '' : `[exit ${given.code}]\n`)
  if (stderr !== '') goldens.set('expected.stderr', Buffer.from(stderr))
  for (const [name, bytes] of given.written) goldens.set(`expected/${name}`, bytes)
  return goldens
}
