import { shortened } from '@beacontower/mail';

/** A path of this machine, which is no business of those who asked for a report. */
const PATH = /(?<![\w:/.])(?:\/[^\s/'"`:,;()]+){2,}\/?/gu;

/** Why a report could not be made, as whoever asked for it may read it: one line, without paths of this machine. The log has it whole. */
export function failureWords(error: unknown): string {
  if (!(error instanceof Error)) return shortened(String(error));
  const { code } = error as NodeJS.ErrnoException;
  return shortened(error.message.replace(PATH, '…')) || code || error.name;
}
