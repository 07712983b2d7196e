import type { Text } from './text.ts'

/** critical, high, medium, low (红 橙 黄 蓝), most severe first. */
export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

export const severityLabels: Readonly<Record<Severity, Text>> = {
  critical: { zh: '紧急', en: 'Critical' },
  high: { zh: '高', en: 'High' },
  medium: { zh: '中', en: 'Medium' },
  low: { zh: '低', en: 'Low' },
}

/** 0 = most severe; for sorting and comparing. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity)
}

/** What an alert is about; safety = people in danger now, welfare = an elder may need help. */
export const alertKinds = ['safety', 'welfare', 'maintenance', 'sanitation', 'device'] as const
export type AlertKind = (typeof alertKinds)[number]

export const alertKindLabels: Readonly<Record<AlertKind, Text>> = {
  safety: { zh: '安全', en: 'Safety' },
  welfare: { zh: '关爱', en: 'Welfare' },
  maintenance: { zh: '维修', en: 'Maintenance' },
  sanitation: { zh: '环卫', en: 'Sanitation' },
  device: { zh: '设备', en: 'Device' },
}
