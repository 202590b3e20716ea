import type { BuildResult, Metafile } from 'esbuild'

export const root: string
export function bundle(entryPoints: Record<string, string>, outdir: string): Promise<BuildResult>
export function bundleProgram(outdir: string): Promise<Record<string, Metafile>>
