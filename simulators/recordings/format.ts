/** What a form of recording is to the importer: one file in `formats/`, one line in `formats/table.ts`. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { ProblemLog } from './problem-log.ts'

export interface RecordingFormat {
  /** Name of the data folder it reads. */
  readonly folder: string
  readonly title: string
  /** Who recorded it and under what licence; stands at the top of the community file. */
  readonly source: string
  /**
   * Reads a folder of this form. A row that cannot be read is told to `problems`, never thrown.
   * Throws NOT_FOUND when a file is missing and INVALID_INPUT when a file is not of this form at all.
   */
  convert(input: RecordingInput): Promise<Conversion>
}

export interface RecordingInput {
  /** Folder of the recording. */
  readonly dir: string
  readonly problems: ProblemLog
}

export interface Conversion {
  readonly community: CommunityFileInput
  /** Rows read, broken ones included. */
  readonly rows: number
  readonly messages: number
  /** The log, line by line without line ends, in time order. */
  readonly lines: Iterable<string>
}
