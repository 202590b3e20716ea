import type { SourceText } from '../text/source.ts'
import { maySplitWords } from '../yaml/read/odd-spelling.ts'

/** The annotation of a Service that says which ports were sent to a proxy. */
export const RETARGET_ANNOTATION = 'sidecarctl.dev/retargeted'

/** Its part after the slash, which JSON may spell with an escape. */
const RECORD_MARK = RETARGET_ANNOTATION.slice(RETARGET_ANNOTATION.indexOf('/'))

/** Another kind has more letters (`ServiceMonitor`). */
const SERVICE_WORD = /\bService(?:List)?\b/

/** True for a text that may hold a Service with a record of ours. */
export function mayBeRetargeted({ text }: SourceText): boolean {
  return text.includes(RECORD_MARK) || maySplitWords(text)
}

/** True for a text that may hold a Service at all. */
export function mayHoldService({ text }: Pick<SourceText, 'text'>): boolean {
  return SERVICE_WORD.test(text) || maySplitWords(text)
}
