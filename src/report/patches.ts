import type { Json, JsonObject } from '../core/json/json.ts'
import type { JsonPatchOp } from '../core/patch/json-patch.ts'
import { blockLines, DEFAULT_STYLE } from '../core/yaml/edit/serialize.ts'

/** Where patches go. */
const PATCH_TARGETS = ['kustomize', 'flux', 'flux-helm', 'argocd', 'json-patch'] as const
export type PatchTarget = (typeof PATCH_TARGETS)[number]

/** What a patch is applied to, as kustomize selects it: all but the kind and version are regular expressions. */
export interface TargetSelector {
  group?: string
  version: string
  kind: string
  name: string
  namespace?: string
}

/** The patch of one object; `delete` for an object that is to go. */
export interface ObjectPatch {
  target: TargetSelector
  ops: readonly JsonPatchOp[] | 'delete'
}

/** A file of an export. */
export interface ExportFile {
  name: string
  text: string
}

/** The name of the file with the patches. */
export function patchFileName(target: PatchTarget): string {
  return target === 'kustomize' ? 'kustomization.yaml' : 'patches.yaml'
}

/** The name of the file with the objects that sidecars bring along. */
export const OBJECTS_FILE = 'objects.yaml'

/** How every file of an export begins. */
export const MADE_BY = '# Made by sidecarctl export'

/** What the user does with the file, as its first line. */
const NOTES: Record<PatchTarget, string> = {
  kustomize: 'A component with sidecars: name its folder under components in your kustomization.yaml.',
  flux: 'Merge this into your Kustomization of kustomize.toolkit.fluxcd.io.',
  'flux-helm': 'Merge this into your HelmRelease of helm.toolkit.fluxcd.io.',
  argocd: 'Merge this into your Application of argoproj.io; its source must be a kustomization.',
  'json-patch': 'One document for each object: its target, and the operations of RFC 6902.',
}

/** The files of an export: the patches, and the objects that sidecars bring along if there are any. */
export function patchFiles(
  target: PatchTarget,
  patches: readonly ObjectPatch[],
  objects: readonly JsonObject[],
): ExportFile[] {
  const made = `${MADE_BY} --to ${target}.`
  const text = documentsOf(target, patches, objects.length > 0)
    .map(yamlText)
    .join('---\n')
  const files = [{ name: patchFileName(target), text: `${made} ${NOTES[target]}\n${text}` }]
  return objects.length === 0
    ? files
    : [...files, { name: OBJECTS_FILE, text: `${made}\n${objects.map(yamlText).join('---\n')}` }]
}

function yamlText(value: JsonObject): string {
  return `${blockLines(value, 0, DEFAULT_STYLE).join('\n')}\n`
}

function documentsOf(target: PatchTarget, patches: readonly ObjectPatch[], hasObjects: boolean): JsonObject[] {
  const inline = patches.map(inlinePatch)
  switch (target) {
    case 'kustomize':
      return [
        {
          apiVersion: 'kustomize.config.k8s.io/v1alpha1',
          kind: 'Component',
          ...(hasObjects && { resources: [OBJECTS_FILE] }),
          ...(inline.length > 0 && { patches: inline }),
        },
      ]
    case 'flux':
      return [{ spec: { patches: inline } }]
    case 'flux-helm':
      return [{ spec: { postRenderers: [{ kustomize: { patches: inline } }] } }]
    case 'argocd':
      return [{ spec: { source: { kustomize: { patches: inline } } } }]
    case 'json-patch':
      return patches.map(({ target: to, ops }) => ({ target: { ...to }, patch: opsJson(ops) }))
  }
}

function opsJson(ops: ObjectPatch['ops']): Json {
  return ops === 'delete' ? '$patch: delete' : ops.map((op) => ({ ...op }))
}

/** A patch as kustomize takes it: its text, and its target. */
function inlinePatch({ target, ops }: ObjectPatch): JsonObject {
  if (ops !== 'delete') return { patch: listText(ops), target: { ...target } }
  const { group, version, kind, name, namespace } = target
  const metadata = { name: plain(name), ...(namespace !== undefined && { namespace: plain(namespace) }) }
  const apiVersion = group === undefined ? version : `${group}/${version}`
  return { patch: yamlText({ $patch: 'delete', apiVersion, kind, metadata }), target: { ...target } }
}

function listText(ops: readonly JsonPatchOp[]): string {
  return `${blockLines(ops.map((op) => ({ ...op })) as Json, 0, DEFAULT_STYLE).join('\n')}\n`
}

/** A name as a regular expression that matches nothing else: of all characters of names only the dot means more. */
export function namePattern(name: string): string {
  return name.replaceAll('.', '\\.')
}

function plain(pattern: string): string {
  return pattern.replaceAll('\\.', '.')
}
