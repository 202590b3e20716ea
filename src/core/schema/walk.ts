import type { Finding } from '../validate/rule.ts'
import type { KubeSchema } from './schema.ts'

/** One run over an object: what it found, where it is, and the definitions on the way there (for hints). */
export interface Walk {
  readonly schema: KubeSchema
  readonly findings: Finding[]
  readonly path: (string | number)[]
  readonly owners: { name: string; depth: number }[]
}
