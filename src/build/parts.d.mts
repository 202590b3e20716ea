import type { Metafile } from 'esbuild'

export interface Division {
  readonly owners: ReadonlyMap<string, string>
  readonly asked: ReadonlyMap<string, readonly string[]>
  readonly taken: ReadonlyMap<string, readonly string[]>
  isBelow(lower: string, upper: string): boolean
}

export const PARTS: Readonly<
  Record<
    string,
    {
      readonly over?: string
      readonly onCall?: readonly string[]
      readonly onDemand?: readonly string[]
      readonly inPieces?: true
    }
  >
>
export function divide(metafile: Metafile, entry: string): Division
