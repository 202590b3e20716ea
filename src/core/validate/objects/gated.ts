import { droppedFinding, type Gate, gateOn } from '../pod/gates.ts'
import { Field } from './field.ts'

/**
 * A field behind a feature gate, as the API server validates it. While the gate is off, it drops the field before
 * validation: the result is absent, and a warning says so.
 *
 * @param since the first minor version that has the field; the schema reports it in earlier ones
 */
export function gatedField(field: Field, gate: Gate, since: number): Field {
  const { minor } = field.ctx.kubeVersion
  if (!field.present || gateOn(gate, minor)) return field
  if (minor >= since) field.ctx.report({ ...droppedFinding(String(field.step), gate, minor), path: field.path })
  return new Field(field.ctx, field.parent, field.step, undefined)
}
