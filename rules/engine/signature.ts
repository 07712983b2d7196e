/** What a timeline was built from, in a few letters: another one means building it anew. */
import { hash } from 'node:crypto'
import { locationKey } from '../expression/location.ts'
import { isGroupKey } from './carry-over.ts'
import { keepsNoValues, type Plan } from './registry.ts'

/** Two of one key that are not the same look so once in 2^48 times. */
const digest = { outputEncoding: 'base64', outputLength: 6 } as const

/** Gives plans that are alike the very same text: there are thousands of devices of a few kinds. */
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
  // Where only hearing counts, what devices tell of themselves decides which rules there are, and nothing else.
  if (keepsNoValues(plan)) {
    const own = devices.map(({ id, type }) => [id, type])
    return [own, rules.map(({ id }) => id), variants, home, memberships]
  }
  // The key names the device, except that of a group, which may have a single member.
  const isNamed = !isGroupKey(plan.key)
  const own = devices.map(({ id, type, meta }) => (isNamed ? [type, meta] : [id, type, meta]))
  return [own, variants, home, memberships]
}
