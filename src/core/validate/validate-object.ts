import { Field } from './objects/field.ts'
import { kindRules } from './objects/kinds.ts'
import { objectMeta, warnNoHostname } from './objects/metadata/index.ts'
import type { PodRules } from './pod-context.ts'
import type { ValidationContext } from './rule.ts'

const NAMES_PODS = new Set(['Pod', 'Deployment', 'ReplicaSet', 'ReplicationController', 'Job', 'CronJob'])

/**
 * Validates one object as the API server does when it is created, on plain data: metadata, the kind's own rules,
 * and the rules of every pod in it. A list of objects has nothing to check but its items, one by one. Shapes and
 * types are the schema's business; a value of a wrong type is skipped.
 *
 * @param podRules the rules of a pod's spec, called for the Pod or for each pod template; they report by themselves
 */
export function validateObject(ctx: ValidationContext, podRules: PodRules): void {
  if (ctx.kind.endsWith('List') && Array.isArray(ctx.data.items)) return
  objectMeta(ctx)
  const rules = kindRules(ctx.group, ctx.version, ctx.kind)
  if (rules === undefined) return
  rules(Field.root(ctx), podRules)
  if (NAMES_PODS.has(ctx.kind)) warnNoHostname(ctx)
}
