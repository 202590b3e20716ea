import { otherFilesText } from '../report/other-files.ts'
import { policiesText } from '../report/policies.ts'
import type { LoadedManifests } from './load-manifests.ts'

type Verbosity = Parameters<typeof otherFilesText>[1]

/** The last lines of a report: which policies decided, and which files were skipped. */
export function inputsText(
  { loaded, others, policies }: Pick<LoadedManifests, 'loaded' | 'others' | 'policies'>,
  verbosity: Verbosity,
): string {
  const labels = loaded.files.filter(({ source }) => !source.isContinued).map(({ source }) => source.label)
  const names = labels.map((label) => policies.of(label).policy?.source.label)
  return policiesText(names, verbosity) + otherFilesText(others, verbosity)
}
