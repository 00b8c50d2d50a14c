/** A node is invited, asks, is let in, renews and is put out, over the real listener. */
import { randomBytes, randomUUID, type X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import {
  approveEnrolment,
  encodeInvitation,
  issueInvitation,
  leaveUplink,
  listEnrolments,
  lockEnrolment,
  newInvitationSecret,
  readAuthority,
  readGoodCertificates,
  readMembership,
  readServer,
  refuseEnrolment,
  removeNode,
} from '@beacontower/database';
import { type Component, createLogger, createRegistry, createSealer, type Sealer } from '@beacontower/runtime';
import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keysOf, makeKeys, makeRequest } from '../certificates/x509.ts';
import { startNode, type TestNode } from '../federation.fixture.ts';
import { createFederation } from '../federation-role.ts';
import { createUplink } from '../uplink-role.ts';
import { EnrolmentClient } from './enrolment-client.ts';
import { type JoinDependencies, joinParent, lookAtRequest, UPLINK_KEY_CONTEXT } from './join.ts';

const DAY_MS = 86_400_000;
/** Two thirds of a certificate's life, and a day. */
const LONG_AGO_MS = -61 * DAY_MS;
const logger = createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' });

/** Time that a test moves on by itself. */
class MovedClock {
  offset = 0;
  now(): number {
    return Date.now() + this.offset;
  }
  monotonic(): number {
    return performance.now() + this.offset;
  }
}

let server: TestServer;
let centre: TestNode;
let centreRole: Component;
let centreSealer: Sealer;
let firstShown: X509Certificate | undefined;
const centreClock = new MovedClock();
const started: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  server = await startPostgres();
  centre = await startNode(server, 'cn', 'cn');
  await centre.apply([]);
  centreSealer = createSealer(randomBytes(32));
  centreRole = federation();
  // TLS looks at the clock of the machine: what shall be old now is made in the past.
  centreClock.offset = LONG_AGO_MS;
  await centreRole.start();
  await vi.waitUntil(() => centreRole.health().status === 'ok', 10_000);
  firstShown = await shownBy((await readServer(centre.database))?.url ?? '');
  centreClock.offset = 0;
});
afterAll(async () => {
  for (const stop of started.reverse()) await stop();
  await centreRole?.stop();
  await centre?.stop();
  await server?.stop();
});

function federation(): Component {
  return createFederation(
    { instance: 'cn/test', version: '1', listen: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1', 'localhost'], lookMs: 200 },
    { database: centre.database, clock: centreClock, logger, registry: createRegistry({}, false), sealer: centreSealer },
  );
}

const by = () => ({ actor: 'zhang', source: 'test', now: centreClock.now() });

async function invite(node: string, { division = `cn.${node}`, hours = 72 } = {}): Promise<string> {
  const invited = { node, division, name: node, hours };
  return centre.database.transaction((tx) => issueInvitation(tx, randomUUID(), invited, by()));
}

interface Province extends TestNode {
  readonly joining: JoinDependencies;
  uplink(): Promise<Component>;
}

async function province(node: string): Promise<Province> {
  const own = await startNode(server, node, `cn.${node}`);
  started.push(() => own.stop());
  await own.apply([`${node}:core-1`]);
  const clock = new MovedClock();
  const joining = { database: own.database, sealer: createSealer(randomBytes(32)), clock };
  return {
    ...own,
    joining,
    async uplink() {
      const role = createUplink(
        { instance: `${node}/test`, version: '1', snapshotEveryMs: 300 },
        { ...joining, logger, registry: createRegistry({}, false) },
      );
      await role.start();
      started.push(() => role.stop());
      return role;
    },
  };
}

async function waitingOf(node: string) {
  const { items } = await listEnrolments(centre.database, { limit: 100, state: 'waiting' }, ['']);
  return items.filter((each) => each.node === node);
}

async function decide(node: string, act: (tx: never, enrolment: never) => Promise<void>): Promise<void> {
  const [asked] = await waitingOf(node);
  await centre.database.transaction(async (tx) => act(tx as never, (await lockEnrolment(tx, asked?.id ?? '')) as never));
}

const approve = (node: string, code: string) => decide(node, (tx, enrolment) => approveEnrolment(tx, enrolment, code, by()));

async function joined(node: string): Promise<Province> {
  const it = await province(node);
  const { code } = await joinParent(await invite(node), '1', it.joining);
  await approve(node, code);
  return it;
}

const heardOf = async (node: string) => {
  const { rows } = await centre.database.query<{ sequence: number; offset: number | null; refused: unknown; removed: number | null }>(
    'SELECT sequence, refused, removed_at AS removed FROM federation_nodes WHERE node = $1',
    [node],
  );
  return rows[0];
};

describe('a node that is invited', () => {
  it('asks, waits, is let in by its code and reports from then on', async () => {
    const gd = await province('gd');
    const uplink = await gd.uplink();
    const token = await invite('gd');
    const first = await joinParent(token, '1', gd.joining);
    expect(first).toMatchObject({ state: 'waiting', parent: 'cn' });
    // Asked again, it is the same request.
    expect(await joinParent(token, '1', gd.joining)).toEqual(first);
    expect(await waitingOf('gd')).toHaveLength(1);
    expect(JSON.stringify(await waitingOf('gd'))).not.toContain(first.code);
    await expect(approve('gd', '0000-0000')).rejects.toMatchObject({ code: 'code-differs' });
    await approve('gd', first.code);
    await vi.waitUntil(async () => ((await heardOf('gd'))?.sequence ?? 0) > 0, 20_000);
    expect(uplink.health()).toMatchObject({ status: 'ok' });
    const held = await readMembership(gd.database);
    expect(held).toMatchObject({ state: 'enrolled', parent: 'cn', sealedToken: null, code: null });
    // Neither side keeps in clear what would let somebody else in, or speak in its name.
    const kept = await dumpOf(centre, gd);
    expect(kept).not.toContain(token.slice(4, 40));
    expect(kept).not.toContain('PRIVATE KEY');
    await expect(joinParent(token, '1', gd.joining)).rejects.toThrow(/reports to cn already/);
  });

  it('is told when its request is refused, and its token is used up', async () => {
    const gx = await province('gx');
    const token = await invite('gx');
    await joinParent(token, '1', gx.joining);
    await decide('gx', (tx, enrolment) => refuseEnrolment(tx, enrolment, '没有电话确认', by()));
    expect(await joinParent(token, '1', gx.joining)).toMatchObject({ state: 'refused', reason: '没有电话确认' });
    const other = await askWith(token, 'gx', 'cn.gx');
    expect(other).toBe('token-used');
    // A new invitation begins anew.
    const { code } = await joinParent(await invite('gx'), '1', gx.joining);
    await approve('gx', code);
  });

  it.each([
    ['with another key than the first', async () => twice(), 'token-used'],
    ['with a token that is none', async () => askWith(`bt1.${'A'.repeat(60)}`, 'hb', 'cn.hb'), 'token-invalid'],
    ['with a secret that is wrong', async () => askWith(otherSecret(await invite('hb')), 'hb', 'cn.hb'), 'token-invalid'],
    ['in the name of another', async () => askWith(await invite('hb'), 'hn', 'cn.hb'), 'request-invalid'],
    ['for the division of another', async () => askWith(await invite('hb'), 'hb', 'cn.hn'), 'request-invalid'],
    ['with a request that is garbage', async () => askWith(await invite('hb'), 'hb', 'cn.hb', 'x'), 'request-invalid'],
    ['too late', async () => late(), 'token-expired'],
  ])('is refused %s', async (_how, ask, code) => {
    expect(await ask()).toBe(code);
  });

  it('is not fooled by another in the place of the node above', async () => {
    const hl = await province('hl');
    const token = await invite('hl');
    const said = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString());
    const forged = encodeInvitation({ ...said, authority: 'ab'.repeat(32) });
    await expect(joinParent(forged, '1', hl.joining)).rejects.toThrow(/nothing was told to it/);
    await expect(joinParent(encodeInvitation({ ...said, url: 'https://127.0.0.1:1' }), '1', hl.joining)).rejects.toThrow(/not reached/);
    expect(await readMembership(hl.database)).toBeNull();
  });

  it('may not be this node itself, nor lie outside it', async () => {
    await expect(invite('cn', { division: 'cn' })).rejects.toMatchObject({ code: 'own-node' });
    await expect(invite('jp', { division: 'jp' })).rejects.toMatchObject({ code: 'outside-division' });
  });
});

describe('the certificate of a node', () => {
  it('is renewed after two thirds of its life, with no message lost; an answer that was lost is the same again', async () => {
    centreClock.offset = LONG_AGO_MS;
    const js = await joined('js');
    await lookAtRequest(js.joining);
    centreClock.offset = 0;
    const before = await readMembership(js.database);
    expect(before?.notAfter).toBeLessThan(Date.now() + 30 * DAY_MS);
    const again = await js.uplink();
    await vi.waitUntil(async () => (await readMembership(js.database))?.certificate !== before?.certificate, 20_000);
    const after = await readMembership(js.database);
    expect((after?.notAfter ?? 0) - (before?.notAfter ?? 0)).toBeGreaterThan(60 * DAY_MS);
    expect(after?.nextSealedKey).toBeNull();
    expect(await readGoodCertificates(centre.database, 'js', centreClock.now())).toHaveLength(2);
    // Asked with the same key, it is the same certificate; with another, it is too early.
    const key = js.joining.sealer.open(after?.sealedKey ?? '', UPLINK_KEY_CONTEXT);
    const old = { certificate: before?.certificate ?? '', key: js.joining.sealer.open(before?.sealedKey ?? '', UPLINK_KEY_CONTEXT) };
    const url = after?.url ?? '';
    const authority = after?.authority ?? '';
    const withOld = new EnrolmentClient(url, { authority, own: old });
    const request = await makeRequest('js', await keysOf(key));
    expect((await withOld.renew(request)).certificate).toBe(after?.certificate);
    const withNew = new EnrolmentClient(url, { authority, own: { certificate: after?.certificate ?? '', key } });
    // It is told when: half-way through its life.
    const early = await withNew.renew(await makeRequest('js', await makeKeys())).catch((error: unknown) => error);
    expect(early).toMatchObject({ code: 'renewal-too-early' });
    const again45 = (early as { retryAfterMs: number }).retryAfterMs / DAY_MS;
    expect(again45).toBeGreaterThan(44);
    expect(again45).toBeLessThan(46);
    await Promise.all([withOld.close(), withNew.close()]);
    const told = (await heardOf('js'))?.sequence ?? 0;
    await js.transition('js:core-1', 'up', Date.now() - 1_000);
    await vi.waitUntil(async () => ((await heardOf('js'))?.sequence ?? 0) > told, 20_000);
    expect(again.health().status).toBe('ok');
  });

  it('of the listener is renewed without a restart, and nobody has to join anew', async () => {
    const url = (await readServer(centre.database))?.url ?? '';
    await vi.waitUntil(async () => (await shownBy(url))?.fingerprint256 !== firstShown?.fingerprint256, 10_000);
    expect(Date.parse((await shownBy(url))?.validTo ?? '')).toBeGreaterThan(Date.now() + 89 * DAY_MS);
    expect(await askWith(await invite('nx'), 'nx', 'cn.nx')).toBe('waiting');
  });
});

describe('a node that is put out', () => {
  it('is cut at once, refused by code from then on, and may be invited again', async () => {
    const zj = await joined('zj');
    await zj.uplink();
    await vi.waitUntil(async () => ((await heardOf('zj'))?.sequence ?? 0) > 0, 20_000);
    const held = await readMembership(zj.database);
    const own = { certificate: held?.certificate ?? '', key: zj.joining.sealer.open(held?.sealedKey ?? '', UPLINK_KEY_CONTEXT) };
    const { hostname, port } = new URL(held?.url ?? '');
    const trust = { ca: held?.authority ?? '', cert: own.certificate, key: own.key };
    const open = connect({ host: hostname, port: Number(port), ...trust });
    await once(open, 'secureConnect');
    const cut = once(open, 'close');
    await centre.database.transaction((tx) => removeNode(tx, 'zj', '密钥泄露', by()));
    await cut;
    const client = new EnrolmentClient(held?.url ?? '', { authority: held?.authority ?? '', own });
    await expect(client.renew(await makeRequest('zj', await makeKeys()))).rejects.toMatchObject({ code: 'certificate-revoked' });
    await client.close();
    const told = (await heardOf('zj'))?.sequence;
    await zj.transition('zj:core-1', 'down');
    await expect(centre.database.transaction((tx) => removeNode(tx, 'zj', 'x', by()))).rejects.toMatchObject({ code: 'not-enrolled' });
    expect((await heardOf('zj'))?.sequence).toBe(told);
    // Let in again with another key, it goes on where it was.
    await zj.database.transaction((tx) => leaveUplink(tx));
    const { code } = await joinParent(await invite('zj'), '1', zj.joining);
    await approve('zj', code);
    await vi.waitUntil(async () => ((await heardOf('zj'))?.sequence ?? 0) > (told ?? 0), 20_000);
    expect(await readGoodCertificates(centre.database, 'zj', centreClock.now())).toHaveLength(1);
    // Whoever watches the list of nodes saw each of it at once.
    const { rows } = await centre.database.query<{ body: unknown }>(
      `SELECT body FROM log WHERE kind = 'node' AND subject = 'zj' ORDER BY id`,
    );
    const changes = rows
      .map(({ body }) => (body as { change: string }).change)
      .filter((change) => change === 'enrolled' || change === 'removed');
    expect(changes).toEqual(['enrolled', 'removed', 'enrolled']);
  });
});

async function askWith(token: string, node: string, division: string, pem?: string, keys = makeKeys()): Promise<string> {
  const stored = await readAuthority(centre.database);
  const client = new EnrolmentClient((await readServer(centre.database))?.url ?? '', { authority: stored?.certificate ?? '' });
  const request = pem === undefined ? await makeRequest(node, await keys) : `-----BEGIN CERTIFICATE REQUEST-----\n${pem}`;
  try {
    const software = { name: 'other', version: '1' };
    return (await client.ask({ token, node, division, name: node, software, request })).state;
  } catch (error) {
    return (error as { code: string }).code;
  } finally {
    await client.close();
  }
}

async function twice(): Promise<string> {
  const token = await invite('hb');
  expect(await askWith(token, 'hb', 'cn.hb')).toBe('waiting');
  return askWith(token, 'hb', 'cn.hb');
}

async function late(): Promise<string> {
  const token = await invite('hb', { hours: 1 });
  centreClock.offset = 2 * 3_600_000;
  const outcome = await askWith(token, 'hb', 'cn.hb');
  centreClock.offset = 0;
  return outcome;
}

function otherSecret(token: string): string {
  const said = JSON.parse(Buffer.from(token.slice(4), 'base64url').toString());
  return encodeInvitation({ ...said, secret: newInvitationSecret() });
}

function shownBy(url: string): Promise<X509Certificate | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerX509Certificate());
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

/** All that both sides keep of joining, as text. */
async function dumpOf(...nodes: readonly TestNode[]): Promise<string> {
  const texts: string[] = [];
  for (const { database } of nodes) {
    for (const table of [
      'uplink',
      'federation_authority',
      'federation_server',
      'federation_invitations',
      'federation_enrolments',
      'audit',
    ]) {
      const { rows } = await database.query<{ row: string }>(`SELECT t::text AS row FROM ${table} t`);
      texts.push(...rows.map(({ row }) => row));
    }
  }
  return texts.join('\n');
}
