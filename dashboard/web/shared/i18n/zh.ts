/** Chinese texts of the web apps; they say which texts there are. */
import { alerts } from './zh/alerts.ts'
import { cases } from './zh/cases.ts'
import { devices } from './zh/devices.ts'
import { frame } from './zh/frame.ts'
import { rules } from './zh/rules.ts'

export const zh = { ...frame, ...alerts, ...cases, ...devices, ...rules }
