/** What other files see of the engine. */
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineStats,
} from './engine/create-engine.ts'
export { keptFailures, type RuleFailure } from './engine/create-run.ts'
export { groupOf } from './engine/registry.ts'
