import { templateOf } from '../kube/pod-template.ts'
import { recordOf } from '../ownership/record-text.ts'
import type { Survey } from '../selection/policy-starter.ts'
import type { SourceText } from '../text/source.ts'
import { readInput } from './read-input.ts'

/** Summarizes the YAML and JSON files of a repository: its kinds, namespaces, injected sidecars and invalid files. */
export function survey(inputs: readonly SourceText[]): Survey {
  const kinds = new Map<string, number>()
  const namespaces = new Map<string, number>()
  const sidecars = new Set<string>()
  const invalidFiles: string[] = []
  const validFiles: string[] = []
  for (const source of inputs) {
    const { documents, diagnostics } = readInput(source)
    const isInvalid = diagnostics.some(({ severity }) => severity === 'error')
    ;(isInvalid ? invalidFiles : validFiles).push(source.label)
    for (const { workloads } of documents) {
      for (const workload of workloads) {
        const { kind, namespace } = workload.ref
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
        namespaces.set(namespace, (namespaces.get(namespace) ?? 0) + 1)
        const template = templateOf(workload)
        for (const name of recordOf(template ?? null).sidecars.keys()) sidecars.add(name)
      }
    }
  }
  return { kinds, namespaces, sidecars, invalidFiles, validFiles }
}
