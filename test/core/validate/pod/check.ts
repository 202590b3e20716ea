// Small builders stand beside the table that uses them.
import { expect } from 'vitest'
import { codeInfo } from '../../../../src/core/diagnostics/codes.ts'
import { formatJsonPath, type Json, type JsonObject } from '../../../../src/core/json/json.ts'
import type { Finding } from '../../../../src/core/diagnostics/finding.ts'
import type { PodContext } from '../../../../src/core/validate/pod-context.ts'
import { validatePodSpec } from '../../../../src/core/validate/pod/index.ts'

export interface Options {
  minor?: number
  kind?: string
  metadata?: JsonObject
  extraVolumes?: string[]
}

function isError({ severity, code }: Finding): boolean {
  return (severity ?? codeInfo(code).severity) === 'error'
}

/** All findings for a pod spec, in order. Proves on the way that who asks for errors alone gets all of them. */
export function findings(spec: JsonObject, options: Options = {}): Finding[] {
  const ctx: PodContext = {
    kubeVersion: { minor: options.minor ?? 36 },
    kind: options.kind ?? 'Deployment',
    metadata: options.metadata,
    metadataPath: ['metadata'],
    extraVolumes: options.extraVolumes ?? [],
  }
  const found: Finding[] = []
  const errors: Finding[] = []
  validatePodSpec(spec, [], ctx, (finding) => found.push(finding))
  validatePodSpec(spec, [], ctx, (finding) => errors.push(finding), 'errors')
  expect(errors.filter(isError)).toEqual(found.filter(isError))
  return found
}

/** Findings as `CODE path`, with the path of the field from the spec; `~` marks those that are no errors. */
export function check(spec: JsonObject, options: Options = {}): string[] {
  return findings(spec, options).map((finding) => {
    return `${isError(finding) ? '' : '~'}${finding.code} ${formatJsonPath(finding.at ?? finding.path)}`
  })
}

/** A pod spec with one container that has these fields too. */
export function container(fields: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return { containers: [{ name: 'web', image: 'nginx', ...fields }], ...spec }
}

/** A pod spec with one container and these volumes, each named after its place: v0, v1. */
export function volumes(...sources: JsonObject[]): JsonObject {
  return container({}, { volumes: sources.map((source, i): Json => Object.assign({ name: `v${i}` }, source)) })
}
