import { connect, type Socket } from 'node:net';
import { LiveEvent, ResyncEvent } from '@beacontower/contracts';
import { appendLog, dispatchLog, lastSequence } from '@beacontower/database';
import { createRegistry } from '@beacontower/runtime';
import { waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textFor, toTailEvent } from './live/events.ts';
import { createApi } from './server.ts';
import { BOOTSTRAP, bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

let harness: Harness;
let url: string;
let stop: () => Promise<void>;
const open: AbortController[] = [];
const live = { maxClients: 4, queueLimit: 1_000, heartbeatMs: 200, resumeLimit: 100 };

beforeAll(async () => {
  harness = await startHarness();
  await insertEntity(harness.database, 'object', objectBody('bj:a', 'cn.gd'));
  await insertEntity(harness.database, 'object', objectBody('bj:b', 'cn.gx'));
  ({ url, stop } = await startApi(live));
});
afterEach(() => {
  for (const controller of open.splice(0)) controller.abort();
});
afterAll(async () => {
  await stop?.();
  await harness?.close();
});

async function startApi(config: typeof live): Promise<{ url: string; stop: () => Promise<void> }> {
  const deps = { ...harness.deps, registry: createRegistry({ process: 'test' }, false) };
  const api = createApi({ listen: { host: '127.0.0.1', port: 0 }, bootstrapToken: BOOTSTRAP, live: config }, deps);
  await api.start();
  return { url: api.url ?? '', stop: () => api.stop() };
}

/** Writes state changes of an object to the log and gives them their sequence. Returns the last. */
async function happen(object: string, times = 1): Promise<number> {
  const body = {
    transition: 1,
    object,
    check: null,
    from: 'up',
    to: 'down',
    at: NOW,
    earliest: NOW,
    latest: NOW,
    reason: 'no-reply',
    decidedAt: NOW,
  } as const;
  return harness.database.transaction(async (tx) => {
    await appendLog(
      tx,
      Array.from({ length: times }, () => ({ kind: 'state' as const, subject: object, body, eventAt: NOW })),
      NOW,
    );
    return (await dispatchLog(tx, 100_000)).last;
  });
}

interface Stream {
  readonly status: number;
  readonly events: { id: string; event: string; data: string }[];
  readonly text: () => string;
  readonly ended: () => boolean;
}

/** Follows live events like an EventSource. */
async function follow(headers: Record<string, string> = {}, query = '', server = url): Promise<Stream> {
  const controller = new AbortController();
  open.push(controller);
  const answer = await fetch(`${server}/api/v1/live${query}`, { headers: { ...bearer(), ...headers }, signal: controller.signal });
  const events: Stream['events'] = [];
  let text = '';
  let ended = false;
  const read = async () => {
    let rest = '';
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(
          block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)] as const),
        );
        if (fields.has('data'))
          events.push({ id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: fields.get('data') ?? '' });
      }
    }
    ended = true;
  };
  read().catch(() => {
    ended = true;
  });
  if (answer.ok) await waitFor(() => text.includes('retry:'), { what: 'the head of the stream' });
  return { status: answer.status, events, text: () => text, ended: () => ended };
}

describe('live events', () => {
  it('come as they happen, in order, with their sequence as id', async () => {
    const stream = await follow();
    const last = await happen('bj:a', 3);
    await waitFor(() => stream.events.length === 3);
    expect(stream.events.map((each) => Number(each.id))).toEqual([last - 2, last - 1, last]);
    const event = LiveEvent.parse(JSON.parse(stream.events[0]?.data ?? ''));
    expect(event).toMatchObject({ type: 'state', object: 'bj:a', from: 'up', to: 'down', at: new Date(NOW).toISOString() });
  });

  it('tell what a node below says of this moment while its log is behind, and nothing of the past', async () => {
    const stream = await follow();
    const past = { object: 'bj:a', from: NOW - 5_000, to: NOW, superseded: 1, written: 2 };
    const present = { ...past, to: null, superseded: 0, written: 0, shown: { from: 'up', to: 'down', reason: 'reported' } } as const;
    await harness.database.transaction(async (tx) => {
      for (const body of [past, present]) await appendLog(tx, [{ kind: 'revised', subject: body.object, body, eventAt: body.from }], NOW);
      await dispatchLog(tx, 10);
    });
    await happen('bj:b');
    await waitFor(() => stream.events.length === 2);
    const at = new Date(NOW - 5_000).toISOString();
    expect(stream.events.map(({ data }) => LiveEvent.parse(JSON.parse(data)))).toMatchObject([
      { type: 'state', object: 'bj:a', from: 'up', to: 'down', reason: 'reported', earliest: at, latest: at },
      { type: 'state', object: 'bj:b' },
    ]);
  });

  it('tell of interfaces those who may see them, and those who ask for them', async () => {
    const scoped = await createToken(await harness.app(), ['viewer'], ['cn.gx']);
    const [stream, other] = [await follow({}, '?types=interface'), await follow({ authorization: `Bearer ${scoped}` })];
    const change = { device: 'bj:a', object: 'bj:a/ge0', change: 'renamed', name: 'ge1', before: 'ge0' } as const;
    await insertEntity(harness.database, 'object', objectBody('bj:a/ge0', 'cn.gd'));
    await harness.database.transaction(async (tx) => {
      await appendLog(tx, [{ kind: 'interface', subject: change.object, body: change, eventAt: NOW }], NOW);
      await dispatchLog(tx, 10);
    });
    await happen('bj:b');
    await waitFor(() => stream.events.length === 1 && other.events.length === 1);
    expect(LiveEvent.parse(JSON.parse(stream.events[0]?.data ?? ''))).toMatchObject({ type: 'interface', ...change });
    expect(other.events[0]?.event).toBe('state');
  });

  it('resume after Last-Event-ID without a gap and without a repetition', async () => {
    const before = await lastSequence(harness.database);
    await happen('bj:a', 5);
    const stream = await follow({ 'last-event-id': String(before + 2) });
    await happen('bj:a', 2);
    await waitFor(() => stream.events.length >= 5);
    expect(stream.events.map((each) => Number(each.id))).toEqual([3, 4, 5, 6, 7].map((n) => before + n));
  });

  it('ask for a resync after too long an absence, or from another past', async () => {
    const before = await lastSequence(harness.database);
    const last = await happen('bj:a', 150);
    for (const [lastEventId, reason] of [
      [before, 'too-old'],
      [last + 1_000, 'ahead'],
    ] as const) {
      const stream = await follow({ 'last-event-id': String(lastEventId) });
      await waitFor(() => stream.events.length === 1);
      expect(stream.events[0]?.event).toBe('resync');
      expect(ResyncEvent.parse(JSON.parse(stream.events[0]?.data ?? ''))).toEqual({ reason, sequence: last });
    }
  });

  it('tell nobody what is outside his divisions, and move his id on all the same', async () => {
    const app = await harness.app();
    const token = await createToken(app, ['viewer'], ['cn.gx']);
    const stream = await follow(bearer(token));
    const hidden = await happen('bj:a');
    const shown = await happen('bj:b');
    const quiet = await happen('bj:a');
    await waitFor(() => stream.text().includes(`id: ${quiet}\n`), { what: 'a heartbeat with the last sequence' });
    expect(stream.events.map((each) => Number(each.id))).toEqual([shown]);
    expect(stream.text()).not.toContain(`"sequence":${hidden}`);
  });

  it('name neither objects nor incidents of other divisions', async () => {
    const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
    const lookup = {
      object: (id: string) => Promise.resolve(id === 'bj:a' ? 'cn.gd' : 'cn.gx'),
      incident: (id: string) => Promise.resolve(id === ids[0] ? 'cn.gd' : 'cn.gx'),
    };
    const incident = { incident: ids[0], number: 1, state: 'open', severity: 'major', cause: 'bj:a' } as const;
    const entry = { sequence: 1, recordedAt: NOW, eventAt: NOW, kind: 'incident', subject: ids[0] } as const;
    const split = await toTailEvent(
      { ...entry, body: { ...incident, change: 'split-asked', object: null, objects: ['bj:a', 'bj:b'] } },
      lookup,
    );
    const merged = await toTailEvent({ ...entry, body: { ...incident, change: 'merged', object: null, other: ids[1] } }, lookup);
    const own = await toTailEvent({ ...entry, body: { ...incident, change: 'split-asked', object: null, objects: ['bj:a'] } }, lookup);
    const told = (event: typeof split, scope: string[]) => (event === undefined ? undefined : textFor(event, scope));
    for (const event of [split, merged]) {
      expect(told(event, ['cn'])).toMatch(/bj:b|2222/);
      expect(told(event, ['cn.gd'])).toContain('"change":');
      expect(told(event, ['cn.gd'])).not.toMatch(/bj:b|2222/);
      expect(told(event, ['cn.gx'])).toBeUndefined();
    }
    expect(told(own, ['cn.gd'])).toContain('"objects":["bj:a"]');
  });

  it('end when the token is revoked', async () => {
    const app = await harness.app();
    const token = await createToken(app, ['viewer'], ['cn.yn']);
    const stream = await follow(bearer(token));
    await harness.database.query("UPDATE api_tokens SET revoked_at = 1 WHERE divisions = '{cn.yn}'");
    await waitFor(() => stream.ended(), { what: 'the end of the stream' });
  });

  it('are refused beyond the limit of clients, and to types that are none', async () => {
    const streams = await Promise.all(Array.from({ length: 4 }, () => follow()));
    expect(streams.map((stream) => stream.status)).toEqual([200, 200, 200, 200]);
    expect((await follow()).status).toBe(503);
    expect((await follow({}, '?types=state,weather')).status).toBe(400);
    expect((await follow({ 'last-event-id': 'x' })).status).toBe(400);
  });

  it('drop what a client does not read to a resync, or cut it off in the end, while others go on', async () => {
    const patient = await startApi({ ...live, heartbeatMs: 15_000 });
    const [silent, cutOff] = [await silentClient(patient.url), await silentClient(url)];
    const streams = [await follow(), await follow({}, '', patient.url)];
    let cut = false;
    cutOff.once('close', () => {
      cut = true;
    });
    let last = 0;
    // More than the socket's buffers of both sides hold.
    for (let round = 0; round < 40; round++) last = await happen('bj:a', 1_000);
    for (const stream of streams) {
      await waitFor(() => stream.events.some((each) => Number(each.id) === last), {
        what: 'the reading client to have all',
        timeoutMs: 30_000,
      });
      expect(stream.events.filter((each) => each.event === 'resync')).toEqual([]);
    }
    let text = '';
    silent.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    silent.resume();
    await waitFor(() => text.includes('event: resync'), { what: 'the resync', timeoutMs: 30_000 });
    expect(text).toContain(`{"reason":"slow","sequence":${last}}`);
    cutOff.on('error', () => undefined).resume();
    await waitFor(() => cut, { what: 'the silent client to be cut off' });
    silent.destroy();
    await patient.stop();
  });

  it('end at once when the server stops, for clients that read and clients that do not', async () => {
    const api = await startApi({ ...live, heartbeatMs: 15_000 });
    const silent = await silentClient(api.url);
    const stream = await follow({}, '', api.url);
    for (let round = 0; round < 20; round++) await happen('bj:a', 1_000);
    const begun = performance.now();
    await api.stop();
    expect(performance.now() - begun).toBeLessThan(3_000);
    await waitFor(() => stream.ended());
    silent.destroy();
  });
});

function silentClient(server: string): Promise<Socket> {
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET /api/v1/live HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${BOOTSTRAP}\r\n\r\n`);
    });
    socket.once('error', reject);
    socket.once('data', () => {
      socket.pause();
      socket.removeAllListeners('data');
      resolve(socket);
    });
  });
}
