/** Writes one JSON file for every built-in template of the project `root` into `outdir`. */
export function buildTemplates(root: string, outdir: string): Promise<void>
