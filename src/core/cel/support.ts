/** The entry to the functions for CEL rules. Load it only through `await import()`, as it brings a parser with it. */
export { ruleDefinitionFindings } from './definition.ts'
export { defaultFindings, ruleChecker } from './rules.ts'
