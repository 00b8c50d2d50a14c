import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentVariable } from '@beacontower/runtime';

/** A recording of a real device, which is no part of this repository. */
export interface RecordingFile {
  /** `vrp_5720` */
  readonly name: string;
  readonly file: string;
}

const BESIDE = fileURLToPath(new URL('../../../../../shared/recordings', import.meta.url));
let told = false;

/**
 * The recordings of real devices, from the folder `BEACONTOWER_RECORDINGS` or `../shared/recordings` beside the repository.
 * Where there is none: no files, and a loud line, for `describe.each(recordings())`.
 */
export function recordings(): readonly RecordingFile[] {
  const directory = environmentVariable('BEACONTOWER_RECORDINGS') ?? BESIDE;
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.snmprec')) : [];
  if (names.length === 0 && !told) {
    told = true;
    process.stderr.write(
      '\n*** RECORDINGS OF REAL DEVICES MISSING: tests that replay them DO NOT RUN; BEACONTOWER_RECORDINGS names their folder ***\n',
    );
  }
  return names.sort().map((name) => ({ name: name.replace(/\.snmprec$/, ''), file: join(directory, name) }));
}
