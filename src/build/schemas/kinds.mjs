import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Reads which kinds a release's API server serves, from the generated API classes: every path that lists or
 * creates objects, and the model that it answers with. Nothing is executed.
 *
 * The result maps `GROUP/VERSION KIND` (core: `v1 KIND`) to `{ definition, plural, namespaced }`; list kinds
 * (`DeploymentList`) are included, with the plural of their items and `list: true`.
 */

const COLLECTION = /^\/(?:api|apis\/([a-z0-9.-]+))\/(v[0-9a-z]+)\/(namespaces\/\{namespace\}\/)?([a-z]+)$/

/** API classes of the release's own OpenAPI document; class files of older ones stay behind in the package. */
function currentApis(packageDir) {
  const text = readFileSync(join(packageDir, 'dist/gen/types/ObjectParamAPI.js'), 'utf8')
  return [...text.matchAll(/^export class Object(\w+Api) \{/gm)].map((m) => m[1])
}

/** Path, HTTP method and answered model of every operation of an API class. */
function operations(code) {
  const found = new Map()
  const requests =
    /async (\w+)\([^)]*\) \{(?:(?!\n {4}\}).)*?localVarPath = '([^']+)'(?:(?!\n {4}\}).)*?HttpMethod\.(\w+)/gs
  for (const [, name, path, method] of code.matchAll(requests)) found.set(name, { name, path, method })
  const answers = /async (\w+?)WithHttpInfo\(response\) \{(?:(?!\n {4}\}).)*?contentType\), "(\w+)"/gs
  for (const [, name, model] of code.matchAll(answers)) {
    const operation = found.get(name)
    if (operation) operation.model = model
  }
  return [...found.values()]
}

const KIND_OF_METHOD = /^(?:list|create)(?:Namespaced)?(\w+?)(?:ForAllNamespaces)?$/

export function readKinds(packageDir) {
  const kinds = {}
  for (const api of currentApis(packageDir)) {
    const code = readFileSync(join(packageDir, `dist/gen/apis/${api}.js`), 'utf8')
    for (const { name, path, method, model } of operations(code)) {
      const place = COLLECTION.exec(path)
      const [, kind] = KIND_OF_METHOD.exec(name) ?? []
      if (!place || !kind || model === undefined) continue
      const [, group, version, inNamespace, plural] = place
      const apiVersion = group === undefined ? version : `${group}/${version}`
      const isList = method === 'GET'
      const key = `${apiVersion} ${isList ? `${kind}List` : kind}`
      const known = kinds[key]
      kinds[key] = {
        definition: model,
        plural,
        namespaced: inNamespace !== undefined || known?.namespaced === true,
        ...(isList ? { list: true } : {}),
      }
    }
  }
  return addReadOnly(kinds)
}

/** Kinds that can be listed but not created (`ComponentStatus`) are served as well. */
function addReadOnly(kinds) {
  for (const [key, { definition, plural, namespaced, list }] of Object.entries(kinds)) {
    const item = key.replace(/List$/, '')
    if (!list || item in kinds) continue
    kinds[item] = { definition: definition.replace(/List$/, ''), plural, namespaced }
  }
  return kinds
}
