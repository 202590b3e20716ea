import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateInputs } from '../../src/core/validate/validate-inputs.ts'
import { formatJsonPath } from '../../src/core/json/json.ts'
import type { SchemaLoader } from '../../src/core/schema/kube-schema.ts'
import { decodeText } from '../../src/core/text/decode.ts'

/** A table of recorded verdicts and the folder of the files it is about, in the shared folder. */
export interface Oracle {
  readonly table: string
  readonly folder: string
  /** Whether the server had no custom resources, so that it refused objects of unknown kinds. */
  readonly strictKinds: boolean
}

/** What kube-apiserver 1.36.2 said, by server-side dry run with strict field validation. */
export const ORACLES: readonly Oracle[] = [
  { table: 'oracle/verdicts.tsv', folder: 'oracle/verdicts', strictKinds: true },
  { table: 'oracle/verdicts2.tsv', folder: 'oracle/verdicts2', strictKinds: true },
  { table: 'oracle/corpus-verdicts.tsv', folder: 'corpus/manifests', strictKinds: false },
]

/** A file of which we say something else than the API server. */
export interface Difference {
  readonly file: string
  readonly theirs: string
  /** Our errors; none where we accept what the API server refuses. */
  readonly ours: readonly string[]
}

export interface Agreement {
  readonly total: number
  readonly agreed: number
  readonly differences: readonly Difference[]
}

/** Our errors about a file, one line each. */
export async function errorsOf(
  path: string,
  loadSchema: SchemaLoader,
  minor = 36,
  strictKinds = false,
): Promise<string[]> {
  const decoded = decodeText(path, readFileSync(path))
  if (!decoded.ok) return [`TEXT_ENCODING ${decoded.error.message}`]
  const options = { kubeVersion: { minor }, strictKinds, definitions: [], loadSchema }
  const { objects } = await validateInputs([decoded.source], options)
  return objects
    .flatMap(({ diagnostics }) => diagnostics)
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, resource, path: at, message }) =>
        `${code} ${resource?.kind ?? ''}/${resource?.name ?? ''} ${formatJsonPath(at ?? [])}: ${message}`,
    )
}

/** Compares our verdict on every file of a table with the recorded one: a file fails if anything in it does. */
export async function compare(oracle: Oracle, shared: string, loadSchema: SchemaLoader): Promise<Agreement> {
  const rows = readFileSync(join(shared, oracle.table), 'utf8').trimEnd().split('\n')
  const differences: Difference[] = []
  for (const row of rows) {
    const [verdict = '', file = '', said = ''] = row.split('\t')
    const ours = await errorsOf(join(shared, oracle.folder, file), loadSchema, 36, oracle.strictKinds)
    if ((verdict === 'OK') !== (ours.length === 0))
      differences.push({ file, theirs: said === '' ? verdict : `${verdict} ${said}`, ours })
  }
  return { total: rows.length, agreed: rows.length - differences.length, differences }
}
