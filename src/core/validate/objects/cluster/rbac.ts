import { dns1123Subdomain } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { pathSegment } from '../metadata/names.ts'
import { labelSelector } from '../selector.ts'

const GROUP = 'rbac.authorization.k8s.io'

/** Source: rbac validation ValidateRole. */
export function role(object: Field): void {
  for (const rule of object.get('rules').items()) policyRule(rule, true)
}

/** Source: rbac validation ValidateClusterRole. */
export function clusterRole(object: Field): void {
  for (const rule of object.get('rules').items()) policyRule(rule, false)
  const aggregation = object.get('aggregationRule')
  if (!aggregation.present) return
  const selectors = aggregation.get('clusterRoleSelectors')
  selectors.nonEmpty('at least one clusterRoleSelector required if aggregationRule is non-nil')
  for (const selector of selectors.items()) labelSelector(selector)
}

/** Source: rbac validation ValidatePolicyRule. */
function policyRule(rule: Field, namespaced: boolean): void {
  const code = 'RBAC_RULE'
  if (rule.get('verbs').empty) rule.get('verbs').required(code, 'verbs must contain at least one value')
  const urls = rule.get('nonResourceURLs')
  const groups = rule.get('apiGroups')
  const resources = rule.get('resources')
  if (!urls.empty) {
    if (namespaced)
      urls.invalid(code, 'namespaced rules cannot apply to non-resource URLs', { hint: 'use a ClusterRole' })
    if (!groups.empty || !resources.empty || !rule.get('resourceNames').empty) {
      const hint = 'split the rule in two'
      urls.invalid(code, 'rules cannot apply to both regular resources and non-resource URLs', { hint })
    }
    return
  }
  if (groups.empty) {
    groups.required(
      code,
      'resource rules must supply at least one api group',
      'write apiGroups: [""] for the core group',
    )
  }
  if (resources.empty) resources.required(code, 'resource rules must supply at least one resource')
}

/** Source: rbac validation ValidateRoleBinding. */
export function roleBinding(object: Field): void {
  binding(object, ['Role', 'ClusterRole'], true)
}

/** Source: rbac validation ValidateClusterRoleBinding. */
export function clusterRoleBinding(object: Field): void {
  binding(object, ['ClusterRole'], false)
}

function binding(object: Field, kinds: readonly string[], namespaced: boolean): void {
  const code = 'RBAC_BINDING'
  const reference = object.get('roleRef')
  reference.get('apiGroup').oneOf(code, [GROUP])
  const kind = reference.get('kind')
  if (kind.empty || (kind.text !== undefined && !kinds.includes(kind.text))) {
    kind.unsupported(code, kinds, { shown: kind.text ?? '' })
  }
  reference.get('name').requiredFormat(code, pathSegment)
  for (const item of object.get('subjects').items()) subject(item, namespaced)
}

/** The group of users defaults to RBAC's. Source: rbac validation ValidateRoleBindingSubject. */
function subject(item: Field, namespaced: boolean): void {
  const code = 'RBAC_BINDING'
  const name = item.get('name')
  const group = item.get('apiGroup')
  const kind = item.get('kind')
  name.nonEmpty()
  if (kind.text === 'ServiceAccount') {
    name.format(code, dns1123Subdomain)
    group.oneOf(code, [''])
    const namespace = item.get('namespace')
    if (!namespaced && namespace.empty) namespace.required(code, '', 'name the namespace of the ServiceAccount')
  } else if (kind.text === 'User' || kind.text === 'Group') group.oneOf(code, [GROUP])
  else if (kind.text !== undefined || kind.empty) {
    kind.unsupported(code, ['ServiceAccount', 'User', 'Group'], { shown: kind.text ?? '' })
  }
}
