/**
 * Measures the engine on any folder of manifests: `npm run test:corpus -- DIR [--no-validate]`. Prints what share of
 * the files with workloads keeps the promises: only additions, the same after a second run, and exact removal.
 */
import fs from 'node:fs'
import { join, relative } from 'node:path'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { readInput } from '../../src/core/inject/read-input.ts'
import { LATEST } from '../../src/core/kube/version.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { decodeText } from '../../src/core/text/decode.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../src/io/schema-loader.ts'
import { isAddedOnly } from './added-only.ts'

declare const PROJECT_ROOT: string

const args = process.argv.slice(2)
const validate = !args.includes('--no-validate')
const verbose = args.includes('--verbose')
const folders = args.filter((arg) => !arg.startsWith('--'))
if (folders.length === 0) throw new Error('name a folder of manifests')

const options: InjectOptions = {
  parameters: [],
  kubeVersion: LATEST,
  validate,
  templates: [],
  builtins: builtinTemplates({
    fs,
    templatesFolder: join(PROJECT_ROOT, 'templates'),
    compiledTemplatesFolder: undefined,
  }),
  loadSchema: schemaLoader({ fs, schemasFolder: join(PROJECT_ROOT, 'dist', 'schemas') }),
}

function manifestsIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

const count = {
  files: 0,
  withWorkloads: 0,
  refused: 0,
  injected: 0,
  addedOnly: 0,
  twiceSame: 0,
  undoneExact: 0,
  workloads: 0,
  workloadsInjected: 0,
}
const reasons = new Map<string, string[]>()
const faults: string[] = []

function refuse(code: string, line: string): void {
  count.refused++
  const files = reasons.get(code) ?? []
  files.push(line)
  reasons.set(code, files)
}

async function measure(name: string, path: string): Promise<void> {
  count.files++
  const decoded = decodeText(name, fs.readFileSync(path))
  if (!decoded.ok) {
    count.withWorkloads++
    refuse('TEXT_ENCODING', `${name}: ${decoded.error.message}`)
    return
  }
  const { source } = decoded
  const read = readInput(source)
  const workloads = read.documents.reduce((n, d) => n + d.workloads.length, 0)
  if (workloads === 0 && read.diagnostics.length === 0) return
  count.withWorkloads++
  const result = await inject([source], options)
  const error = result.diagnostics.find((d) => d.severity === 'error')
  if (error !== undefined) {
    const at = error.at === undefined ? undefined : source.position(error.at.range.start)
    refuse(error.code, `${name}:${at?.line ?? 0}:${at?.column ?? 0} ${error.message}`)
    return
  }
  const [file] = result.files
  if (file === undefined) throw new Error('a result without its file')
  const done = file.workloads.filter((w) => w.status === 'injected').length
  count.injected++
  count.workloads += workloads
  count.workloadsInjected += done
  if (done !== workloads) faults.push(`${name}: ${done} of ${workloads} workloads injected`)
  if (isAddedOnly(source.text, file.output)) count.addedOnly++
  else faults.push(`${name}: more than additions`)
  const changed = new SourceText(name, file.output)
  const again = await inject([changed], options)
  if (again.files[0]?.output === file.output && again.diagnostics.every((d) => d.severity !== 'error'))
    count.twiceSame++
  else faults.push(`${name}: a second run changes the file`)
  const undone = await uninject([changed], options)
  if (undone.files[0]?.output === source.text) count.undoneExact++
  else faults.push(`${name}: not undone exactly`)
}

for (const folder of folders) {
  for (const path of manifestsIn(folder)) await measure(relative(folder, path), path)
}

const share = (n: number): string =>
  `${n} of ${count.injected} (${((100 * n) / Math.max(1, count.injected)).toFixed(1)}%)`
const lines = [
  `files                 ${count.files}`,
  `files with workloads  ${count.withWorkloads}`,
  `injected              ${count.injected}`,
  `added-only            ${share(count.addedOnly)}`,
  `twice-same            ${share(count.twiceSame)}`,
  `undone-exact          ${share(count.undoneExact)}`,
  `workloads injected    ${count.workloadsInjected} of ${count.workloads}`,
  `refused               ${count.refused}`,
]
for (const [code, files] of [...reasons].sort()) {
  lines.push(`  ${code}  ${files.length}`)
  for (const line of files.slice(0, verbose ? files.length : 5)) lines.push(`    ${line}`)
  if (!verbose && files.length > 5) lines.push(`    ... (--verbose lists all)`)
}
for (const fault of faults) lines.push(`FAULT ${fault}`)
process.stdout.write(`${lines.join('\n')}\n`)
if (faults.length > 0 || count.injected === 0) process.exitCode = 1
