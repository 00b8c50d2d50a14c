import { recordings, type SnmpAgent, startSnmpAgent } from '@beacontower/testing';
import { createSession, ObjectType, type Session, type Varbind as TheirVarbind, Version2c } from 'net-snmp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { oidTextOf } from './cells.ts';
import { type Oid, oid } from './oid.ts';
import { type BulkAnswer, type Conversation, END, TAG, type Varbind } from './port.ts';
import { community, SYS_UPTIME, type TestTransport, testTransport } from './test-helpers.ts';

const IF_TABLE = Array.from({ length: 22 }, (_, i) => oid(`1.3.6.1.2.1.2.2.1.${i + 1}`));
const IF_X_TABLE = Array.from({ length: 19 }, (_, i) => oid(`1.3.6.1.2.1.31.1.1.1.${i + 1}`));
const OPTIONS = { timeoutMs: 10_000 };
/** What a variable is, in one form for both: OID, tag, and the value as text. */
type Plain = readonly [oid: string, tag: number, value: string];

/** All of a subtree as net-snmp reads it. */
function theirWalk(session: Session, from: string): Promise<Plain[]> {
  return new Promise((resolve, reject) => {
    const found: Plain[] = [];
    session.subtree(
      from,
      20,
      (varbinds) => void found.push(...varbinds.map((varbind) => plainOfTheirs(varbind as TheirVarbind))),
      (error) => (error ? reject(error) : resolve(found)),
    );
  });
}

function plainOfTheirs({ oid: name, type, value }: TheirVarbind): Plain {
  if (type === ObjectType.Counter64) return [name, type, (value as Buffer).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n).toString()];
  return [name, type ?? 0, Buffer.isBuffer(value) ? value.toString('hex') : String(value)];
}

function plainValue(tag: number, value: bigint | Uint8Array): string {
  if (typeof value === 'bigint') return value.toString();
  if (tag === TAG.objectIdentifier) return oidTextOf(value) ?? 'no OID';
  if (tag === TAG.ipAddress) return value.join('.');
  return tag === TAG.null ? 'null' : Buffer.from(value).toString('hex');
}

/** The whole of a subtree by `list`. */
async function ourWalk(conversation: Conversation, from: Oid): Promise<Plain[]> {
  const found: Plain[] = [];
  for (let next = from; ; ) {
    const answer = await conversation.list([next], 40, OPTIONS);
    if (!answer.ok) throw new Error(`${answer.failure}: ${answer.text}`);
    const inside = (each: Varbind) => each.tag !== TAG.endOfMibView && each.oid.startsWith(`${from.text}.`);
    const fitting = answer.varbinds.slice(0, answer.varbinds.findIndex((each) => !inside(each)) >>> 0);
    for (const each of fitting) found.push([each.oid, each.tag, plainValue(each.tag, each.value)]);
    if (fitting.length < answer.varbinds.length || fitting.length === 0) return found;
    next = oid(fitting.at(-1)?.oid ?? '');
  }
}

/** Every cell of the columns by `bulk`. */
async function ourColumns(conversation: Conversation, wanted: readonly Oid[], maxRepetitions: number): Promise<Plain[][]> {
  const found: Plain[][] = wanted.map(() => []);
  let open = wanted.map((_, column) => ({ column, after: null as number | null }));
  while (open.length > 0) {
    const columns = open.map(({ column, after }) => ({ oid: wanted[column] as Oid, after }));
    const answer: BulkAnswer | { ok: false; text: string } = await conversation.bulk(
      { scalars: [SYS_UPTIME], columns, maxRepetitions },
      OPTIONS,
    );
    if (!answer.ok) throw new Error(answer.text);
    open = open.flatMap(({ column, after }, i) => {
      const count = answer.counts[i] as number;
      for (let row = 0; row < count; row++) {
        const at = i * answer.stride + row;
        const tag = answer.cells.tags[at] as number;
        const value = plainValue(tag, answer.cells.bigint(at) ?? answer.cells.bytes(at));
        found[column]?.push([`${wanted[column]?.text}.${answer.rows[at]}`, tag, value]);
      }
      expect([END.open, END.done]).toContain(answer.ends[i]);
      return answer.ends[i] === END.open
        ? [{ column, after: count === 0 ? after : (answer.rows[i * answer.stride + count - 1] as number) }]
        : [];
    });
    answer.release();
  }
  return found;
}

const files = recordings();
describe.runIf(files.length > 0)('the codec and net-snmp agree on every recording', () => {
  let wire: TestTransport;
  beforeAll(async () => {
    wire = testTransport();
    await wire.transport.start();
  });
  afterAll(() => wire.transport.stop());

  describe.each(files)('$name', ({ file }) => {
    let agent: SnmpAgent;
    let session: Session;
    let conversation: Conversation;
    beforeEach(async () => {
      agent = await startSnmpAgent({ recording: file, moving: false });
      session = createSession(agent.address, 'public', { version: Version2c, port: agent.port, timeout: 10_000 });
      session.on('error', () => undefined);
      conversation = wire.transport.conversation({ address: agent.address, port: agent.port, secret: community('2c') });
    });
    afterEach(async () => {
      session.close();
      await agent.stop();
    });

    it('cell by cell of ifTable and ifXTable', async () => {
      for (const table of [IF_TABLE, IF_X_TABLE]) {
        const theirs = await Promise.all(table.map((column) => theirWalk(session, column.text)));
        for (const repetitions of [7, 50]) expect(await ourColumns(conversation, table, repetitions)).toEqual(theirs);
      }
    });

    it('variable by variable of all it holds', { timeout: 120_000 }, async () => {
      const theirs = await theirWalk(session, '1.3.6.1');
      expect(theirs.length).toBeGreaterThan(0);
      expect(await ourWalk(conversation, oid('1.3.6.1'))).toEqual(theirs);
    });
  });
});
