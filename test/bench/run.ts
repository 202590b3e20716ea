/** Runs the sides of a scenario in turns and takes medians. */
import { type Contender, withLab } from './lab.ts'
import { measure, type Usage } from './measure.ts'
import type { ContenderResult, RatioResult, Reason, ScenarioResult, Spread } from './results.ts'
import { SIDECARCTL, type Comparison, type Scenario } from './scenarios.ts'

export interface RunOptions {
  root: string
  /** How many rounds; fewer when they take long. */
  pairs: number
  /** Seconds after which a run is stopped. */
  limit: number
}

/** Milliseconds after which no further round of a scenario is begun. */
const ENOUGH = 120_000
/** Milliseconds from which on a run is not warmed up for: the first round counts. */
const LONG = 5000

interface Side {
  contender: Contender
  runs: Usage[]
  peak: number | undefined
  /** Why there are no figures. */
  why: Reason | undefined
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

function spread(values: readonly number[]): Spread {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

async function turn(side: Side, memory: boolean, limit: number): Promise<void> {
  if (side.why !== undefined || side.contender.command === undefined) return
  const outcome = await measure(side.contender.command, memory, limit)
  if ('usage' in outcome) {
    side.runs.push(outcome.usage)
    side.peak = Math.max(side.peak ?? 0, outcome.usage.peak ?? 0) || undefined
  } else if ('stopped' in outcome) side.why = { stopped: outcome.stopped }
  else side.why = { failed: outcome.failed }
}

/** The first round measures memory; it only counts as to time where it took long. Then each round begins with another side. */
async function rounds(sides: Side[], { pairs, limit }: RunOptions): Promise<void> {
  const start = performance.now()
  for (const side of sides) await turn(side, true, limit)
  const isLong = sides.some(({ runs, why }) => (runs[0]?.wall ?? 0) > LONG || (why !== undefined && 'stopped' in why))
  if (!isLong) for (const side of sides) side.runs.length = 0
  for (let n = isLong ? 1 : 0; n < pairs; n++) {
    if (n > 0 && performance.now() - start > ENOUGH) return
    for (let k = 0; k < sides.length; k++) await turn(sides[(n + k) % sides.length] as Side, isLong, limit)
  }
}

function ratio(sides: readonly Side[], { of, to, metric, most, least }: Comparison): RatioResult {
  const goal = { ...(most !== undefined && { most }), ...(least !== undefined && { least }) }
  const [a, b] = [of, to].map((name) => sides.find(({ contender }) => contender.name === name))
  const count = Math.min(a?.runs.length ?? 0, b?.runs.length ?? 0)
  const values = Array.from(
    { length: count },
    (_, n) => (a?.runs[n]?.[metric] as number) / (b?.runs[n]?.[metric] as number),
  )
  if (values.length > 0) return { of, to, metric, value: spread(values), ...goal }
  // It was stopped, so it takes at least so many times as long.
  const stopped = metric === 'wall' && a?.why !== undefined && 'stopped' in a.why ? a.why.stopped : undefined
  if (stopped === undefined || b === undefined || b.runs.length === 0) return { of, to, metric, ...goal }
  return { of, to, metric, above: (stopped * 1000) / median(b.runs.map((run) => run.wall)), ...goal }
}

function sideResult({ contender, runs, peak, why }: Side): ContenderResult {
  if (contender.command === undefined) return { name: contender.name, why: { absent: true } }
  if (runs.length === 0) return { name: contender.name, ...(why !== undefined && { why }) }
  const times = { wall: spread(runs.map((run) => run.wall)), cpu: spread(runs.map((run) => run.cpu)) }
  return { name: contender.name, ...times, ...(peak !== undefined && { peak }), ...(why !== undefined && { why }) }
}

/** Measures one scenario. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<ScenarioResult> {
  return await withLab(options.root, async (lab) => {
    const { bytes, workloads, contenders } = await scenario.prepare(lab)
    const sides = contenders.map((contender): Side => ({ contender, runs: [], peak: undefined, why: undefined }))
    await rounds(sides, { ...options, limit: Math.max(options.limit, scenario.limit ?? 0) })
    const peak = sides.find(({ contender }) => contender.name === SIDECARCTL)?.peak
    return {
      name: scenario.name,
      title: scenario.title,
      bytes,
      workloads,
      pairs: Math.max(...sides.map(({ runs }) => runs.length)),
      contenders: sides.map(sideResult),
      ratios: scenario.comparisons.map((comparison) => ratio(sides, comparison)),
      ...(scenario.mebibytes !== undefined && {
        memory: { most: scenario.mebibytes * 2 ** 20, ...(peak !== undefined && { value: peak }) },
      }),
    }
  })
}
