import { isObject } from '../../../json/json.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { podTemplate, specOf } from './template.ts'

/** A Pod has only metadata and its spec. Source: core validation ValidatePodCreate. */
export function pod(object: Field, podRules: PodRules): void {
  const { ctx } = object
  const metadata = object.get('metadata')
  const spec = object.get('spec')
  podRules(specOf(spec), spec.path, {
    kubeVersion: ctx.kubeVersion,
    kind: 'Pod',
    metadata: isObject(metadata.value) ? metadata.value : undefined,
    metadataPath: metadata.path,
    extraVolumes: [],
  })
}

/** Source: core validation ValidatePodTemplate. */
export function podTemplateObject(object: Field, podRules: PodRules): void {
  podTemplate(object.get('template'), podRules)
}
