/** The community file (YAML): who and what is where. Shape only; references are checked by community/. */
import { z } from 'zod'
import { idPattern } from './topics.ts'
import { roles } from './user.ts'

const id = z.string().regex(idPattern, 'an id has 1-64 letters, digits, _ or -')
/** Either one string for both languages, or `{ zh, en }`. */
const name = z
  .union([
    z.string().min(1).max(200),
    z.strictObject({ zh: z.string().min(1).max(200), en: z.string().min(1).max(200) }),
  ])
  .transform((value) => (typeof value === 'string' ? { zh: value, en: value } : value))
const latitude = z.number().min(-90).max(90)
const longitude = z.number().min(-180).max(180)
const timeZone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}, 'not an IANA time zone')

const metaValue = z.union([z.string().max(256), z.number(), z.boolean(), z.array(z.string().max(64)).max(64)])

export const communityFile = z.strictObject({
  sites: z.array(z.strictObject({ id, name, timeZone, latitude, longitude })).min(1),
  grids: z.array(z.strictObject({ id, site: id, name })).default([]),
  buildings: z
    .array(
      z.strictObject({ id, grid: id, name, latitude: latitude.optional(), longitude: longitude.optional() }),
    )
    .default([]),
  homes: z
    .array(z.strictObject({ id, building: id, name, persons: z.int().min(0).max(50).default(1) }))
    .default([]),
  devices: z
    .array(
      z.strictObject({
        id,
        type: id,
        site: id,
        grid: id.optional(),
        building: id.optional(),
        home: id.optional(),
        circuit: id.optional(),
        gateway: id.optional(),
        name: name.optional(),
        /** Where it is within its home, building or grid, e.g. "2 单元" or "north gate". */
        place: name.optional(),
        latitude: latitude.optional(),
        longitude: longitude.optional(),
        meta: z.record(z.string(), metaValue).default({}),
      }),
    )
    .default([]),
  residents: z
    .array(
      z.strictObject({
        id,
        home: id,
        name: z.string().min(1).max(100),
        phone: z.string().max(32).optional(),
        /** The shorter welfare limit: 24 h instead of 48 h without an opening of the entrance door. */
        fragile: z.boolean().default(false),
        livesAlone: z.boolean().default(true),
        contacts: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(100),
              phone: z.string().min(1).max(32),
              relation: z.string().max(50).optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  crews: z
    .array(z.strictObject({ id, name, site: id.optional(), deviceTypes: z.array(id).default([]) }))
    .default([]),
  staff: z
    .array(
      z.strictObject({
        login: z.string().regex(/^[a-z][a-z0-9._-]{0,63}$/, 'a login has lower-case letters, digits, . _ -'),
        name: z.string().min(1).max(100),
        role: z.enum(roles),
        crew: id.optional(),
        grid: id.optional(),
      }),
    )
    .default([]),
  roster: z
    .array(
      z.strictObject({
        login: z.string(),
        from: z.iso.datetime({ offset: true }),
        to: z.iso.datetime({ offset: true }),
      }),
    )
    .default([]),
})

/** As written in the file. */
export type CommunityFileInput = z.input<typeof communityFile>
/** As read: defaults filled in, names in both languages. */
export type CommunityFile = z.output<typeof communityFile>
