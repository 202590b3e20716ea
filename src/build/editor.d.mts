/** Writes the JSON Schemas of templates and of the policy file into a folder. */
export function buildEditorSchemas(root: string, outdir: string, schemas: string): Promise<void>
