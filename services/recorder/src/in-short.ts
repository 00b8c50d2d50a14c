import { withoutCredentials } from '@beacontower/runtime';

const LONGEST = 300;

/** What an error says, for a person who reads a state: without credentials, and without the trace some stores add to it. */
export function inShort(error: unknown): string {
  const said = withoutCredentials(error instanceof Error ? error.message : String(error));
  const [words = ''] = said.split(/\s*(?:Stack Trace:|\r?\n)/);
  return words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words;
}
