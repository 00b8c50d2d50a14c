import type { TLSSocket } from 'node:tls';
import { enrolNode, removeNode, revokeCertificates } from '@beacontower/database';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import type { MadeLine } from '../protocol/chain.ts';
import type { ParentAddress } from '../uplink/client.ts';
import { exchange, openRaw, requestText } from './attacks.fixture.ts';
import { lineOf, SpeakingNode } from './speaking.fixture.ts';

const NOW = Date.now() - 3_600_000;
const LINES = { 'content-type': 'application/x-ndjson' };
const by = { now: Date.now(), actor: 'test', source: null } as never;

describe('batches, and what happens to their sender and their record meanwhile', () => {
  let server: TestServer;
  let centre: TestCentre;
  let address: ParentAddress;
  let node: SpeakingNode;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
  });
  beforeEach(async () => {
    count += 1;
    address = await centre.enrol(`n${count}`, `cn.n${count}`);
    node = new SpeakingNode(`n${count}`, `cn.n${count}`, address);
    await node.begin();
    node.say(lineOf.object(`${node.node}:a`, node.division, NOW));
    expect((await node.logAll()).status).toBe(200);
  });
  afterEach(() => node.close());
  afterAll(async () => {
    await centre.stop();
    await server.stop();
  });

  const known = async () => {
    const { rows } = await centre.database.query<{ known: number; sequence: number }>(
      `SELECT (SELECT count(*) FROM transitions WHERE subject = $1) AS known, sequence FROM federation_nodes WHERE node = $2`,
      [`${node.node}:a`, node.node],
    );
    return rows[0];
  };

  /** Lines of changes that follow each other. */
  const changes = (many: number, from = 0): MadeLine[] =>
    node.say(
      ...Array.from({ length: many }, (_none, index) => {
        const [before, after] = (from + index) % 2 === 0 ? (['up', 'down'] as const) : (['down', 'up'] as const);
        return lineOf.change(`${node.node}:a`, from + index === 0 ? 'unknown' : before, after, NOW + (from + index) * 1_000);
      }),
    );
  const bodyOf = (lines: readonly MadeLine[]) => `${lines.map(({ line }) => line).join('\n')}\n`;

  /** Sends the head of a batch and half of its body: who speaks was looked up then. */
  async function halfSent(lines: readonly MadeLine[]): Promise<{ readonly socket: TLSSocket; readonly rest: string }> {
    const body = bodyOf(lines);
    const half = Math.floor(body.length / 2);
    const socket = await openRaw(address);
    const head = requestText('POST', `/log?incarnation=${node.incarnation}`, { ...LINES, 'content-length': String(body.length) });
    await new Promise((resolve) => socket.write(head + body.slice(0, half), resolve));
    // A call on the same listener that is answered later was looked up later.
    for (let time = 0; time < 3; time += 1) await node.get('/downward');
    return { socket, rest: body.slice(half) };
  }

  test.each<[string, string, () => Promise<unknown>]>([
    ['was put out', 'certificate-revoked', () => centre.database.transaction((tx) => removeNode(tx, node.node, 'test', by))],
    [
      'was let in anew with another key',
      'certificate-revoked',
      () =>
        centre.database.transaction(async (tx) => {
          await revokeCertificates(tx, node.node, { now: Date.now(), actor: 'test', reason: 'test' });
          await enrolNode(tx, { node: node.node, name: 'x', division: node.division, timeZone: 'Asia/Shanghai' }, Date.now());
        }),
    ],
  ])('a batch whose sender %s between its head and its end is refused: %s', async (_what, code, act) => {
    const { socket, rest } = await halfSent(changes(50));
    await act();
    const [answer] = await exchange(socket, rest);
    expect(answer).toMatchObject({ status: 403, code });
    expect(await known()).toEqual({ known: 0, sequence: 2 });
    socket.destroy();
  });

  test('revoking while batches come is a moment: what was acknowledged is there, and nothing after', async () => {
    let acknowledged = 2;
    const sending = (async () => {
      for (let batch = 0; batch < 200; batch += 1) {
        const heard = await node.log(changes(5, batch * 5));
        if (heard.status !== 200) return heard.body.code;
        acknowledged = (heard.body as { acknowledged: { sequence: number } }).acknowledged.sequence;
      }
      return 'all taken';
    })();
    await waitFor(() => acknowledged > 20, { what: 'batches that are taken' });
    await centre.database.transaction((tx) => removeNode(tx, node.node, 'test', by));
    expect(await sending).toBe('certificate-revoked');
    expect(await known()).toEqual({ known: acknowledged - 2, sequence: acknowledged });
  });

  test('two copies of a node at once: each line is there once, and the one that differs is told so', async () => {
    const lines = changes(200);
    const halves = [lines.slice(0, 120), lines.slice(0, 200), lines.slice(0, 120), lines];
    const heard = await Promise.all(halves.map((half) => node.log(half)));
    for (const { status, body } of heard)
      expect([status, body.code]).toBeOneOf([
        [200, undefined],
        [409, 'sequence-known'],
        [503, 'busy'],
      ]);
    await node.log(lines);
    expect(await known()).toEqual({ known: 200, sequence: 202 });
    const copy = new SpeakingNode(node.node, node.division, address);
    copy.incarnation = node.incarnation;
    copy.lines = node.lines.slice(0, 201);
    const [other] = copy.say(lineOf.change(`${node.node}:a`, 'down', 'up', NOW + 900_000));
    expect((await copy.log(other === undefined ? [] : [other])).body.code).toBe('history-differs');
    await copy.close();
    expect(await known()).toEqual({ known: 200, sequence: 202 });
  });

  test('a copy that begins anew silences the one before it, which cannot come back', async () => {
    const old = node.incarnation;
    const copy = new SpeakingNode(node.node, node.division, address);
    expect((await copy.begin()).status).toBe(200);
    expect((await node.log(changes(1))).body.code).toBe('hello-needed');
    expect((await node.hello()).body.code).toBe('incarnation-superseded');
    expect(copy.incarnation).not.toBe(old);
    await copy.close();
    expect((await known())?.known).toBe(0);
  });

  /** Holds up whoever writes changes of states until `work`, which is given the process of a batch that is in the middle, has ended. */
  async function inTheMiddle(sending: () => Promise<unknown>, work: (pid: number) => Promise<void>): Promise<unknown> {
    const held = centre.database.transaction(async (tx) => {
      await tx.query('LOCK TABLE transitions IN EXCLUSIVE MODE');
      const sent = sending();
      const pid = await waitFor(async () => {
        const { rows } = await centre.database.query<{ pid: number }>(`SELECT pid FROM pg_locks WHERE NOT granted`);
        return rows[0]?.pid;
      });
      await work(pid);
      return { sent };
    });
    // Where the database died, so did the lock.
    return held.then(({ sent }) => sent).catch(() => null);
  }

  test('a connection to the database that stands still in the middle of a batch keeps no other node from being heard', async () => {
    const other = new SpeakingNode('other', 'cn.other', await centre.enrol('other', 'cn.other'));
    const lines = changes(500);
    let stopped = 0;
    const sent = inTheMiddle(
      () => node.log(lines),
      async (pid) => {
        stopped = pid;
        process.kill(pid, 'SIGSTOP');
        await other.begin();
        other.say(lineOf.object('other:a', 'cn.other', NOW));
        expect((await other.logAll()).status).toBe(200);
      },
    );
    await waitFor(() => stopped > 0);
    await waitFor(async () => (await other.hello()).status === 200, { what: 'another node' }).finally(() =>
      process.kill(stopped, 'SIGCONT'),
    );
    expect(await sent).toMatchObject({ status: 200 });
    expect(await known()).toEqual({ known: 500, sequence: 502 });
    await other.close();
  });

  test('a database that dies in the middle of a batch, again and again: nothing in part, and once in the end', async () => {
    const lines = changes(1_500);
    for (let time = 1; time <= 3; time += 1) {
      let heard: unknown;
      await inTheMiddle(
        async () => {
          heard = await node.log(lines.slice(0, 500 * time));
        },
        () => server.kill(),
      );
      await waitFor(() => heard, { what: 'an answer' });
      expect(heard).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      await server.start();
      await waitFor(() => known().catch(() => null), { timeoutMs: 20_000, what: 'the database' });
      expect(await known()).toEqual({ known: 0, sequence: 2 });
    }
    await waitFor(async () => (await node.log(lines)).status === 200, { timeoutMs: 20_000, what: 'the listener' });
    expect((await node.log(lines)).status).toBe(200);
    expect(await known()).toEqual({ known: 1_500, sequence: 1_502 });
  });

  test('an answer that is lost with its connection, again and again: the batch that is sent anew is there once', async () => {
    for (let time = 0; time < 10; time += 1) {
      const made = changes(20, time * 20);
      const body = bodyOf(made);
      const socket = await openRaw(address);
      socket.write(requestText('POST', `/log?incarnation=${node.incarnation}`, LINES, body));
      // Cut as soon as it is committed, or before: whichever comes first.
      if (time % 2 === 0) await waitFor(async () => ((await known())?.sequence ?? 0) >= 2 + (time + 1) * 20);
      socket.destroy();
      await waitFor(async () => (await node.log(made)).status === 200, { what: 'the batch sent anew' });
      expect(await known()).toEqual({ known: (time + 1) * 20, sequence: 2 + (time + 1) * 20 });
    }
  });
});
