import { trimSpace } from '../../../text/trim-space.ts'
import type { CelEnvironment } from '../../../cel/environment.ts'
import type { Field } from '../field.ts'

/** Reports an expression that does not compile, where there is a compiler. Source: apiserver cel ErrorTypeInvalid. */
export function celExpression(
  field: Field,
  code: 'POLICY_FIELD' | 'DEVICE_FIELD' | 'WEBHOOK_FIELD',
  environment: CelEnvironment,
): void {
  const { text, ctx } = field
  if (text === undefined || trimSpace(text) === '') return
  for (const fault of ctx.compileCel?.(text, environment) ?? []) {
    if (fault.startsWith('too complex')) field.forbidden(code, fault)
    else field.invalid(code, `compilation failed: ${fault}`)
  }
}
