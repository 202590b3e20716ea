import type { Plugin } from 'esbuild'

/** A plugin of esbuild that puts code made from the schemas of templates and policies in the place of what makes it. */
export function madeValidators(root: string): Promise<Plugin>
