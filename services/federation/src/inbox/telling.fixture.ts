/** A centre, and nodes that tell it what a test wants. */
import { expect } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import { lineOf, SpeakingNode } from './speaking.fixture.ts';

export const NOW = Date.now() - 3_600_000;
export const LATER = NOW + 60_000;

export interface Telling {
  readonly centre: TestCentre;
  /** A node that has said nothing. */
  enrolled(): Promise<SpeakingNode>;
  /** One that has told of one object, `a`. */
  begun(over?: Parameters<SpeakingNode['begin']>[0]): Promise<{ readonly node: SpeakingNode; readonly a: string }>;
  rows(sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  /** What is in force of a subject: `from at to`, `at` after `NOW`. */
  history(id: string): Promise<string[]>;
  present(id: string): Promise<unknown>;
  /** Ends the connections of nodes. */
  rest(): Promise<void>;
  stop(): Promise<void>;
}

export async function startTelling(): Promise<Telling> {
  const server = await startPostgres();
  const centre = await startCentre(server);
  const open: SpeakingNode[] = [];
  let count = 0;
  const rows: Telling['rows'] = async (sql, values = []) => (await centre.database.query(sql, values)).rows;
  const enrolled = async () => {
    count += 1;
    const [node, division] = [`n${count}`, `cn.n${count}`];
    const speaking = new SpeakingNode(node, division, await centre.enrol(node, division));
    open.push(speaking);
    return speaking;
  };
  return {
    centre,
    enrolled,
    rows,
    async begun(over = {}) {
      const node = await enrolled();
      await node.begin(over);
      const a = `${node.node}:a`;
      node.say(lineOf.object(a, node.division, NOW));
      expect((await node.logAll()).status).toBe(200);
      return { node, a };
    },
    async history(id) {
      const found = await rows(
        'SELECT from_state, to_state, at FROM transitions WHERE subject = $1 AND superseded_at IS NULL ORDER BY at, id',
        [id],
      );
      return found.map(({ from_state, to_state, at }) => `${from_state} ${Number(at) - NOW} ${to_state}`);
    },
    present: async (id) => (await rows('SELECT state FROM current_states WHERE subject = $1', [id]))[0]?.state,
    async rest() {
      for (const node of open.splice(0)) await node.close();
    },
    async stop() {
      await centre.stop();
      await server.stop();
    },
  };
}
