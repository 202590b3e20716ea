import { conversionErrors, toJson, toYaml } from '../core/inject/convert.ts'
import { inject, uninject } from '../core/inject/run.ts'
import { stripLive } from '../core/inject/server-managed-fields.ts'
import type { Engine } from './engine.ts'

/** The engine of the published program. */
export async function loadEngine(): Promise<Engine> {
  return { stripLive, inject, uninject, conversionErrors, toJson, toYaml }
}
