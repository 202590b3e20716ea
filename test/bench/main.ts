/**
 * Measures the built program beside others; `npm run bench -- --help` says how. A run of everything goes into
 * results.json, from which README.md has its table.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { arch, cpus, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { findProgram } from './measure.ts'
import { hasFailed, scenarioText, type Results, type ScenarioResult } from './results.ts'
import { runScenario } from './run.ts'
import { SCENARIOS, type Scenario } from './scenarios.ts'

declare const PROJECT_ROOT: string

const FILE = join(PROJECT_ROOT, 'test', 'bench', 'results.json')

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    pairs: { type: 'string', default: '7' },
    limit: { type: 'string', default: '60' },
    big: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const HELP = `Usage: npm run bench -- [OPTIONS]

Measures the built program (npm run build) beside node, kubectl kustomize, kustomize and kubeconform, as far as they
are on the PATH. Inputs are made from numbers: workloads differ as those of real repositories do. Programs take turns,
and figures are medians. Nothing else should run on the machine; unset NODE_EXTRA_CA_CERTS, which slows node's start.

      --only NAME[,NAME]  measure these scenarios; may be repeated
      --pairs N           take N rounds of each (default: 7; fewer where they take long)
      --limit SECONDS     stop a program after so long (default: 60)
      --big               measure those that take minutes, too
      --json              print the figures as JSON
      --save              write figures of --only to test/bench/results.json; a run of all scenarios always does
  -h, --help              print this

Scenarios:
${SCENARIOS.map(({ name, title, big, missing }) => `  ${name.padEnd(20)} ${title}${big === true ? ' (--big)' : ''}${missing === undefined ? '' : ` (${missing})`}`).join('\n')}
`

if (values.help) {
  process.stdout.write(HELP)
  process.exit(0)
}

function chosen(): readonly Scenario[] {
  if (values.only === undefined) return SCENARIOS.filter(({ big }) => values.big || big !== true)
  const names = values.only.flatMap((text) => text.split(','))
  const unknown = names.filter((name) => !SCENARIOS.some((one) => one.name === name))
  if (unknown.length > 0)
    throw new Error(`no scenario ${unknown.join(', ')}; there are ${SCENARIOS.map(({ name }) => name).join(', ')}`)
  return SCENARIOS.filter(({ name }) => names.includes(name))
}

/** The first version number that a program says it has. */
function versionOf(program: string, ...args: string[]): string {
  const path = findProgram(program)
  if (path === undefined) return 'absent'
  return /v?\d+\.\d+(?:\.\d+)?/.exec(execFileSync(path, args, { encoding: 'utf8' }))?.[0] ?? 'unknown'
}

function versions(): Results['versions'] {
  return {
    node: process.version,
    kubectl: versionOf('kubectl', 'version', '--client'),
    kustomize: versionOf('kustomize', 'version'),
    kubeconform: versionOf('kubeconform', '-v'),
  }
}

function machine(): Results['machine'] {
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
    system: `${type()} ${arch()}`,
  }
}

/** The new figures in place of the old of the same names, in the order of the list. */
function joined(fresh: readonly ScenarioResult[]): ScenarioResult[] {
  const old = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Results).scenarios : []
  return SCENARIOS.flatMap(({ name }) => [...fresh, ...old].find((one) => one.name === name) ?? [])
}

const out: ScenarioResult[] = []
for (const scenario of chosen()) {
  if (scenario.missing !== undefined) {
    process.stderr.write(`${scenario.name}: skipped, ${scenario.missing}\n`)
    continue
  }
  const result = await runScenario(scenario, {
    root: PROJECT_ROOT,
    pairs: Number(values.pairs),
    limit: Number(values.limit),
  })
  out.push(result)
  if (!values.json) process.stdout.write(`${scenarioText(result)}\n`)
}
const results: Results = { machine: machine(), versions: versions(), scenarios: out }
if (values.json) process.stdout.write(`${JSON.stringify(results, undefined, 2)}\n`)
if (values.only === undefined || values.save)
  writeFileSync(FILE, `${JSON.stringify({ ...results, scenarios: joined(out) }, undefined, 2)}\n`)
if (hasFailed(results)) process.exitCode = 1
