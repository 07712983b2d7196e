/** English texts of the web apps. */
import { alerts } from './en/alerts.ts'
import { cases } from './en/cases.ts'
import { devices } from './en/devices.ts'
import { frame } from './en/frame.ts'
import { rules } from './en/rules.ts'
import type { Messages } from './messages.ts'

export const en: Messages = { ...frame, ...alerts, ...cases, ...devices, ...rules }
