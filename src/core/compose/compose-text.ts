import { append } from '../common/append.ts'
import { isEqual } from '../json/equality.ts'
import { isObject, itemsOf, mapOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { digestOf } from '../ownership/record.ts'
import type { Catalog } from '../selection/catalog.ts'
import { OPEN } from '../template/placeholder.ts'
import { SourceText } from '../text/source.ts'
import { readComposeFile, type ComposeFile } from './compose-file.ts'
import { addEntry, indexOfItem, removeEntry } from './edit.ts'
import {
  canBeOurs,
  isRecorded,
  isSameEntry,
  owned,
  readRecord,
  RECORD,
  recordText,
  stateOf,
  withoutRecord,
  type ComposeRecord,
  type OwnedEntry,
} from './record.ts'
import type { WantedSidecar } from './wanted.ts'

/** How a sidecar with a record compares with what is wanted. */
export type SidecarState = 'up to date' | 'outdated' | 'edited'

/** The text of a Compose file, into which sidecars go and out of which they come one by one. */
export class ComposeText {
  text: string
  /** What a record names and was left in place, and why. */
  readonly left: string[] = []
  readonly #catalog: Catalog

  constructor(text: string, catalog: Catalog) {
    this.text = text
    this.#catalog = catalog
  }

  get #source(): SourceText {
    return new SourceText('', this.text)
  }

  get #file(): ComposeFile | undefined {
    return readComposeFile(this.#source)
  }

  /** Records in the text as it is now. */
  get #records(): ComposeRecord[] {
    return Object.entries(this.#file?.services ?? {}).flatMap(([name, service]) => {
      const record = isRecorded(service) ? readRecord(name, service) : undefined
      return record === undefined ? [] : [record]
    })
  }

  /** The service in front of one, behind which it is put again when it is replaced. */
  placeOf(name: string): string | undefined {
    const names = Object.keys(this.#file?.services ?? {})
    return names[names.indexOf(name) - 1]
  }

  /** How a sidecar that has a record compares with what is wanted. */
  stateOf(record: ComposeRecord, wanted: WantedSidecar, all: readonly ComposeRecord[]): SidecarState {
    if (this.isEdited(record)) return 'edited'
    const shared = this.#sharedFrom(
      wanted,
      all.filter((other) => other !== record),
    )
    const own = wanted.entries.map(owned).filter((entry) => !this.#isUsers(entry, all))
    const entries = [...own, ...shared]
    const isSame =
      record.name === wanted.name &&
      record.version === wanted.version &&
      record.digest === digestOf(wanted.service) &&
      record.added.length === entries.length &&
      entries.every((entry) =>
        record.added.some((other) => isSameEntry(entry, other) && digestIn(entry) === digestIn(other)),
      )
    return isSame ? 'up to date' : 'outdated'
  }

  /** Whether something that a record names is not as it was added. */
  isEdited(record: ComposeRecord): boolean {
    const { data, services } = this.#file as ComposeFile
    const service = services[record.name]
    if (!isObject(service) || digestOf(withoutRecord(service)) !== record.digest) return true
    return record.added.some((entry) => stateOf(data, entry) !== 'there')
  }

  /** Puts a sidecar behind the services of its app, or behind `after`. */
  add(app: string, wanted: WantedSidecar, after: string | undefined): void {
    const all = this.#records
    const shared = this.#sharedFrom(wanted, all)
    const created: (readonly string[])[] = []
    const entries = wanted.entries.filter((entry) => !this.#isUsers(owned(entry), all))
    for (const entry of entries) {
      const { data } = this.#file as ComposeFile
      const mine = owned(entry)
      const before = all.flatMap((other) => other.created.filter((at) => isEqual([...at], [...entry.at])))
      append(created, before)
      if (stateOf(data, mine) === 'there') continue
      const done = addEntry(
        this.#source,
        entry,
        entry.at.length === 1 && entry.at[0] === 'services' ? this.#lastOf(app) : undefined,
      )
      this.text = done.text
      if (done.created !== undefined) created.push(done.created)
    }
    const added = [...entries.map(owned), ...shared]
    for (const other of all) {
      for (const at of other.created) if (added.some((entry) => isEqual([...entry.at], [...at]))) created.push(at)
    }
    const record: ComposeRecord = {
      name: wanted.name,
      sidecar: wanted.sidecar,
      version: wanted.version,
      service: app,
      digest: digestOf(wanted.service),
      added,
      created: created.filter((at, n) => created.findIndex((other) => isEqual([...other], [...at])) === n),
    }
    const value: Json = { ...wanted.service, [RECORD]: recordText(record) }
    const services = this.#file?.services ?? {}
    const behind = after !== undefined && Object.hasOwn(services, after) ? after : this.#lastOf(app)
    this.text = addEntry(this.#source, { at: ['services'], key: wanted.name, value }, behind).text
  }

  /** Whether an entry is in the file as it is wanted, and no record names it: it is used as it is, and stays. */
  #isUsers(entry: OwnedEntry, records: readonly ComposeRecord[]): boolean {
    const isRecorded = records.some(({ added }) => added.some((other) => isSameEntry(other, entry)))
    return !isRecorded && stateOf((this.#file as ComposeFile).data, entry) === 'there'
  }

  /** The last of a service and the sidecars behind it. */
  #lastOf(app: string): string {
    const ours = new Set(
      this.#records.flatMap((record) =>
        record.service === app
          ? [
              record.name,
              ...record.added.flatMap((one) =>
                one.at.length === 1 && one.at[0] === 'services' && 'key' in one ? [one.key] : [],
              ),
            ]
          : [],
      ),
    )
    return Object.keys(this.#file?.services ?? {}).findLast((name) => name === app || ours.has(name)) ?? app
  }

  /**
   * Entries of other sidecars that this one uses, too: their volume and its folder in the app. Those that are gone, as in
   * a service that was renamed, are nobody's.
   */
  #sharedFrom(wanted: WantedSidecar, others: readonly ComposeRecord[]): OwnedEntry[] {
    const used = volumesOf(wanted.service)
    const entries = others.flatMap(({ added }) =>
      added.filter((entry) =>
        'key' in entry
          ? entry.at.length === 1 && entry.at[0] === 'volumes' && used.has(entry.key)
          : entry.at.at(-1) === 'volumes' && used.has(String(entry.item).split(':')[0] as string),
      ),
    )
    const own = wanted.entries.map(owned)
    const { data } = this.#file as ComposeFile
    return entries.filter(
      (entry, n) =>
        stateOf(data, entry) !== 'gone' &&
        !own.some((other) => isSameEntry(other, entry)) &&
        entries.findIndex((other) => isSameEntry(other, entry)) === n,
    )
  }

  /**
   * Takes a sidecar out, with what no other one needs. What cannot be ours, or is not as it was added, is left.
   * @param records all that the file has
   * @param isForced whether what was edited goes, too
   */
  remove(record: ComposeRecord, records: readonly ComposeRecord[], isForced: boolean): void {
    const present = new Set(this.#records.map(({ name }) => name))
    const others = records.filter((other) => other.name !== record.name && present.has(other.name))
    const needed = (entry: OwnedEntry): boolean =>
      others.some(({ added }) => added.some((other) => isSameEntry(other, entry)))
    this.text = removeEntry(this.#source, ['services'], record.name)
    const variables = this.#variablesOf(record.sidecar)
    for (const entry of record.added.toReversed()) {
      if (needed(entry)) continue
      if (!canBeOurs(entry, record, variables)) {
        this.left.push(
          `service ${record.service}: ${describe(entry)} is kept, because ${record.sidecar} cannot have added it`,
        )
        continue
      }
      const state = stateOf((this.#file as ComposeFile).data, entry)
      if (state === 'gone') continue
      if (state === 'changed' && !isForced) {
        this.left.push(`service ${record.service}: ${describe(entry)} is kept, because it was edited`)
        continue
      }
      this.#take(entry, record)
    }
  }

  #take(entry: OwnedEntry, { created }: ComposeRecord): void {
    const { data } = this.#file as ComposeFile
    const parent = valueAt(data, [...entry.at])
    const isLast = typeof parent === 'object' && parent !== null && Object.keys(parent).length === 1
    if (isLast && created.some((at) => isEqual([...at], [...entry.at]))) {
      this.text = removeEntry(this.#source, entry.at.slice(0, -1), entry.at.at(-1) as string)
      return
    }
    const key = 'key' in entry ? entry.key : indexOfItem(parent, (item) => isEqual(item, entry.item))
    if (key !== undefined) this.text = removeEntry(this.#source, entry.at, key)
  }

  /** Tells the variables that a sidecar's template gives to the app; a parameter may name one. */
  #variablesOf(sidecar: string): (name: string) => boolean {
    const spec = this.#catalog.get(sidecar)?.spec
    const env = mapOf(spec?.['app'])?.['env']
    const names = itemsOf(env).map((item) => mapOf(mapOf(item)?.['$value'] ?? item)?.['name'])
    return (name) => names.some((one) => one === name || (typeof one === 'string' && one.includes(OPEN)))
  }
}

function describe(entry: OwnedEntry): string {
  return `${'key' in entry ? entry.key : String(entry.item)} in ${entry.at.join('.')}`
}

function digestIn(entry: OwnedEntry): string {
  return 'digest' in entry ? entry.digest : ''
}

function volumesOf(service: JsonObject): ReadonlySet<string> {
  return new Set(itemsOf(service['volumes']).map((entry) => String(entry).split(':')[0] as string))
}
