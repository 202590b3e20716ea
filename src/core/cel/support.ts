/** The door to what checks rules in CEL; reach it only through `await import()`: it brings a parser with it. */
export { ruleDefinitionFindings } from './definition.ts'
export { ruleChecker } from './rules.ts'
