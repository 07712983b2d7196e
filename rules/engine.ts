/** What other files see of the engine. */
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineStats,
  type RuleFailure,
} from './engine/create-engine.ts'
