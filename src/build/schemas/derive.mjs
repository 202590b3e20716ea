import { readModel } from './models.mjs'

/**
 * Takes the definitions and kinds of a release back to the minor before it, by a table of `derived/`. Every entry of
 * the table must match something, so that a table that no longer fits its release fails the build.
 */
export function derive(packageDir, definitions, kinds, table) {
  dropMatching(definitions, table.drop.definitions)
  dropMatching(kinds, table.drop.kinds)
  for (const name of table.restore) addNew(definitions, name, readModel(packageDir, name))
  for (const [name, definition] of Object.entries(table.definitions)) addNew(definitions, name, definition)
  for (const [name, fields] of Object.entries(table.drop.fields)) {
    for (const field of fields) dropField(definitions[name], name, field)
  }
  for (const [name, fields] of Object.entries(table.fields)) Object.assign(definitions[name].fields, fields)
  for (const [name, required] of Object.entries(table.required ?? {})) definitions[name].required = required
  for (const [key, [plural, scope, unlisted]] of Object.entries(table.kinds)) {
    const definition = definitionOf(key)
    addNew(kinds, key, { definition, plural, namespaced: scope === 'namespace' })
    if (unlisted) continue
    addNew(kinds, `${key}List`, {
      definition: `${definition}List`,
      plural,
      namespaced: scope === 'namespace',
      list: true,
    })
  }
}

function dropMatching(map, patterns) {
  for (const pattern of patterns) {
    const names = Object.keys(map).filter((name) => pattern.test(name))
    if (names.length === 0) throw new Error(`nothing to drop for ${pattern}`)
    for (const name of names) delete map[name]
  }
}

function dropField(definition, name, field) {
  if (definition?.fields[field] === undefined) throw new Error(`no field ${name}.${field} to drop`)
  delete definition.fields[field]
  definition.required = definition.required.filter((other) => other !== field)
}

function addNew(map, name, value) {
  if (name in map) throw new Error(`${name} is there already`)
  map[name] = value
}

/** `scheduling.k8s.io/v1alpha1 Workload` -> `V1alpha1Workload`. */
function definitionOf(key) {
  const [, version, kind] = /^(?:[^/ ]+\/)?(\w+) (\w+)$/.exec(key)
  return version[0].toUpperCase() + version.slice(1) + kind
}
