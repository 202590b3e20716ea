import { qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { qualifiedFinalizer } from '../metadata/owners.ts'

const CODE = 'CLUSTER_FIELD'

/** Source: core validation ValidateNamespace. */
export function namespace(object: Field): void {
  const list = object.get('spec', 'finalizers')
  for (const item of list.items()) {
    const { text } = item
    if (text === undefined) continue
    list.reportFaults(CODE, [...qualifiedName(text), ...qualifiedFinalizer(text)], { shown: text, at: item.path })
  }
  podSecurityLabels(object.get('metadata', 'labels'))
}

const LEVELS = ['privileged', 'baseline', 'restricted']

/**
 * Levels and versions of the Pod Security Standards.
 * Source: pod-security-admission PolicyToEvaluate, on by default.
 */
function podSecurityLabels(labels: Field): void {
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`
    const level = labels.entryText(key)
    if (level !== undefined && !LEVELS.includes(level)) {
      labels.get(key).invalid(CODE, `must be one of ${LEVELS.join(', ')}`, { shown: level })
    }
    const version = labels.entryText(`${key}-version`)
    if (version !== undefined && !/^(?:latest|v1\.(?:[0-9]|[1-9][0-9]*))$/.test(version)) {
      labels.get(`${key}-version`).invalid(CODE, 'must be "latest" or "v1.x"', { shown: version })
    }
  }
}
