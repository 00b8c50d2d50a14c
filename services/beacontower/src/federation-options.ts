import type { Database } from '@beacontower/database';
import { FederationFault } from '@beacontower/database';
import { UserError } from '@beacontower/runtime';
import type { CommandIo } from './configuration-commands.ts';
import { withStores, wording } from './inventory-commands.ts';

/** Options of every verb of `beacontower federation`. */
export const FEDERATION_OPTIONS = { data: { type: 'string' }, language: { type: 'string' }, json: { type: 'boolean' } } as const;

interface Given {
  readonly data?: string | undefined;
  readonly language?: string;
  readonly json?: boolean;
}

/** Opens the node's database for one verb; what cannot be done as things are is said in one line. */
export async function withNode(values: Given, work: (database: Database, io: CommandIo) => Promise<void>): Promise<void> {
  const io = wording(values);
  await withStores(values.data, async ({ database }) => {
    try {
      await work(database, io);
    } catch (error) {
      if (error instanceof FederationFault) throw new UserError(error.message);
      throw error;
    }
  });
}

/** The one node that was named. */
export function oneNode(verb: string, rest: readonly string[]): string {
  const [node, ...more] = rest;
  if (node === undefined || more.length > 0) throw new UserError(`expected "federation ${verb} NODE"; --help tells more`);
  return node;
}

/** A document, or its words. */
export function tell(io: CommandIo, document: object, text: string): void {
  io.out(io.json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
}
