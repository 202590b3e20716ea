export interface MinorData {
  minor: number
  definitions: Record<string, { fields: Record<string, string>; required: string[] }>
  kinds: Record<string, { definition: string; plural: string; namespaced: boolean; list?: true }>
}
export function readMinors(): Promise<MinorData[]>
/** The definition that a type names, without list and map marks; undefined for scalars. */
export function referenced(type: string): string | undefined
