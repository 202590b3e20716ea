/** The figures of a run, and how they are shown. */

export interface Spread {
  median: number
  least: number
  most: number
}

/** Why there is no figure: the program is not there, was stopped after so many seconds, or failed with these words. */
export type Reason = { absent: true } | { stopped: number } | { failed: string }

/** What one side took: milliseconds, bytes; or why there is no figure. */
export interface ContenderResult {
  name: string
  wall?: Spread
  cpu?: Spread
  peak?: number
  why?: Reason
}

export interface RatioResult {
  of: string
  to: string
  metric: 'wall' | 'cpu'
  /** The median over the rounds of what one side took to what the other took in the same round. */
  value?: Spread
  /** Where `of` was stopped: it takes more than so many times as long. */
  above?: number
  most?: number
  least?: number
}

export interface ScenarioResult {
  name: string
  title: string
  bytes: number
  workloads: number
  /** Rounds that were counted. */
  pairs: number
  contenders: ContenderResult[]
  ratios: RatioResult[]
  /** The goal for sidecarctl's memory, and what it took, in bytes. */
  memory?: { most: number; value?: number }
}

export interface Results {
  machine: { processor: string; cores: number; memory: number; system: string }
  versions: Record<string, string>
  scenarios: ScenarioResult[]
}

export type Verdict = 'met' | 'missed' | 'not measured'

/** Whether a ratio is what is aimed at; undefined where nothing is aimed at. */
export function verdict({ value, above, most, least }: RatioResult): Verdict | undefined {
  if (most === undefined && least === undefined) return undefined
  if (value === undefined) {
    // The true ratio is above the one that is known.
    if (least !== undefined && above !== undefined && above >= least) return 'met'
    return most !== undefined && above !== undefined && above >= most ? 'missed' : 'not measured'
  }
  return (most === undefined || value.median <= most) && (least === undefined || value.median >= least)
    ? 'met'
    : 'missed'
}

/** Three digits that count, and not more decimals than that. */
function digits(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value >= 1 ? 3 : 2)
}

export function shownTime(milliseconds: number): string {
  return milliseconds >= 1000 ? `${digits(milliseconds / 1000)} s` : `${Math.round(milliseconds)} ms`
}

export function shownSize(bytes: number): string {
  if (bytes < 1e6) return `${digits(bytes / 1e3)} kB`
  return `${digits(bytes / 1e6)} MB`
}

export function shownMemory(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${Math.round(bytes / 2 ** 20)} MiB`
}

const METRICS = { wall: 'time', cpu: 'processor time' }

function shownReason(why: Reason | undefined): string {
  if (why === undefined) return 'no figure'
  if ('absent' in why) return 'absent'
  return 'stopped' in why ? `stopped after ${why.stopped} s` : `failed: ${why.failed}`
}

function shownGoal(most: number | undefined, least: number | undefined): string {
  return most === undefined ? `at least ${least} ×` : `at most ${most} ×`
}

function ratioLine(ratio: RatioResult): string | undefined {
  const found = verdict(ratio)
  if (ratio.value === undefined && ratio.above === undefined && found === undefined) return undefined
  const shown =
    ratio.value !== undefined
      ? `${digits(ratio.value.median)} × (${digits(ratio.value.least)} to ${digits(ratio.value.most)})`
      : ratio.above === undefined
        ? 'no figure'
        : `over ${digits(ratio.above)} ×`
  const goal = found === undefined ? '' : `   goal: ${shownGoal(ratio.most, ratio.least)}: ${found}`
  return `  ${METRICS[ratio.metric]} of ${ratio.of} to ${ratio.to}: ${shown}${goal}`
}

function contenderLine({ name, wall, cpu, peak, why }: ContenderResult): string {
  const label = `  ${name.padEnd(20)}`
  if (wall === undefined || cpu === undefined) return label + shownReason(why)
  const part = (text: string) => text.padStart(10)
  return `${label}time${part(shownTime(wall.median))}   processor time${part(shownTime(cpu.median))}   memory${part(shownMemory(peak))}`
}

/** One scenario as lines for a terminal. */
export function scenarioText(result: ScenarioResult): string {
  const { name, title, bytes, workloads, pairs, contenders, ratios, memory } = result
  const lines = [
    `${name}: ${title} (${shownSize(bytes)}, ${workloads.toLocaleString('en')} workload${workloads === 1 ? '' : 's'}, rounds: ${pairs})`,
    ...contenders.map(contenderLine),
  ]
  lines.push(...ratios.map(ratioLine).filter((line) => line !== undefined))
  if (memory !== undefined) {
    const found = memory.value === undefined ? 'not measured' : memory.value <= memory.most ? 'met' : 'missed'
    lines.push(`  goal: at most ${shownMemory(memory.most)}: ${found}`)
  }
  return `${lines.join('\n')}\n`
}

/** True when some side could not be measured for another reason than that it is absent or slow. */
export function hasFailed({ scenarios }: Results): boolean {
  return scenarios.some(({ contenders }) => contenders.some(({ why }) => why !== undefined && 'failed' in why))
}

/** The row of a scenario in a table. */
function row({ title, bytes, contenders, ratios }: ScenarioResult): string {
  const own = contenders.find(({ wall }) => wall !== undefined)
  const main = contenders.find(({ name }) => name === '10 ×') ?? own
  const against = ratios.map(({ of, to, metric, value, above }) => {
    if (value === undefined && above === undefined) return undefined
    const shown = value === undefined ? `over ${digits(above as number)}` : digits(value.median)
    if (of === '10 ×') return metric === 'wall' ? `${shown} × the time for ten times the input` : undefined
    if (of === 'sidecarctl') return `${shown} × the ${METRICS[metric]} of \`${to}\``
    return metric === 'wall' ? `\`${of}\` takes ${shown} × as long` : undefined
  })
  const cells = [
    `${title}, ${shownSize(bytes)}`,
    main?.wall === undefined ? shownReason(main?.why ?? contenders[0]?.why) : shownTime(main.wall.median),
    main?.cpu === undefined ? '' : shownTime(main.cpu.median),
    shownMemory(main?.peak),
    against.filter((text) => text !== undefined).join('; '),
  ]
  return `| ${cells.join(' | ')} |`
}

/** The scenarios that README.md shows; test/README.md shows all. */
export const README_ROWS: readonly string[] = ['one', 'many-1000', 'many-10000', 'validate-1000', 'check-2000']

/** A table of scenarios, by default of all: every figure of it comes from the results. */
export function readmeTable({ machine, versions, scenarios: all }: Results, names?: readonly string[]): string {
  const scenarios = names === undefined ? all : all.filter(({ name }) => names.includes(name))
  const pairs = scenarios.map((one) => one.pairs)
  const absent = Object.entries(versions)
    .filter(([, version]) => version === 'absent')
    .map(([name]) => name)
  const range =
    Math.min(...pairs) === Math.max(...pairs) ? `${pairs[0]}` : `${Math.min(...pairs)} to ${Math.max(...pairs)}`
  const present = Object.entries(versions)
    .filter(([, version]) => version !== 'absent')
    .map(([name, version]) => `${name} ${version}`)
  const notes = [
    `Medians of ${range === '1' ? '1 round' : `${range} rounds`}, the programs in turns, on ${machine.cores} cores of ${machine.processor} with ${Math.round(machine.memory / 2 ** 30)} GiB`,
    `(${machine.system}; ${present.join(', ')})${absent.length > 0 ? `; not at hand: ${absent.join(', ')}` : ''}.`,
  ]
  return `${notes.join(' ')}\n\n| what | time | processor time | memory | compared |\n|---|---|---|---|---|\n${scenarios.map(row).join('\n')}\n`
}

export const TABLE_START = '<!-- made by npm run bench: begin -->\n'
export const TABLE_END = '<!-- made by npm run bench: end -->\n'

/** The text with the table between the two marks replaced, by default with all scenarios. */
export function withTable(text: string, results: Results, names?: readonly string[]): string {
  const [start, end] = [text.indexOf(TABLE_START), text.indexOf(TABLE_END)]
  if (start < 0 || end < start) throw new Error(`the text lacks the line ${TABLE_START.trim()} or ${TABLE_END.trim()}`)
  return text.slice(0, start + TABLE_START.length) + readmeTable(results, names) + text.slice(end)
}
