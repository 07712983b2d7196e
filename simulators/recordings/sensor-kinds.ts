/** The kind of a home sensor, from its name in English, Dutch, Spanish or Chinese. */

export type SensorKind =
  | { readonly type: 'door'; readonly role: 'entrance' | 'interior' | 'cabinet' }
  | { readonly type: 'motion'; readonly role?: 'movement' | 'bed' | 'seat' | 'flush' | 'appliance' }

/** The first match wins; specific words come before general ones. */
const kinds: readonly (readonly [RegExp, SensorKind])[] = [
  [
    /(front|main|street|entrance|outside|outer)[\s-]*door|voordeur|buitendeur|puerta (principal|de entrada)|^entrance$|大门|入户门/i,
    { type: 'door', role: 'entrance' },
  ],
  [/flush|冲水/i, { type: 'motion', role: 'flush' }],
  [/\bbed\b|mattress|matras|\bcama\b|床/i, { type: 'motion', role: 'bed' }],
  [/\bseat\b|sofa|couch|chair|stoel|silla|沙发|椅/i, { type: 'motion', role: 'seat' }],
  [/\bpir\b|motion|movement|beweging|人体/i, { type: 'motion', role: 'movement' }],
  [
    /microwave|magnetron|toaster|dish\s?washer|vaatwas|washing\s?machine|wasmachine|oven|burner|stove|fornuis|kettle|\btv\b|television|stereo|radio|computer|phone|switch|lamp|faucet|shower|\btap\b|float|disposal|\bfan\b|微波炉|洗衣机|电视/i,
    { type: 'motion', role: 'appliance' },
  ],
  [
    /cupboard|cabinet|drawer|dresser|wardrobe|closet|fridge|refrigerator|freezer|koelkast|vriezer|\bkast|\blade|container|hamper|\blid\b|柜|冰箱|抽屉/i,
    { type: 'door', role: 'cabinet' },
  ],
  [/door|deur|puerta|门/i, { type: 'door', role: 'interior' }],
]

/** An unknown name counts as `motion` without a role. */
export function sensorKind(name: string): SensorKind {
  return kinds.find(([words]) => words.test(name))?.[1] ?? { type: 'motion' }
}
