import type { Engine } from './engine.ts'

/** The engine of the published program. */
export async function loadEngine(): Promise<Engine> {
  throw new Error('the engine is not there yet')
}
