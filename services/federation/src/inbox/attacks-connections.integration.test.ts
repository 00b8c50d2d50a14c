import { createConnection, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createGzip } from 'node:zlib';
import { FEDERATION_PATH } from '@beacontower/contracts';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import type { ParentAddress } from '../uplink/client.ts';
import { exchange, gone, openRaw, requestText } from './attacks.fixture.ts';
import { DOOR_LIMITS } from './doors.ts';
import { lineOf, SpeakingNode } from './speaking.fixture.ts';

const NOW = Date.now() - 3_600_000;
const MEGABYTE = 2 ** 20;
const LINES = { 'content-type': 'application/x-ndjson' };
const JSON_TYPE = { 'content-type': 'application/json' };

describe('connections that nobody should make', () => {
  let server: TestServer;
  let centre: TestCentre;
  let gd: ParentAddress;
  let bj: ParentAddress;
  let node: SpeakingNode;
  const open: Socket[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
    gd = await centre.enrol('gd', 'cn.gd');
    bj = await centre.enrol('bj', 'cn.bj');
    node = new SpeakingNode('gd', 'cn.gd', gd);
    await node.begin();
    node.say(lineOf.object('gd:a', 'cn.gd', NOW));
    expect((await node.logAll()).status).toBe(200);
  });
  afterEach(async () => {
    for (const socket of open.splice(0)) socket.destroy();
    // The node that behaves is heard after everything.
    expect((await node.hello()).status).toBe(200);
    expect((await node.snapshot()).status).toBe(200);
  });
  afterAll(async () => {
    await node.close();
    await centre.stop();
    await server.stop();
  });

  const counted = async (metric: string, label: string) => {
    const text = await centre.registry.getSingleMetricAsString(`beacontower_federation_${metric}_total`);
    return Number(
      text
        .split('\n')
        .find((line) => line.includes(label))
        ?.split(' ')
        .at(-1) ?? 0,
    );
  };
  const keep = <S extends Socket>(socket: S): S => {
    open.push(socket);
    return socket;
  };
  const raw = (localAddress: string): Socket => {
    const { port } = new URL(gd.url);
    const socket = keep(createConnection({ host: '127.0.0.1', port: Number(port), localAddress }));
    socket.on('error', () => undefined);
    return socket.resume();
  };
  const log = () => `/log?incarnation=${node.incarnation}`;

  test('a stranger with thousands of connections has those of his address, and keeps nobody out', async () => {
    const sockets = Array.from({ length: 1_500 }, () => raw('127.0.0.2'));
    await waitFor(async () => sockets.filter(({ closed }) => closed).length >= 1_500 - DOOR_LIMITS.strangersOfAddress, {
      what: 'connections that are turned away',
      timeoutMs: 20_000,
    });
    expect(sockets.filter(({ closed }) => !closed).length).toBeLessThanOrEqual(DOOR_LIMITS.strangersOfAddress);
    expect(await counted('connections_refused', 'why="address"')).toBeGreaterThan(1_400);
    const other = new SpeakingNode('bj', 'cn.bj', bj);
    expect((await other.begin()).status).toBe(200);
    await other.close();
    // What never speaks TLS is cut in the end, without its own doing.
    const left = sockets.filter(({ closed }) => !closed);
    expect(await Promise.all(left.slice(0, 5).map((socket) => gone(socket, 20_000)))).toEqual([true, true, true, true, true]);
    expect(await counted('connections_refused', 'why="handshake"')).toBeGreaterThan(0);
  });

  test('a node with hundreds of connections has its own, and another is heard', async () => {
    const made = await Promise.all(Array.from({ length: 200 }, () => openRaw(bj).then(keep, () => null)));
    const sockets = made.filter((socket): socket is TLSSocket => socket !== null);
    await waitFor(async () => sockets.filter(({ closed }) => !closed).length <= DOOR_LIMITS.ofNode, {
      what: 'those beyond are turned away',
    });
    expect(await counted('connections_refused', 'why="node"')).toBeGreaterThan(100);
  });

  test('of messages without end one node has so many, and is told that it is busy', async () => {
    const socket = keep(await openRaw(bj));
    const answers = await exchange(socket, requestText('GET', '/downward?waitMs=2000').repeat(500), 500);
    expect(answers).toHaveLength(500);
    expect(new Set(answers.map(({ status, code }) => `${status} ${code ?? ''}`))).toEqual(new Set(['200 ', '503 busy']));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThan(100);
  });

  test.each<[string, string]>([
    ['two lengths', 'content-length: 2\r\ncontent-length: 7\r\n'],
    ['a length and pieces', 'content-length: 2\r\ntransfer-encoding: chunked\r\n'],
    ['pieces that are none', 'transfer-encoding: xchunked\r\n'],
    ['pieces, hidden', 'transfer-encoding: chunked, identity\r\n'],
    ['a length that is no number', 'content-length: +2\r\n'],
    ['a space before the colon', 'content-length : 2\r\n'],
    ['a header that goes on in the next line', 'x: a\r\n content-length: 2\r\n'],
    ['a line feed alone', 'x: a\ncontent-length: 2\r\n'],
    ['NUL in a header', 'x: a\u0000b\r\n'],
  ])('one message in two readings (%s) is no message, and what is behind it is not heard', async (_what, headers) => {
    const socket = keep(await openRaw(bj));
    const hidden = requestText('POST', '/receipts', JSON_TYPE, '{}');
    const before = await counted('refused', 'code="message-invalid"');
    const text = `POST ${FEDERATION_PATH}/receipts HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${headers}\r\n{}${hidden}`;
    const answers = await exchange(socket, text, 2);
    expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(['400 message-invalid']);
    expect(await gone(socket, 2_000)).toBe(true);
    expect(await counted('refused', 'code="message-invalid"')).toBe(before + 1);
  });

  test('a head without end, and what is no HTTP, have a code as well', async () => {
    const long = keep(await openRaw(bj));
    const [tooLong] = await exchange(long, requestText('GET', '/downward', { x: 'y'.repeat(100_000) }));
    expect(tooLong).toMatchObject({ status: 413, code: 'message-too-large' });
    const other = keep(await openRaw(bj));
    const [none] = await exchange(other, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    expect(none).toMatchObject({ status: 400, code: 'message-invalid' });
  });

  test('who asks for another way of speaking is answered as anybody', async () => {
    const socket = keep(await openRaw(bj));
    const upgrade = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
    expect((await exchange(socket, requestText('GET', '/downward', upgrade)))[0]?.status).toBe(200);
    const doubled = `GET ${FEDERATION_PATH}/downward HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n`;
    expect((await exchange(keep(await openRaw(bj)), doubled))[0]?.status).toBeGreaterThanOrEqual(200);
    expect((await exchange(keep(await openRaw(bj)), requestText('OPTIONS', '/downward')))[0]).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  test('a stranger who sends to a call that there is not is answered before his body is read', async () => {
    const before = process.memoryUsage().rss;
    const piece = Buffer.alloc(MEGABYTE, 0x20);
    const sockets = await Promise.all(Array.from({ length: 30 }, () => openRaw({ url: gd.url, authority: gd.authority }).then(keep)));
    const answers = await Promise.all(
      sockets.map((socket) => {
        const head = requestText('POST', '/nothing', { ...JSON_TYPE, 'content-length': String(32 * MEGABYTE) });
        for (let sent = 0; sent < 31; sent += 1) if (!socket.destroyed) process.nextTick(() => socket.write(piece));
        return exchange(socket, head);
      }),
    );
    expect(answers.map(([answer]) => answer?.code)).toEqual(answers.map(() => 'not-found'));
    expect(process.memoryUsage().rss - before).toBeLessThan(1_500 * MEGABYTE);
  });

  test('a batch is cut off where a batch ends, not where any other message would', async () => {
    const { status, body } = await node.raw('POST', log(), Buffer.alloc(17 * MEGABYTE, 0x20), LINES);
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'message-too-large' });
  });

  test('who goes in the middle of a packed batch, again and again, keeps no place', async () => {
    for (let time = 0; time < 10; time += 1) {
      const socket = keep(await openRaw(gd));
      const packer = createGzip();
      packer.write('x'.repeat(100_000));
      packer.flush();
      const [part] = (await new Promise<Buffer[]>((resolve) => packer.once('data', (data: Buffer) => resolve([data])))) as [Buffer];
      socket.write(requestText('POST', log(), { ...LINES, 'content-encoding': 'gzip', 'content-length': '500000' }));
      await new Promise((resolve) => socket.write(part, resolve));
      socket.destroy();
    }
    await waitFor(async () => (await node.log(node.lines)).status === 200, { what: 'a place for the node' });
  });

  test('snapshots have places as well: the memory is not that of one node', async () => {
    const piece = Buffer.alloc(MEGABYTE, 0x20);
    const head = requestText('PUT', '/snapshot', { ...JSON_TYPE, 'content-length': String(32 * MEGABYTE) });
    const sockets = await Promise.all(Array.from({ length: 12 }, () => openRaw(bj).then(keep)));
    for (const socket of sockets) socket.write(head);
    for (const socket of sockets) socket.write(piece);
    const refused = () => counted('refused', '{node="bj",code="busy"}');
    await waitFor(async () => (await refused()) >= 10, { what: 'those beyond are told that it is busy' });
  });
});
