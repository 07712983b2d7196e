/** The public interface of the engine. */
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineStats,
} from './create-engine.ts'
export { keptFailures, type RuleFailure } from './create-run.ts'
export { groupOf } from './subjects/registry.ts'
