import type { DecodeError } from '../text/decode.ts'
import { diagnostic, type Diagnostic } from './diagnostic.ts'

/** TEXT_ENCODING for an input whose bytes are not text. */
export function undecodable({ source, offset, message, hint }: DecodeError): Diagnostic {
  return diagnostic('TEXT_ENCODING', message, { at: { source, range: { start: offset, end: offset } }, hint })
}
