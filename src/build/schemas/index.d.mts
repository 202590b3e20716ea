/** A file of `dist/schemas`: a part of a minor's schema, or the history of all. */
export function makeSchemas(): Promise<Record<string, unknown>>
export function buildSchemas(outDir: string): Promise<boolean>
