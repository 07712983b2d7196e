/** A recording format: one file in `formats/`, one line in `formats/table.ts`. */
import type { CommunityFileInput } from '../../model/community-file.ts'
import type { ProblemLog } from './problem-log.ts'

export interface RecordingFormat {
  /** Name of the data folder it reads. */
  readonly folder: string
  readonly title: string
  /** Author and licence; written at the top of the community file. */
  readonly source: string
  /**
   * Reads a folder of this format. An unreadable row is added to `problems`, never thrown.
   * @throws LinliError NOT_FOUND (a file is missing), INVALID_INPUT (a file has another format)
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
