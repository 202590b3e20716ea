import { dns1123Label, maskTrailingDash } from '../../../kube/names.ts'
import { Field, type Format } from '../field.ts'
import type { ValidationContext } from '../../rule.ts'
import { annotations } from './annotations.ts'
import { labels } from './labels.ts'
import { hasCoreMetadata, hasFreeGenerateName, keepsGeneration, nameFormat } from './names.ts'
import { finalizers, ownerReferences } from './owners.ts'

/**
 * The rules of every object's metadata.
 *
 * A namespace on a cluster-scoped object is not a fault: the API server clears it without a warning (apiserver
 * registry/rest EnsureObjectNamespaceMatchesRequestNamespace). `managedFields`, `resourceVersion` and other fields that
 * the API server or kubectl overwrites are not validated.
 * Source: apimachinery api/validation ValidateObjectMetaAccessor.
 */
export function objectMeta(ctx: ValidationContext): void {
  const metadata = Field.root(ctx).get('metadata')
  if (!REVIEW_GROUPS.has(ctx.group)) names(metadata)
  if (ctx.isNamespaced) metadata.get('namespace').format('METADATA_NAMESPACE', dns1123Label)
  const generation = metadata.get('generation')
  if ((generation.number ?? 0) < 0 && keepsGeneration(ctx.group, ctx.kind)) generation.nonNegative('NUMBER_NEGATIVE')
  labels(metadata.get('labels'), undefined, overwrittenLabel(ctx, metadata))
  annotations(metadata.get('annotations'))
  ownerReferences(metadata.get('ownerReferences'))
  finalizers(metadata.get('finalizers'), hasCoreMetadata(ctx.group, ctx.kind))
}

/**
 * The label that the API server sets to a Namespace's name, whatever its value; undefined for other kinds.
 * Source: core/v1 SetDefaults_Namespace.
 */
function overwrittenLabel(ctx: ValidationContext, metadata: Field): string | undefined {
  return ctx.kind === 'Namespace' && ctx.group === '' && !metadata.get('name').empty
    ? 'kubernetes.io/metadata.name'
    : undefined
}

/** Groups of reviews, which have no name. */
const REVIEW_GROUPS = new Set(['authentication.k8s.io', 'authorization.k8s.io'])

/**
 * Most bytes of the base of a generated name, and a stand-in for its random end (apiserver storage/names
 * SimpleNameGenerator).
 */
const MAX_BASE = 58
const RANDOM_END = 'xxxxx'

function names(metadata: Field): void {
  const { group, kind, kubeVersion } = metadata.ctx
  const format = nameFormat(group, kind, kubeVersion)
  const name = metadata.get('name')
  const generate = metadata.get('generateName')
  if (!generate.empty) {
    const free = hasFreeGenerateName(group, kind, kubeVersion)
    if (generate.text !== undefined) baseOfNames(generate, generate.text, format, free, name.empty)
    if (name.empty) return
  }
  if (!name.empty) name.format('METADATA_NAME', format, nameHint)
  // A LimitRange without a name gets a random one (registry/core/limitrange PrepareForCreate).
  else if (group !== '' || kind !== 'LimitRange')
    name.required('METADATA_NAME', 'name or generateName is required', 'give the object a metadata.name')
}

/**
 * A generated name is a name, too. In `generateName` a last `-` hides the character before it, but not in the name.
 * Source: apiserver registry/rest BeforeCreate.
 *
 * @param free whether the base itself is not validated
 * @param used whether the object gets a name made from it, as it has no other
 */
function baseOfNames(generate: Field, base: string, format: Format, free: boolean, used: boolean): void {
  const faults = free ? [] : format(maskTrailingDash(base))
  if (faults.length > 0) return generate.invalid('METADATA_NAME', faults.join('; '))
  const made = used ? format(generatedName(base)) : []
  if (made.length > 0) generate.invalid('METADATA_NAME', `of a name made from it: ${made.join('; ')}`)
}

function nameHint(name: string): string | undefined {
  if (/\$\{?\w|\{\{|<\w+>|%\w+%/.test(name))
    return 'this looks like a placeholder: fill it in before the file is applied'
  if (/[A-Z_]/.test(name)) return `use ${JSON.stringify(name.toLowerCase().replaceAll('_', '-'))}, for example`
  return undefined
}

/** The name of an object: its own, or one as the API server would generate it; undefined if there is none. */
export function effectiveName(ctx: ValidationContext): string | undefined {
  const metadata = Field.root(ctx).get('metadata')
  const name = metadata.get('name').text
  if (name !== undefined && name !== '') return name
  const base = metadata.get('generateName').text
  return base === undefined || base === '' ? undefined : generatedName(base)
}

function generatedName(base: string): string {
  return base.slice(0, MAX_BASE) + RANDOM_END
}

/**
 * Warns of a name that becomes a part of names and hostnames of pods, but is not a DNS label.
 * Source: WarningsOnCreate of the Pod, Deployment, ReplicaSet, ReplicationController, Job and CronJob strategies.
 */
export function warnNoHostname(ctx: ValidationContext): void {
  const name = Field.root(ctx).get('metadata', 'name')
  if (name.text === undefined || name.text === '') return
  if (nameFormat(ctx.group, ctx.kind, ctx.kubeVersion)(name.text).length > 0) return
  const faults = dns1123Label(name.text)
  if (faults.length === 0) return
  const use = ctx.kind === 'Pod' ? "the Pod's hostname" : 'Pod names and hostnames'
  const advice = `a DNS label is recommended: ${faults.join('; ')}`
  name.report('METADATA_NAME_HOSTNAME', `this is used in ${use}, which can surprise; ${advice}`)
}
