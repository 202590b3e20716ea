import type { BuildResult } from 'esbuild'

export function bundle(entryPoints: Record<string, string>, outdir: string): Promise<BuildResult>
