/** What happens beside each other on the link: none of it may be taken for a restored back-up. */
import { randomUUID } from 'node:crypto';
import { type Database, readUplinkChain } from '@beacontower/database';
import { type Component, createLogger } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clock, startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from '../federation.fixture.ts';
import { type ParentAddress, ParentRefused } from './client.ts';
import { Link } from './link.ts';
import { Sender } from './sender.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
let server: TestServer;
let centre: TestCentre;
let node: TestNode;
let parent: ParentAddress;
let uplink: Component;

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  node = await startNode(server, 'gd', 'cn.gd');
  await node.apply(['gd:a']);
  await node.transition('gd:a', 'up');
  parent = await centre.enrol('gd', 'cn.gd');
  uplink = await uplinkOf(node, 'cn.gd', parent);
  await uplink.start();
  await applied(1);
});
afterAll(async () => {
  await uplink.stop();
  await node.stop();
  await centre.stop();
  await server.stop();
});

/** So many changes are at the centre, and all that is made is acknowledged. */
async function applied(count: number): Promise<void> {
  await waitFor(
    async () => {
      const { rows } = await centre.database.query(`SELECT FROM transitions WHERE subject = 'gd:a'`);
      const chain = await readUplinkChain(node.database);
      return rows.length === count && chain?.acknowledged === chain?.built;
    },
    { what: `${count} changes at the centre` },
  );
}

const linkOf = (database: Database): Link =>
  new Link({ database, clock, logger, node: 'gd', division: 'cn.gd', software: { name: 'beacontower', version: '0' }, parent });

test('a hello that lines went past says nothing of a restoration: it is said anew', async () => {
  let hellos = 0;
  // Between what the hello will say of the log and the hello itself, a line is made, sent and applied.
  const slow = new Proxy(node.database, {
    get(target, property) {
      if (property !== 'query') return Reflect.get(target, property, target);
      return async (text: string, values: unknown[]) => {
        const result = await target.query(text, values);
        if (!text.includes('min(sequence)')) return result;
        hellos += 1;
        if (hellos === 1) {
          await node.transition('gd:a', 'down');
          await applied(2);
        }
        return result;
      };
    },
  });
  const link = linkOf(slow);
  const agreed = await link.agree();
  const chain = await readUplinkChain(node.database);
  expect(hellos).toBe(2);
  expect(agreed).toMatchObject({ incarnation: chain?.incarnation, resume: { sequence: chain?.built, hash: chain?.builtHash } });
  await link.close();
});

test('what is refused of an incarnation before this one begins no other', async () => {
  const link = linkOf(node.database);
  for (const code of ['history-differs', 'incarnation-superseded'] as const) {
    const before = await readUplinkChain(node.database);
    const late = new ParentRefused(
      { type: 'about:blank', title: code, status: 409, code, detail: 'too late' } as never,
      null,
      randomUUID(),
    );
    const greeting = Object.assign(Object.create(link), { agree: () => Promise.reject(late), forget: () => undefined }) as Link;
    Object.defineProperties(greeting, { client: { value: link.client }, budget: { value: link.budget } });
    const sender = new Sender({ database: node.database, clock, logger, link: greeting, node: 'gd', division: 'cn.gd' });
    const turn = {
      lease: { name: 'test', holder: 'test', epoch: 1 } as never,
      signal: new AbortController().signal,
      fault: () => undefined,
    };
    expect(await sender.pass(turn)).toBe('again');
    expect(await readUplinkChain(node.database)).toEqual(before);
  }
  await link.close();
});
