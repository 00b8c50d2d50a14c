/** A centre and provinces for the integration tests: a database each, the real listener, the real uplink. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { DesiredEntity, ObjectBody } from '@beacontower/contracts';
import {
  applyInventory,
  createDatabase,
  type Database,
  dispatchLog,
  enrolNode,
  leasedParts,
  migrate,
  recordTransitions,
  saveCertificate,
} from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, type State } from '@beacontower/domain';
import {
  type Clock,
  type Component,
  componentOf,
  createLogger,
  createRegistry,
  createSealer,
  type Registry,
  SystemClock,
} from '@beacontower/runtime';
import { startPostgres, type TestServer } from '@beacontower/testing';
import type { FastifyInstance } from 'fastify';
import { authorityOf } from './certificates/authority.ts';
import { checkRequest, issueToNode, issueToServer, makeKeys, makeRequest } from './certificates/x509.ts';
import { DownwardReceiver, ReceiptSender } from './downward/receiver.ts';
import { buildListener, openListener } from './inbox/listener.ts';
import { Builder } from './uplink/builder.ts';
import type { ParentAddress } from './uplink/client.ts';
import { Digests } from './uplink/digests.ts';
import { Link } from './uplink/link.ts';
import { PresentSender } from './uplink/present-sender.ts';
import { Pruning, type PruningOptions } from './uplink/pruning.ts';
import { Sender } from './uplink/sender.ts';

const DAY_MS = 86_400_000;
const logger = createLogger({ name: 'test', level: process.env.TEST_LOG ?? 'silent' });
export const clock: Clock = new SystemClock();

export interface TestNode {
  readonly node: string;
  readonly url: string;
  readonly database: Database;
  /** Applies these objects as the node's own. */
  apply(objects: readonly string[], division?: string): Promise<void>;
  transition(object: string, to: State, at?: number): Promise<void>;
  stop(): Promise<void>;
}

/** A node with a database of its own on a server that several share; `from`: a copy of that one, whose node is stopped. */
export async function startNode(server: TestServer, node: string, division: string, from?: TestNode): Promise<TestNode> {
  const url = await createOn(server, node, from);
  await migrate(url);
  const database = createDatabase({ url, applicationName: `test ${node}`, maxConnections: 6, onError: () => undefined });
  const states = new Map<string, State>();
  let dispatching = true;
  const dispatcher = (async () => {
    while (dispatching) {
      const { count } = await database.transaction((tx) => dispatchLog(tx, 10_000)).catch(() => ({ count: 0 }));
      if (count === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  return {
    node,
    url,
    database,
    async apply(objects, of = division) {
      const entities: DesiredEntity[] = [
        { entity: 'node', id: node, body: { id: node, name: node, division, timeZone: 'Asia/Shanghai', language: 'zh' } },
        ...objects.map((id): DesiredEntity => ({ entity: 'object', id, body: objectBody(id, of) })),
      ];
      const { plan } = await applyInventory(
        database,
        { entities, origin: 'file', expectedRetirements: null },
        { now: clock.now(), by: 'test' },
      );
      if (plan.refused.length > 0) throw new Error(plan.refused[0]?.message);
    },
    async transition(object, to, at = clock.now()) {
      const edge = { at: at - 500, earliest: at - 1_000, latest: at };
      const transition = {
        from: states.get(object) ?? ('unknown' as const),
        to,
        edge,
        reason: to === 'down' ? ('no-reply' as const) : ('replied' as const),
        decidedAt: at,
      };
      states.set(object, to);
      await database.transaction((tx) =>
        recordTransitions(tx, [{ objectId: object, check: null, transition, resolutionMs: 20_000, epoch: 1, told: true }], clock.now()),
      );
    },
    async stop() {
      dispatching = false;
      await dispatcher;
      await database.close();
    },
  };
}

async function createOn(server: TestServer, node: string, from?: TestNode): Promise<string> {
  const name = `node_${node.replaceAll('-', '_')}_${randomBytes(3).toString('hex')}`;
  const admin = createDatabase({ url: server.url, applicationName: 'test', maxConnections: 1 });
  const template = from === undefined ? '' : ` TEMPLATE ${new URL(from.url).pathname.slice(1)}`;
  await admin.query(`CREATE DATABASE ${name}${template}`);
  await admin.close();
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  return url.href;
}

function objectBody(id: string, division: string): ObjectBody {
  const policy = DEFAULT_ICMP_POLICY;
  return {
    id,
    kind: 'access-line',
    name: `专线 ${id}`,
    division,
    class: 'user-access',
    party: null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [{ id: `${id}/icmp4`, objectId: id, kind: 'icmp', family: 4, address: '192.0.2.1', zone: 'main', policy }],
    weight: 1,
    runbook: null,
    attributes: {},
  };
}

export interface TestCentre extends TestNode {
  readonly url: string;
  /** What the listener counts. */
  readonly registry: Registry;
  /** What the listener shows, PEM. */
  readonly shown: { readonly certificate: string; readonly key: string };
  /** Lets a node in, with a certificate of its own. */
  enrol(node: string, division: string): Promise<ParentAddress>;
  listener: FastifyInstance;
}

export async function startCentre(server: TestServer, id = 'cn', division = 'cn'): Promise<TestCentre> {
  const node = await startNode(server, id, division);
  await node.apply([]);
  const sealer = createSealer(randomBytes(32));
  const authority = await authorityOf({ database: node.database, sealer, clock }, id);
  const keys = await makeKeys();
  const life = { notBefore: clock.now(), notAfter: clock.now() + 90 * DAY_MS };
  const { certificate } = await issueToServer(authority, keys, id, ['127.0.0.1', 'localhost'], life);
  const options = {
    listen: { host: '127.0.0.1', port: 0 },
    certificate,
    key: keys.privateKey,
    authority: authority.certificate,
    maxOffsetMs: 30_000,
    snapshotEveryMs: 1_000,
  };
  const registry = createRegistry({}, false);
  const listener = buildListener(options, { database: node.database, clock, logger, registry, node: id });
  const url = await openListener(listener, options.listen);
  return {
    ...node,
    url,
    registry,
    shown: { certificate, key: keys.privateKey },
    listener,
    async enrol(name, division) {
      const own = await makeKeys();
      const request = await checkRequest(await makeRequest(name, own));
      if (request === null) throw new Error('a good request was refused');
      const issued = await issueToNode(authority, request, { node: name, division }, life);
      await enrolNode(node.database, { node: name, name, division, timeZone: 'Asia/Shanghai' }, clock.now());
      await saveCertificate(node.database, { ...issued, node: name, division }, { now: clock.now(), actor: 'test' });
      return { url, authority: authority.certificate, certificate: issued.certificate, key: own.privateKey };
    },
    async stop() {
      await listener.close();
      await node.stop();
    },
  };
}

/** What a test has otherwise than an uplink has it by itself. */
export interface UplinkOptions {
  readonly bytesPerSecond?: number;
  readonly pruning?: PruningOptions;
  /** How long the leases of a process that was killed hold. */
  readonly ttlMs?: number;
}

/** Has a node report to a parent; the component is not started, and is another process of the node each time that it is. */
export async function uplinkOf(
  { node, database }: Pick<TestNode, 'node' | 'database'>,
  division: string,
  parent: ParentAddress,
  { bytesPerSecond, pruning, ttlMs = 10_000 }: UplinkOptions = {},
): Promise<Component> {
  await database.query(
    `INSERT INTO uplink (url, state, authority_fingerprint, sealed_key, joined_at, incarnation) VALUES ($1, 'enrolled', '', '', $2, $3) ON CONFLICT DO NOTHING`,
    [parent.url, clock.now(), randomUUID()],
  );
  const software = { name: 'beacontower', version: '0' };
  let running: { readonly parts: Component; readonly link: Link } | undefined;
  return {
    name: 'uplink',
    health: () => running?.parts.health() ?? { status: 'ok' },
    start() {
      const link = new Link({ database, clock, logger, node, division, software, parent, bytesPerSecond: bytesPerSecond ?? null });
      const deps = { database, clock, logger, link, node, division };
      const digests = new Digests(deps);
      const told = { ...deps, onDigestsWanted: () => digests.ask() };
      const works = [
        new Builder(deps),
        new Sender(told),
        new PresentSender(told, 500),
        digests,
        new Pruning(deps, pruning),
        new DownwardReceiver(deps),
        new ReceiptSender(deps),
      ];
      const options = { slot: `${node}/test`, ttlMs, database, logger, onFailure: () => undefined };
      running = { parts: componentOf('uplink', leasedParts(works, options)), link };
      return running.parts.start();
    },
    async stop() {
      await running?.parts.stop();
      await running?.link.close();
      running = undefined;
    },
  };
}
export { startPostgres };
