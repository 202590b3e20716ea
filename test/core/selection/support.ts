import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inject } from '../../../src/core/inject/run.ts'
import type { Diagnostic, SourceLocation } from '../../../src/core/diagnostics/diagnostic.ts'
import { LATEST } from '../../../src/core/kube/version.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import type { Policy } from '../../../src/core/selection/policy.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'

const ROOT = new URL('../../../', import.meta.url)

export const OPTIONS: InjectOptions = {
  parameters: [],
  kubeVersion: LATEST,
  validate: false,
  templates: [],
  builtins: builtinTemplates({
    fs,
    templatesFolder: fileURLToPath(new URL('templates', ROOT)),
    compiledTemplatesFolder: undefined,
  }),
  loadSchema: (file) => JSON.parse(fs.readFileSync(new URL(`dist/schemas/${file}`, ROOT), 'utf8')) as unknown,
}

/** A policy from the lines under `spec:`; its inputs lie in its folder under their labels. */
export async function policy(spec: string): Promise<Policy> {
  const text = `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n${spec.replace(/^/gm, '  ')}`
  const { policy: read, diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
  if (read === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return read
}

/** Injects texts by label. */
export async function run(files: Record<string, string>, options: Partial<InjectOptions> = {}): Promise<RunResult> {
  return await inject(
    Object.entries(files).map(([label, text]) => new SourceText(label, text)),
    { ...OPTIONS, ...options },
  )
}

/** The text at a place, or, where that is empty, its line and column. */
export function textAt(at: SourceLocation | undefined): string {
  if (at === undefined) return 'nothing'
  const { line, column } = at.source.position(at.range.start)
  return at.source.text.slice(at.range.start, at.range.end) || `${line}:${column}`
}

/** A diagnostic in one line: its code, place, message and hint. */
export function problemLine({ code, at, message, hint = '-' }: Diagnostic): string {
  return `${code} at ${textAt(at)}: ${message} | ${hint}`
}

interface Parts {
  name?: string
  namespace?: string
  labels?: string
  annotations?: string
  podLabels?: string
  podAnnotations?: string
}

function line(indent: string, key: string, value: string | undefined): string {
  return value === undefined ? '' : `${indent}${key}: ${value}\n`
}

/** A Deployment; maps are given in flow style. */
export function deployment(parts: Parts = {}): string {
  const { name = 'web', namespace, labels, annotations, podLabels = '{app: web}', podAnnotations } = parts
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
${line('  ', 'namespace', namespace)}${line('  ', 'labels', labels)}${line('  ', 'annotations', annotations)}spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: ${podLabels}
${line('      ', 'annotations', podAnnotations)}    spec:
      containers:
        - name: web
          image: nginx:1.29
          ports:
            - containerPort: 8080
`
}

/** Names of the sidecars that a run put or left in its first workload, or why there are none. */
export function chosen(result: RunResult): string {
  const [workload] = result.files.flatMap((file) => file.workloads)
  const codes = [...new Set(result.diagnostics.filter((d) => d.severity === 'error').map((d) => d.code))]
  if (codes.length > 0) return codes.join(' ')
  const names = (workload?.sidecars ?? []).filter((s) => s.action !== 'removed').map((s) => s.name)
  return names.length > 0 ? names.join(',') : (workload?.reason ?? '')
}
