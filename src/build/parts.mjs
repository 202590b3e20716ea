// Which module of the program is in which part, `dist/PART.cjs`. A run loads the main part, and others when something of
// them is called or imported on demand. A module is in one part, never in two: the others take it from there.

/**
 * The parts by their names. `over` is the part that must be there before it: what both need is in that one. `onCall` are
 * modules that begin it, which export functions alone: it is loaded when one is first called from outside. `onDemand` are
 * those that begin it where they are imported by `import()`; the first part that has a module counts. Either names
 * modules by how their paths below src/ begin. A part `inPieces` runs each of its modules when that is asked for.
 * @type {Record<string, { over?: string, onCall?: string[], onDemand?: string[], inPieces?: true }>}
 */
export const PARTS = {
  main: {},
  // What changes manifests; to validate them needs none of it.
  edit: { over: 'main', onCall: ['cli/edit-manifests.', 'core/inject/run.', 'core/inject/server-managed-fields.'] },
  // The rules of kinds that hold no pods.
  kinds: {
    over: 'main',
    onCall: [
      'core/validate/objects/cluster/',
      'core/validate/objects/config/',
      'core/validate/objects/network/',
      'core/validate/objects/resource/',
      'core/validate/objects/storage/csi.',
      'core/validate/objects/storage/storage-class.',
      'core/validate/objects/storage/volume',
      'core/validate/objects/workloads/autoscaler.',
      'core/validate/objects/workloads/cronjob.',
      'core/validate/objects/workloads/disruption-budget.',
    ],
    inPieces: true,
  },
  // Custom resources, and the expressions and patterns in their definitions.
  custom: {
    over: 'main',
    onDemand: ['core/cel/', 'core/common/re2.', 'core/schema/custom-', 'core/validate/embedded-'],
    inPieces: true,
  },
  // The full reader of YAML: most files are read on the fast path.
  yaml: { over: 'main', onCall: ['core/yaml/read/json-text.', 'core/yaml/read/parse.'] },
  // What checks the form of templates: few runs read templates of the user's.
  template: { over: 'main', onDemand: ['core/template/template-validator.'] },
  // What few runs call, and all else that is imported on demand.
  rest: {
    over: 'edit',
    onCall: [
      'core/inject/convert.',
      'core/inject/extra-object-conflicts.',
      'core/inject/limit-ranges.',
      'core/inject/network-policies.',
      'core/inject/object-proof.',
      'core/inject/requested-by.',
      'core/inject/resource-quotas.',
      'core/inject/skip-failing.',
      'core/selection/list-images.',
      'core/selection/sidecar-settings.',
      'core/selection/validate-policy.',
      'core/template/extend.',
      'core/template/lint.',
      'report/json/diagnostics.',
      'report/json/outcomes.',
      'report/json/reports.',
      'report/sidecar-rows.',
    ],
    onDemand: [''],
    inPieces: true,
  },
}

/** A part, and those that are there before it, the main one last. */
function withThoseBelow(part) {
  const { over } = PARTS[part]
  return over === undefined ? [part] : [part, ...withThoseBelow(over)]
}

/** Is a part there as soon as another one is? */
function isBelow(lower, upper) {
  return withThoseBelow(upper).includes(lower)
}

/** The part nearest to all of some parts that is there before, or is, each of them. */
function commonPart(parts) {
  const [first, ...others] = parts
  return withThoseBelow(first).find((one) => others.every((other) => isBelow(one, other)))
}

/** The part that a module begins, if it does, by when it is loaded. */
function begunPart(name, when = 'onCall') {
  return Object.keys(PARTS).find((part) => PARTS[part][when]?.some((one) => name.startsWith(`src/${one}`)))
}

/**
 * How the program is divided.
 * @typedef {object} Division
 * @property {ReadonlyMap<string, string>} owners the part that each module is in, by the module's name
 * @property {ReadonlyMap<string, string[]>} asked the modules of each part that others load by name
 * @property {ReadonlyMap<string, string[]>} taken the modules of each part of which parts over it take what they export
 * @property {(lower: string, upper: string) => boolean} isBelow is a part there as soon as another one is?
 */

/** An empty set for each part. */
function newSets() {
  return new Map(Object.keys(PARTS).map((part) => [part, new Set()]))
}

function sorted(sets) {
  return new Map([...sets].map(([part, modules]) => [part, [...modules].toSorted()]))
}

/**
 * Divides the program into its parts.
 * @param {import('esbuild').Metafile} metafile the program in one piece, which tells what imports what
 * @param {string} entry the module that begins the main part
 * @returns {Division}
 */
export function divide({ inputs }, entry) {
  // Packages are imported by their names, so they go with what imports them, and may be in two parts.
  const importsOf = (name) => inputs[name].imports.filter(({ path }) => path.startsWith('src/'))
  const onDemand = new Set(
    Object.keys(inputs).flatMap((name) =>
      importsOf(name).flatMap(({ kind, path }) => (kind === 'dynamic-import' ? [path] : [])),
    ),
  )
  const called = (part) => Object.keys(inputs).filter((name) => begunPart(name) === part)
  const imported = (part) => [...onDemand].filter((name) => begunPart(name, 'onDemand') === part)
  const neededBy = new Map()
  for (const part of Object.keys(PARTS)) {
    const reached = new Set(part === 'main' ? [entry] : [...called(part), ...imported(part)])
    for (const name of reached) {
      neededBy.set(name, [...(neededBy.get(name) ?? []), part])
      for (const { kind, path } of importsOf(name)) {
        const other = begunPart(path)
        if (kind !== 'dynamic-import' && (other === undefined || other === part)) reached.add(path)
      }
    }
  }
  const owners = new Map([...neededBy].map(([name, parts]) => [name, begunPart(name) ?? commonPart(parts)]))
  const [asked, taken] = [newSets(), newSets()]
  for (const part of Object.keys(PARTS)) for (const name of called(part)) asked.get(part).add(name)
  for (const name of onDemand) asked.get(owners.get(name)).add(name)
  for (const [name, owner] of owners) {
    for (const { kind, path } of importsOf(name)) {
      const other = owners.get(path)
      if (kind !== 'dynamic-import' && other !== owner && isBelow(other, owner)) taken.get(other).add(path)
    }
  }
  return { owners, asked: sorted(asked), taken: sorted(taken), isBelow }
}
