import type { Engine } from '../../src/cli/engine.ts'
import { diagnostic, type Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import type { FileResult, RunResult, WorkloadOutcome } from '../../src/core/inject/result.ts'
import type { SourceText } from '../../src/core/text/source.ts'

/** A Deployment that the engines of these tests treat as a workload. */
export function deployment(name: string): string {
  return `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n`
}

const MARK = '# sidecar: '

function outcome(text: string, status: WorkloadOutcome['status'], names: readonly string[]): WorkloadOutcome {
  const resource = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: '',
    name: /name: (.*)/.exec(text)?.[1] ?? '',
  }
  const action = status === 'removed' ? 'removed' : status === 'up to date' ? 'kept' : 'added'
  const sidecars = names.map((name) => ({ name, version: '1.0.0', action, details: [`container ${name}`] }) as const)
  return { resource, document: 0, offset: text.indexOf('apiVersion'), status, sidecars }
}

function findErrors(source: SourceText): Diagnostic[] {
  const table = { BROKEN: 'YAML_SYNTAX', WRONG: 'FIELD_REQUIRED' } as const
  return Object.entries(table).flatMap(([word, code]) => {
    const start = source.text.indexOf(word)
    return start < 0
      ? []
      : [diagnostic(code, `found ${word}`, { at: { source, range: { start, end: start + word.length } } })]
  })
}

function each(inputs: readonly SourceText[], work: (source: SourceText) => FileResult): RunResult {
  const diagnostics = inputs.flatMap(findErrors)
  return { files: inputs.map(work), diagnostics }
}

/** The last options that the fake engine was called with. */
export const seen: { options: InjectOptions | undefined } = { options: undefined }

/** An engine that "injects" a comment line at the end of any text with `kind: Deployment`. */
export const fakeEngine: Engine = {
  async inject(inputs, options) {
    seen.options = options
    const names = options.sidecars ?? ['logging']
    if (names.includes('crash')) throw new TypeError('a planted bug')
    return each(inputs, (source) => {
      const { text } = source
      if (!text.includes('kind: Deployment')) return { source, output: text, workloads: [] }
      if (text.includes(MARK)) return { source, output: text, workloads: [outcome(text, 'up to date', names)] }
      return { source, output: `${text}${MARK}${names.join(',')}\n`, workloads: [outcome(text, 'injected', names)] }
    })
  },
  async injectSkippingFailing(inputs, options) {
    return { result: await this.inject(inputs, options), failures: [] }
  },
  async uninject(inputs, options) {
    seen.options = options
    return each(inputs, (source) => {
      const at = source.text.indexOf(MARK)
      if (at < 0) return { source, output: source.text, workloads: [] }
      return { source, output: source.text.slice(0, at), workloads: [outcome(source.text, 'removed', ['logging'])] }
    })
  },
  stripLive: (file) => file,
  conversionErrors: () => [],
  toYaml: (file) => file.output,
  toJson: (files) => `${JSON.stringify(files.map((file) => file.output))}\n`,
}
