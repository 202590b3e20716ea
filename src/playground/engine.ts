import { hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { workloadGraphs } from '../core/graph/workload-graphs.ts'
import type { PodGraph } from '../core/graph/pod-graph.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import { inject, uninject } from '../core/inject/run.ts'
import type { FileResult } from '../core/inject/result.ts'
import { LATEST } from '../core/kube/version.ts'
import { builtinTemplate, type TemplateLibrary } from '../core/template/library.ts'
import type { RunMode, Template } from '../core/template/template.ts'
import { SourceText } from '../core/text/source.ts'
import { validateInputs } from '../core/validate/validate-inputs.ts'
import { DATA } from './data.ts'

/** The one file through which the page uses the core. */

/** What someone chose on the page. */
export interface Choice {
  /** Names of sidecars, in the order of the list. */
  sidecars: readonly string[]
  /** Values of parameters as they are typed, by sidecar and name; those that are not set are absent. */
  values: ReadonlyMap<string, ReadonlyMap<string, string>>
  mode: RunMode
  retargetServices: boolean
}

/** A finding as the page shows it. */
export interface Finding {
  severity: Diagnostic['severity']
  code: string
  message: string
  hint: string
  /** 1-based; 0 for one that is about no line. */
  line: number
}

/** What the core says of a manifest and a choice. */
export interface Answer {
  /** The result; the manifest itself where there are errors. */
  output: string
  hasErrors: boolean
  findings: readonly Finding[]
  /** What the API server would say of the result; looked at when it is asked for. */
  validation(): Promise<readonly Finding[]>
  file: FileResult
  /** Made when it is asked for. */
  graphs(): readonly PodGraph[]
}

const LABEL = 'manifest.yaml'

const LIBRARY: TemplateLibrary = {
  names: Object.keys(DATA.templates),
  read: (name) => {
    const found = Object.hasOwn(DATA.templates, name) ? DATA.templates[name] : undefined
    return found === undefined ? undefined : new SourceText(`<built-in>/${name}.yaml`, found.text)
  },
}

function loadSchema(file: string): unknown {
  return Object.hasOwn(DATA.schemas, file) ? DATA.schemas[file] : undefined
}

/** The templates that can be chosen. */
export const TEMPLATES: readonly Template[] = LIBRARY.names.flatMap((name) => builtinTemplate(name, LIBRARY) ?? [])

/** The version of Kubernetes that the page knows. */
export const VERSION = `1.${LATEST.minor}`

function optionsOf({ sidecars, values, mode, retargetServices }: Choice): InjectOptions {
  const parameters = sidecars.flatMap((template) =>
    [...(values.get(template) ?? [])].map(([name, value]) => ({ template, name, value })),
  )
  return {
    sidecars: sidecars.length > 0 ? sidecars : undefined,
    whenUnchosen: 'injected',
    costs: false,
    parameters,
    modes: mode === 'auto' ? undefined : new Map([['', mode]]),
    retargetServices: retargetServices || undefined,
    kubeVersion: LATEST,
    validate: true,
    templates: [],
    builtins: LIBRARY,
    loadSchema,
  }
}

/** Puts the chosen sidecars into a manifest, and says what is wrong with it and with the result. */
export async function work(text: string, choice: Choice): Promise<Answer> {
  const source = new SourceText(LABEL, text)
  const done = await inject([source], optionsOf(choice))
  // A sidecar of another template than those of the page is drawn as it is.
  const result = { ...done, diagnostics: done.diagnostics.filter(({ code }) => code !== 'SIDECAR_NOT_COMPARED') }
  const [file] = result.files
  if (file === undefined) throw new Error('no result for the manifest')
  const failed = hasErrors(result.diagnostics)
  const output = failed ? text : file.output
  const before = await validate(text)
  return {
    output,
    hasErrors: failed,
    findings: unique([...result.diagnostics.map(findingOf), ...before]),
    validation: async () => (output === text ? before : await validate(output)),
    file,
    graphs: () =>
      workloadGraphs(failed ? { files: [{ ...file, output: text }], diagnostics: [] } : result, {
        diff: true,
        kindsOf: () => [],
      }).flatMap(({ graphs }) => graphs.map(({ graph }) => graph)),
  }
}

/** Takes all sidecars out of a manifest again; undefined where that has errors. */
export async function remove(text: string): Promise<{ output: string | undefined; findings: readonly Finding[] }> {
  const none: Choice = { sidecars: [], values: new Map(), mode: 'auto', retargetServices: false }
  const { files, diagnostics } = await uninject([new SourceText(LABEL, text)], optionsOf(none))
  return { output: hasErrors(diagnostics) ? undefined : files[0]?.output, findings: diagnostics.map(findingOf) }
}

async function validate(text: string): Promise<Finding[]> {
  const { objects, diagnostics } = await validateInputs([new SourceText(LABEL, text)], {
    kubeVersion: LATEST,
    loadSchema,
    definitions: [],
    strictKinds: false,
  })
  return [...diagnostics, ...objects.flatMap((object) => object.diagnostics)].map(findingOf)
}

function findingOf({ severity, code, message, hint = '', at }: Diagnostic): Finding {
  const line = at === undefined || at.source.label !== LABEL ? 0 : at.source.position(at.range.start).line
  return { severity, code, message, hint, line }
}

function unique(findings: readonly Finding[]): Finding[] {
  const known = new Map(findings.map((one) => [`${one.line} ${one.code} ${one.message}`, one]))
  return [...known.values()].sort((a, b) => a.line - b.line)
}
