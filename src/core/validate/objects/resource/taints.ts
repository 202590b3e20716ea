import { csiDriverName, dns1123Label, labelValue, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { poolName } from './names.ts'

const CODE = 'DEVICE_FIELD'
const EFFECTS = ['NoExecute', 'NoSchedule', 'None']

/** Source: resource validation validateDeviceToleration; the operator defaults to Equal. */
export function deviceToleration(toleration: Field): void {
  toleration.get('key').format(CODE, qualifiedName)
  const operator = toleration.get('operator')
  const value = toleration.get('value')
  operator.oneOf(CODE, ['Equal', 'Exists'])
  if (operator.text === 'Exists' && !value.empty) value.invalid(CODE, 'must be empty for operator `Exists`')
  else if (operator.text !== 'Exists') value.format(CODE, labelValue)
  toleration.get('effect').oneOf(CODE, EFFECTS)
}

/** Source: resource validation validateDeviceTaint. */
export function deviceTaint(taint: Field): void {
  taint.get('key').requiredFormat(CODE, qualifiedName)
  taint.get('value').format(CODE, labelValue)
  const effect = taint.get('effect')
  effect.requiredOneOf(CODE, EFFECTS)
}

/** Source: resource validation ValidateDeviceTaintRule. */
export function deviceTaintRule(object: Field): void {
  const spec = object.get('spec')
  const selector = spec.get('deviceSelector')
  selector.get('driver').formatStrict(CODE, csiDriverName)
  selector.get('pool').formatStrict(CODE, poolName)
  selector.get('device').formatStrict(CODE, dns1123Label)
  deviceTaint(spec.get('taint'))
}
