/** A variable of a policy. */
export interface PolicyVariable {
  name: string
  expression: string
}
