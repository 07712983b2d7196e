/** A short digest of what a timeline was built from; when it differs the timeline is rebuilt. */
import { hash } from 'node:crypto'
import { locationKey } from '../../expression/location.ts'
import { isGroupKey } from './carry-over.ts'
import { keepsNoValues, type Plan } from './registry.ts'

/** Two different timelines with the same key collide with a probability of 2^-48. */
const digest = { outputEncoding: 'base64', outputLength: 6 } as const

/** Equal plans get the same string object: there are thousands of devices of a few kinds. */
export function createSignatures(): (plan: Plan) => string {
  const known = new Map<string, string>()
  return (plan) => {
    const signature = hash('shake128', JSON.stringify(partsOf(plan)), digest)
    const shared = known.get(signature) ?? signature
    known.set(signature, shared)
    return shared
  }
}

function partsOf(plan: Plan): readonly unknown[] {
  const { devices, rules, variants, home, locations } = plan
  const memberships = locations.map(locationKey)
  // Where only connectivity counts, reported facts matter only through the choice of rules.
  if (keepsNoValues(plan)) {
    const own = devices.map(({ id, type }) => [id, type])
    return [own, rules.map(({ id }) => id), variants, home, memberships]
  }
  // The key already names a single device; a group may have one member.
  const isNamed = !isGroupKey(plan.key)
  const own = devices.map(({ id, type, meta }) => (isNamed ? [type, meta] : [id, type, meta]))
  return [own, variants, home, memberships]
}
