import { request as askHttps } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { createGzip, gzipSync } from 'node:zlib';
import { FEDERATION_PATH } from '@beacontower/contracts';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import type { ParentAddress } from '../uplink/client.ts';
import { type Heard, lineOf, SpeakingNode } from './speaking.fixture.ts';

const NOW = Date.now() - 3_600_000;
const GIGABYTE = 2 ** 30;
const NDJSON = { 'content-type': 'application/x-ndjson' };

describe('what nobody should send', () => {
  let server: TestServer;
  let centre: TestCentre;
  let address: ParentAddress;
  let node: SpeakingNode;
  const log = () => `/log?incarnation=${node.incarnation}`;

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    address = await centre.enrol('gd', 'cn.gd');
    node = new SpeakingNode('gd', 'cn.gd', address);
    await node.begin();
    node.say(lineOf.object('gd:a', 'cn.gd', NOW));
    expect((await node.logAll()).status).toBe(200);
  });
  afterAll(async () => {
    await node.close();
    await centre.stop();
    await server.stop();
  });

  /** Sends zeros for as long as somebody takes them; tells how many bytes left, and what was answered. */
  const pour = (headers: Record<string, string | number>, path: string, most: number) =>
    new Promise<Heard & { readonly sent: number }>((resolve, reject) => {
      const { authority: ca, certificate: cert, key, url } = address;
      const asked = askHttps(`${url}${FEDERATION_PATH}${path}`, { method: 'POST', ca, cert, key, agent: false, headers });
      let sent = 0;
      let heard = false;
      const chunk = Buffer.alloc(1_048_576, '0');
      const next = () => {
        while (!heard && sent < most) {
          sent += chunk.length;
          if (!asked.write(chunk)) {
            asked.once('drain', next);
            return;
          }
        }
      };
      asked.on('response', (answer) => {
        heard = true;
        const { statusCode = 0, headers: told } = answer;
        textOf(answer).then((text) => {
          resolve({ status: statusCode, body: JSON.parse(text), headers: told, sent });
          asked.destroy();
        }, reject);
      });
      asked.on('error', (error) => (heard ? undefined : reject(error)));
      next();
    });

  test('a gigabyte is refused by its length, before it is read', async () => {
    const { status, body, sent } = await pour({ ...NDJSON, 'content-length': GIGABYTE }, log(), GIGABYTE);
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'message-too-large' });
    expect(sent).toBeLessThan(100 * 2 ** 20);
  });

  test('a gigabyte that does not say how long it is is cut off where a message ends', async () => {
    const { status, body, sent } = await pour({ ...NDJSON, 'transfer-encoding': 'chunked' }, log(), GIGABYTE);
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'message-too-large' });
    expect(sent).toBeLessThan(150 * 2 ** 20);
  });

  test('a gigabyte in a small message is unpacked no further than a message may be long', async () => {
    const packer = createGzip({ level: 1 });
    const parts: Buffer[] = [];
    packer.on('data', (part: Buffer) => parts.push(part));
    for (let index = 0; index < 256; index++)
      if (!packer.write(Buffer.alloc(4_194_304))) await new Promise((resolve) => packer.once('drain', resolve));
    await new Promise<void>((resolve) => packer.end(resolve));
    const bomb = Buffer.concat(parts);
    expect(bomb.length).toBeLessThan(10 * 2 ** 20);
    const before = process.memoryUsage().rss;
    const heard = await node.raw('POST', log(), bomb, { ...NDJSON, 'content-encoding': 'gzip' });
    expect(heard).toMatchObject({ status: 413, body: { code: 'message-too-large' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
  });

  test.each<[string, string, () => Promise<Heard>]>([
    [
      'a broken gzip',
      'message-invalid',
      () => node.raw('POST', log(), Buffer.from('no gzip at all'), { ...NDJSON, 'content-encoding': 'gzip' }),
    ],
    [
      'a gzip that breaks off',
      'message-invalid',
      () => node.raw('POST', log(), gzipSync('x'.repeat(100_000)).subarray(0, 60), { ...NDJSON, 'content-encoding': 'gzip' }),
    ],
    ['another compression', 'encoding-unsupported', () => node.raw('POST', log(), 'x', { ...NDJSON, 'content-encoding': 'br' })],
    ['another type', 'encoding-unsupported', () => node.raw('POST', log(), '<log/>', { 'content-type': 'text/xml' })],
    ['JSON where lines are wanted', 'encoding-unsupported', () => node.send('POST', log(), {})],
    ['lines where JSON is wanted', 'message-invalid', () => node.raw('PUT', '/snapshot', '{}\n', NDJSON)],
    ['garbage for a log', 'envelope-invalid', () => node.raw('POST', log(), '\u0001\u0002 garbage\n', NDJSON)],
    ['what is no UTF-8', 'message-invalid', () => node.raw('POST', log(), Buffer.from([0xff, 0xfe, 0x0a]), NDJSON)],
    ['nothing at all', 'envelope-invalid', () => node.raw('POST', log(), '\n', NDJSON)],
    ['garbage for JSON', 'message-invalid', () => node.raw('PUT', '/snapshot', '{', { 'content-type': 'application/json' })],
    ['a snapshot that is none', 'message-invalid', () => node.send('PUT', '/snapshot', { states: 7 })],
    ['an incarnation that is none', 'message-invalid', () => node.raw('POST', '/log?incarnation=x', 'x\n', NDJSON)],
    [
      'JSON nested without end',
      'message-invalid',
      () => node.raw('PUT', '/snapshot', '['.repeat(1_000_000), { 'content-type': 'application/json' }),
    ],
    ['another incarnation', 'hello-needed', () => node.raw('POST', '/log?incarnation=5f0c2f5a-0000-4000-8000-000000000000', 'x\n', NDJSON)],
    [
      'a version of the future',
      'version-unsupported',
      () => node.send('POST', '/hello', { protocols: [2, 7], greeting: 'of another kind' }),
    ],
    ['another node in the hello', 'certificate-foreign', () => node.hello({ node: 'bj' })],
    ['another division in the hello', 'out-of-scope', () => node.hello({ division: 'cn' })],
    ['a clock that is ahead', 'clock-off', () => node.hello({ time: Date.now() + 300_000 })],
    ['a clock that is behind', 'clock-off', () => node.hello({ time: Date.now() - 300_000 })],
    ['a snapshot of another time', 'clock-off', () => node.snapshot({ at: Date.now() - 300_000 })],
    ['a call that there is not', 'not-found', () => node.get('/nothing')],
    [
      'an old snapshot',
      'snapshot-stale',
      async () => {
        await node.snapshot();
        return node.snapshot({ version: 1 });
      },
    ],
  ])('%s: %s', async (_what, code, send) => {
    const before = await centre.database.query('SELECT sequence, hash FROM federation_nodes');
    expect((await send()).body.code).toBe(code);
    expect((await centre.database.query('SELECT sequence, hash FROM federation_nodes')).rows).toEqual(before.rows);
    expect(await centre.registry.getSingleMetricAsString('beacontower_federation_refused_total')).toContain(`code="${code}"`);
  });

  test('the answer to a version of the future names those that are spoken', async () => {
    expect((await node.send('POST', '/hello', { protocols: [9] })).body).toMatchObject({ supported: [1] });
    expect((await node.hello({ time: Date.now() + 300_000 })).body.offsetMs).toBeGreaterThan(290_000);
  });

  test('whoever shows no certificate is told so, and nothing of what it sends is read', async () => {
    const { certificate: _none, key: _key, ...known } = address;
    const stranger = new SpeakingNode('gd', 'cn.gd', known as ParentAddress);
    const heard = await stranger.hello();
    expect(heard).toMatchObject({ status: 401, body: { code: 'certificate-missing' } });
    await stranger.close();
  });

  test('one that begins a message and does not end it keeps nobody else from being heard', async () => {
    const { authority: ca, certificate: cert, key, url } = address;
    const { hostname, port } = new URL(url);
    const slow = Array.from({ length: 6 }, () => {
      const socket = connect({ host: hostname, port: Number(port), ca, cert, key });
      socket.on('error', () => undefined);
      socket.write(
        `POST ${FEDERATION_PATH}${log()} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\ncontent-length: 100000\r\n\r\n{`,
      );
      return socket;
    });
    // Its own places are taken then: it is asked to come again, and others are not.
    await waitFor(async () => (await node.log(node.lines)).body.code === 'busy', { what: 'a node that takes all its places' });
    const busy = await node.log(node.lines);
    expect(busy).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    const other = new SpeakingNode('bj', 'cn.bj', await centre.enrol('bj', 'cn.bj'));
    await other.begin();
    expect((await other.logAll()).status).toBe(200);
    await other.close();
    for (const socket of slow) socket.destroy();
    await waitFor(async () => (await node.log(node.lines)).status === 200, { what: 'the places of those that went away' });
  });

  test('a forged, repeated, re-ordered or skipped line is refused with the place to go on from, and the rest is heard', async () => {
    const made = node.say(
      lineOf.change('gd:a', 'unknown', 'up', NOW + 1_000),
      lineOf.change('gd:a', 'up', 'down', NOW + 2_000),
      lineOf.change('gd:a', 'down', 'up', NOW + 3_000),
    );
    const [first, second, third] = made;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three lines were made');
    const resume = { sequence: 2, hash: node.lines[1]?.hash };
    for (const [lines, code] of [
      [[second, third], 'sequence-gap'],
      [[first, third], 'chain-broken'],
      [[second, first], 'sequence-gap'],
      [[{ line: first.line.replace('"up"', '"down"') }, second], 'chain-broken'],
      [[{ line: first.line.replace(/"previous":"...../, '"previous":"00000') }], 'history-differs'],
      [node.lines.slice(0, 1), 'sequence-known'],
    ] as const) {
      expect((await node.log(lines)).body).toMatchObject({ code, resume });
    }
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 5 } });
    expect((await node.log(made)).body).toMatchObject({ acknowledged: { sequence: 5 } });
    const { rows } = await centre.database.query(`SELECT count(*) AS known FROM transitions WHERE subject = 'gd:a'`);
    expect(rows).toEqual([{ known: 3 }]);
  });
});
