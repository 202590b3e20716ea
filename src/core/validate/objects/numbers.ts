import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { portNumber } from '../../kube/names.ts'
import { isWholeQuantity, parseQuantity, quantitySign } from '../../kube/quantity.ts'
import { isCounted } from '../pod/resources/names.ts'
import type { Field } from './field.ts'

/** Reports a number that is not a port. */
export function portInRange(field: Field, code: DiagnosticCode): void {
  if (field.number !== undefined) field.reportFaults(code, portNumber(field.number))
}

/** `portInRange`, where an absent number is reported, too, as 0. */
export function requiredPort(field: Field, code: DiagnosticCode): void {
  if (field.present) portInRange(field, code)
  else field.reportFaults(code, portNumber(0), { shown: 0 })
}

/** Reports a negative quantity. Source: core validation ValidateNonnegativeQuantity. */
export function nonNegativeQuantity(field: Field, code: DiagnosticCode): void {
  const quantity = parseQuantity(field.value)
  if (quantity !== undefined && quantitySign(quantity) < 0) field.invalid(code, 'must be greater than or equal to 0')
}

/**
 * Reports an amount of a resource that is negative, or a fraction of what is counted in whole numbers.
 * Source: core validation ValidateResourceQuantityValue.
 */
export function resourceAmount(field: Field, name: string, code: DiagnosticCode): void {
  nonNegativeQuantity(field, code)
  const quantity = parseQuantity(field.value)
  if (quantity !== undefined && isCounted(name) && !isWholeQuantity(quantity)) field.invalid(code, 'must be an integer')
}
