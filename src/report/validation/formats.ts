/** The output formats of `validate`, as `-o` names them. */
export const VALIDATION_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const
export type ValidationFormat = (typeof VALIDATION_FORMATS)[number]
