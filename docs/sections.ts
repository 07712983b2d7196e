/** The generated sections of README and docs, by name. */
import { stringify } from 'yaml'
import { z } from 'zod'
import { configSchema } from '../app/config.ts'
import { loadRules } from '../app/files.ts'
import { settingsOf } from '../app/settings.ts'
import { commands } from '../commands/table.ts'
import { lastFigures } from '../evaluation/last-scorecard.ts'
import { summaryOf } from '../evaluation/page.ts'
import { communityFile } from '../model/community-file.ts'
import type { DeviceType, Field, StringField, Words } from '../model/device-type.ts'
import { deviceTypes } from '../model/devices/table.ts'
import type { Text } from '../model/text.ts'
import { buildTopic, deviceChannels, retainedChannels } from '../model/topics.ts'
import { libraryFolder, readRuleFolder } from '../rules/library/read.ts'
import { type Definitions, definitions } from '../rules/schema/definitions.ts'

type Row = readonly string[]

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

const meaning: Readonly<Record<(typeof deviceChannels)[number] | 'cmd', Text>> = {
  telemetry: { en: 'periodic and on-change readings', zh: '周期与变化上报的读数' },
  event: { en: 'one discrete fact, `{"type":"sos"}`', zh: '单个事件，`{"type":"sos"}`' },
  status: {
    en: '`{"state":"online"}`, and `offline` as the Last Will',
    zh: '`{"state":"online"}`，`offline` 为遗嘱',
  },
  meta: { en: 'static facts of the device', zh: '设备的静态信息' },
  cmd: { en: 'hub to device', zh: '中枢到设备' },
}

function topics(language: keyof Text): string {
  const topic = (channel: keyof typeof meaning): string =>
    buildTopic({ site: '{site}', type: '{type}', device: '{deviceId}', channel })
  const head = language === 'zh' ? ['主题', 'QoS', '保留', '内容'] : ['Topic', 'QoS', 'Retained', 'Content']
  const yes = language === 'zh' ? '是' : 'yes'
  return table(
    head,
    ([...deviceChannels, 'cmd'] as const).map((channel) => [
      code(topic(channel)),
      '1',
      retainedChannels.has(channel) ? yes : '',
      meaning[channel][language],
    ]),
  )
}

function configuration(): string {
  return table(
    ['Setting', 'Environment', 'Default', 'Meaning'],
    settingsOf(configSchema).map(({ path, env, fallback, description }) => [
      code(path.join('.')),
      code(env),
      code(fallback),
      description,
    ]),
  )
}

function kindOf(field: Field | StringField): string {
  if (field.kind === 'number')
    return `${field.unit === '1' ? 'number' : field.unit}, ${field.min} … ${field.max}`
  if (field.kind === 'boolean') return field.words ? wordList(field.words) : 'true / false'
  if (field.kind === 'string') return `text, up to ${field.maxLength}`
  return `${field.kind === 'list' ? 'list of ' : ''}${wordList(field.words)}`
}

/** Words of a field as transmitted, each with its labels. */
const wordList = (words: Words): string =>
  Object.entries(words)
    .map(([word, { zh, en }]) => `${code(word)} ${zh}/${en}`)
    .join(' · ')

function deviceTable(type: DeviceType): string {
  const rows = (fields: Readonly<Record<string, Field | StringField>>, channel: string): Row[] =>
    Object.entries(fields).map(([name, field]) => [
      code(name),
      channel,
      kindOf(field),
      field.label.zh,
      field.label.en,
    ])
  return [
    `### \`${type.type}\` ${type.label.zh} / ${type.label.en}`,
    '',
    table(
      ['Field', 'Channel', 'Values', '中文', 'English'],
      [
        ...rows(type.telemetry, 'telemetry'),
        ...rows(type.meta, 'meta'),
        ...Object.entries(type.events).map(([word, label]) => [code(word), 'event', '', label.zh, label.en]),
      ],
    ),
  ].join('\n')
}

function ruleTable(): string {
  const rules = loadRules(null).list
  const title = ({ zh, en }: Text): string => `${zh} / ${en}`
  return table(
    ['Ref', 'Rule', 'Title', 'Kind', 'Devices'],
    rules.map((rule) => [rule.ref, code(rule.id), title(rule.title), rule.kind, [...rule.types].join(', ')]),
  )
}

function sourceTable(): string {
  const rules = loadRules(null).list
  return table(
    ['Rule', '依据', 'Source'],
    rules.map(({ id, source }) => [code(id), source.zh, source.en]),
  )
}

/** Shared definitions written out, with the rules that use each. */
function definitionTable(): string {
  const files = readRuleFolder(libraryFolder)
  const users = (name: string): string =>
    files
      .filter(({ text }) => new RegExp(`: ${name}$`, 'm').test(text))
      .map(({ source }) => code(source.replace('.yaml', '')))
      .join(', ')
  const rows = (kind: keyof Definitions): Row[] =>
    Object.entries(definitions[kind]).map(([name, value]) => [
      code(name),
      kind === 'expressions' ? 'expression' : kind === 'signals' ? 'signal' : 'presence',
      code(
        typeof value === 'string'
          ? value
          : stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim(),
      ),
      users(name),
    ])
  return table(
    ['Name', 'In place of', 'Written out', 'Used by'],
    [...rows('expressions'), ...rows('presence'), ...rows('signals')],
  )
}

interface JsonField {
  readonly description?: string
  readonly default?: unknown
}

/** Every field of every list of the community file, in its input form. */
function communityTable(): string {
  const file = z.toJSONSchema(communityFile, { io: 'input' }) as {
    readonly properties: Record<
      string,
      { items: { properties: Record<string, JsonField>; required: string[] } }
    >
  }
  const rows = Object.entries(file.properties).flatMap(([list, { items }]) =>
    Object.entries(items.properties).map(([name, field]) => [
      code(list),
      code(name),
      items.required.includes(name)
        ? 'yes'
        : field.default === undefined
          ? ''
          : code(JSON.stringify(field.default)),
      field.description ?? '',
    ]),
  )
  return table(['List', 'Field', 'Required, or default', 'Meaning'], rows)
}

function commandTable(): string {
  const context = {
    now: () => 0,
    env: {},
    stdin: process.stdin,
    print: () => {},
    printError: () => {},
    stopped: new AbortController().signal,
    onReload: () => () => {},
    nodePath: '',
  }
  return table(
    ['Command', 'What it does'],
    commands.map((make) => {
      const command = make(context)
      return [code(command.name()), command.description()]
    }),
  )
}

function scorecard(language: keyof Text): string {
  const figures = lastFigures()
  return figures ? summaryOf(figures, language) : code('npm run scorecard -- --save')
}

export const sections: ReadonlyMap<string, () => string> = new Map([
  ['topics-en', () => topics('en')],
  ['topics-zh', () => topics('zh')],
  ['configuration', configuration],
  ['devices', () => [...deviceTypes.values()].map(deviceTable).join('\n\n')],
  ['rules', ruleTable],
  ['rule-sources', sourceTable],
  ['definitions', definitionTable],
  ['commands', commandTable],
  ['community', communityTable],
  ['scorecard-en', () => scorecard('en')],
  ['scorecard-zh', () => scorecard('zh')],
])
