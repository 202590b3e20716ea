import { detachString } from '../text/detach.ts'
import { type Json, isObject, emptyObject } from './json.ts'

/** The same data with texts of its own. */
export function detachData<T extends Json>(data: T): T
export function detachData(data: Json): Json {
  if (typeof data === 'string') return detachString(data)
  if (Array.isArray(data)) return data.map((item) => detachData(item))
  if (!isObject(data)) return data
  const out = emptyObject()
  for (const [key, value] of Object.entries(data)) out[key] = detachData(value)
  return out
}
