/** The community file (YAML): who and what is where. Shape only; references are checked by community/. */
import { z } from 'zod'
import { idPattern } from './topics.ts'
import { loginPattern, loginRule, roles } from './user.ts'

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

/** Why a resident is away for a while; a health note, so it never leaves the resident's file. */
export const absenceReasons = ['hospital', 'travel', 'family', 'other'] as const

const metaValue = z.union([z.string().max(256), z.number(), z.boolean(), z.array(z.string().max(64)).max(64)])

export const communityFile = z.strictObject({
  sites: z
    .array(
      z.strictObject({
        id: id.describe('Part of every topic'),
        name,
        timeZone: timeZone.describe(
          'IANA name, e.g. `Asia/Shanghai`; nights and days of case numbers follow it',
        ),
        latitude: latitude.describe('Degrees; dusk and dawn follow it'),
        longitude: longitude.describe('Degrees, east positive'),
      }),
    )
    .min(1),
  grids: z
    .array(z.strictObject({ id, site: id, name: name.describe('A few buildings with one grid worker') }))
    .default([]),
  buildings: z
    .array(
      z.strictObject({
        id,
        grid: id,
        name,
        latitude: latitude.optional().describe('With `longitude`, or neither'),
        longitude: longitude.optional(),
      }),
    )
    .default([]),
  homes: z
    .array(
      z.strictObject({
        id,
        building: id,
        name,
        persons: z.int().min(0).max(50).default(1).describe('How many live there; rules may ask'),
      }),
    )
    .default([]),
  devices: z
    .array(
      z.strictObject({
        id: id.describe('Also its client id, user name and part of its topics'),
        type: id.describe('One of [the device types](devices.md)'),
        site: id,
        grid: id.optional().describe('Needless when there is a building or home: it follows'),
        building: id.optional().describe('Needless when there is a home'),
        home: id.optional(),
        circuit: id.optional().describe('Lamps of one supply: when it fails, one alert'),
        gateway: id.optional().describe('Devices that speak through the same box'),
        name: name.optional(),
        place: name
          .optional()
          .describe('Where it is within its home, building or grid, e.g. `2 单元` or `north gate`'),
        latitude: latitude.optional().describe('With `longitude`, or neither; else that of the building'),
        longitude: longitude.optional(),
        meta: z
          .record(z.string(), metaValue)
          .default({})
          .describe('Static facts, as in [the table of its type](devices.md)'),
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
        fragile: z
          .boolean()
          .default(false)
          .describe(
            'The shorter welfare limit: 24 h instead of 48 h without an opening of the entrance door',
          ),
        livesAlone: z.boolean().default(true).describe('For people to know; no shipped rule asks'),
        away: z
          .array(
            z.strictObject({
              from: z.iso.datetime({ offset: true }).describe('ISO 8601 with offset'),
              to: z.iso.datetime({ offset: true }).describe('After `from`'),
              reason: z.enum(absenceReasons).describe(absenceReasons.map((one) => `\`${one}\``).join(', ')),
            }),
          )
          .default([])
          .describe(
            'Known absences: `from`, `to`, `reason`. The welfare watch pauses and counts anew afterwards; a call for help and an open door are told all the same',
          ),
        contacts: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(100),
              phone: z.string().min(1).max(32),
              relation: z.string().max(50).optional(),
            }),
          )
          .default([])
          .describe('Whom to call: `name`, `phone`, `relation`'),
      }),
    )
    .default([]),
  crews: z
    .array(
      z.strictObject({
        id,
        name,
        site: id.optional().describe('Absent = works at all sites'),
        deviceTypes: z.array(id).default([]).describe('What it repairs; none = everything'),
      }),
    )
    .default([]),
  staff: z
    .array(
      z.strictObject({
        login: z
          .string()
          .regex(loginPattern, loginRule)
          .describe('Sign-in name: lower-case letters, digits, `.` `_` `-`'),
        name: z.string().min(1).max(100),
        role: z.enum(roles).describe(roles.map((role) => `\`${role}\``).join(', ')),
        crew: id.optional().describe('Of a `crew`; nobody else has one'),
        grid: id.optional().describe('Of a `grid-worker`; nobody else has one'),
      }),
    )
    .default([]),
  roster: z
    .array(
      z.strictObject({
        login: z.string().describe('Who is on duty'),
        from: z.iso.datetime({ offset: true }).describe('ISO 8601 with offset'),
        to: z.iso.datetime({ offset: true }).describe('After `from`'),
      }),
    )
    .default([]),
})

/** As written in the file. */
export type CommunityFileInput = z.input<typeof communityFile>
/** As read: defaults filled in, names in both languages. */
export type CommunityFile = z.output<typeof communityFile>
