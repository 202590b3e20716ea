import type { Metafile } from 'esbuild'

export function buildLibrary(root: string, outdir: string): Promise<Metafile[]>
