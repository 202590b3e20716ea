import type { Engine } from './engine.ts'

/** The engine of the published program. */
export async function loadEngine(): Promise<Engine> {
  const { inject, uninject } = await import('../core/inject/index.ts')
  const { toJson, toYaml } = await import('../core/inject/convert.ts')
  const { stripLive } = await import('../core/inject/strip-live.ts')
  return { stripLive, inject, uninject, toJson, toYaml }
}
