/** `import-recording`: converts a recording of real devices into a recorded log and a community file. */
import { Command, Option } from 'commander'
import { convertRecording, recordingFormats } from '../simulators/recordings/convert.ts'
import type { CommandContext } from './context.ts'

interface ImportOptions {
  readonly format: string
  readonly in: string
  readonly out: string
  readonly community: string
}

export function importRecordingCommand(context: CommandContext): Command {
  return new Command('import-recording')
    .description('Converts a recording into a recorded log (JSON Lines) and a community file (YAML)')
    .addOption(
      new Option('--format <folder>', 'format of the recording')
        .choices([...recordingFormats.keys()])
        .makeOptionMandatory(),
    )
    .requiredOption('--in <dir>', 'folder of the recording')
    .requiredOption('--out <file>', 'recorded log to write')
    .requiredOption('--community <file>', 'community file to write')
    .action(async (options: ImportOptions) => {
      const report = await convertRecording({
        format: options.format,
        inDir: options.in,
        out: options.out,
        communityPath: options.community,
      })
      context.print(JSON.stringify(report, null, 2))
    })
}
