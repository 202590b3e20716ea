import { relative, resolve, sep } from 'node:path'
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { RunResult } from '../core/inject/result.ts'
import { kindsOf } from './engine-settings.ts'
import type { Host } from '../io/host.ts'

/** What a report in Markdown is made of. */
export interface MarkdownRun {
  /** `check`, `diff` or `status`. */
  command: string
  /** One line of totals. */
  summary: string
  result: RunResult
  diagnostics: readonly Diagnostic[]
  settings: InjectOptions
}

/** The report of a run for the reviewers of a change; in GitHub Actions its links lead to the commit that was checked. */
export async function markdown(
  host: Host,
  { command, summary, result, diagnostics, settings }: MarkdownRun,
): Promise<string> {
  const { markdownReport } = await import('../report/markdown/report.ts')
  const { workloadGraphs } = await import('../core/graph/workload-graphs.ts')
  return markdownReport({
    command: `sidecarctl ${command}`,
    summary,
    result,
    graphs: workloadGraphs(result, { diff: true, kindsOf: kindsOf(settings) }),
    diagnostics,
    baseUrl: baseUrl(host),
  })
}

/**
 * Where the files of the working folder are shown at the commit of the run; empty outside of GitHub Actions.
 * Source: docs.github.com, "Variables reference", default environment variables.
 */
function baseUrl({ env, cwd }: Host): string {
  const [server, repository, commit] = [env['GITHUB_SERVER_URL'], env['GITHUB_REPOSITORY'], env['GITHUB_SHA']]
  if (server === undefined || repository === undefined || commit === undefined) return ''
  if (!/^https:\/\/[\w.:-]+$/.test(server) || !/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^\w+$/.test(commit)) return ''
  const folder = relative(env['GITHUB_WORKSPACE'] ?? cwd, resolve(cwd))
  if (folder.startsWith('..')) return ''
  const path = folder === '' ? '' : `${folder.split(sep).map(encodeURIComponent).join('/')}/`
  return `${server}/${repository}/blob/${commit}/${path}`
}
