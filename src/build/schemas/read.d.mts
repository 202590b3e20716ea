export interface MinorData {
  minor: number
  definitions: Record<string, { fields: Record<string, string>; required: string[] }>
  kinds: Record<string, { definition: string; plural: string; namespaced: boolean; list?: true }>
}
export function readMinors(): Promise<MinorData[]>
