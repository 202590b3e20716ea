import { append } from '../common/append.ts'
import { uniqueDiagnostics } from '../diagnostics/dedupe.ts'
import { hasErrors } from '../diagnostics/diagnostic.ts'
import type { Selector } from '../selection/selector.ts'
import type { SourceText } from '../text/source.ts'
import { injectInputs } from './inject-inputs.ts'
import type { InjectOptions } from './options.ts'
import type { FileResult, RunResult } from './result.ts'
import { absentSidecars, defaultNote, nothingChosen, templateNotes, unknownInjected } from './run-diagnostics.ts'
import { contextsOf, openScopes, openSelector, type Scope } from './scopes.ts'
import type { Operation } from './workload-result.ts'

/** Adds the sidecars that flags, annotations and the policy choose for it to every workload of the inputs. */
export async function inject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const { scopes, diagnostics } = await openScopes(inputs, options)
  const selectors = new Map<Scope, Selector>()
  for (const scope of scopes) {
    const { selector, diagnostics: problems } = openSelector(scope, inputs)
    append(diagnostics, problems)
    selectors.set(scope, selector)
  }
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics: uniqueDiagnostics(diagnostics) }
  const operationOf = (scope: Scope): Operation => ({
    command: 'inject',
    select: (selectors.get(scope) as Selector).select,
    find: scope.catalog.get,
    isOwn: scope.catalog.isOwn,
  })
  const result = await injectInputs(inputs, contextsOf(scopes, operationOf), options)
  const refused = nothingChosen(result)
  if (refused.length > 0)
    return { files: result.files.map(unchanged), diagnostics: [...refused, ...result.diagnostics] }
  append(diagnostics, templateNotes(scopes, selectors))
  append(diagnostics, defaultNote(result))
  append(diagnostics, unknownInjected(result))
  return { ...result, diagnostics: [...uniqueDiagnostics(diagnostics), ...result.diagnostics] }
}

/** Removes the named sidecars, or all, from every selected workload of the inputs. */
export async function uninject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const names = options.sidecars === undefined ? undefined : new Set(options.sidecars)
  // Templates show what their sidecars can have added. Errors in them do not matter for a removal, and are not
  // reported.
  const { scopes } = await openScopes(inputs, options)
  const operationOf = ({ catalog }: Scope): Operation => ({
    command: 'uninject',
    names,
    find: catalog.get,
    isOwn: catalog.isOwn,
  })
  const result = await injectInputs(inputs, contextsOf(scopes, operationOf), options)
  const absent =
    result.needsWhole === true || hasErrors(result.diagnostics) ? [] : absentSidecars(result, names ?? new Set())
  return absent.length === 0
    ? result
    : { ...result, files: result.files.map(unchanged), diagnostics: [...absent, ...result.diagnostics] }
}

function unchanged(file: FileResult): FileResult {
  return { ...file, output: file.source.text }
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}
