/** A node for the storm: real PostgreSQL and Redis, pipeline and alerting in one process, scheduler and a simulated collector in another. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { applyInventory, createDatabase, type Database, migrate } from '@beacontower/database';
import {
  type SmtpReceiver,
  startPostgres,
  startRedis,
  startSmtpReceiver,
  startWebhookReceiver,
  type WebhookReceiver,
} from '@beacontower/testing';
import { cpuSeconds } from './cpu.ts';
import { stormInventory } from './storm-data.ts';

const PARTITIONS = 8;

export interface StormNode {
  readonly database: Database;
  readonly mail: SmtpReceiver;
  readonly webhook: WebhookReceiver;
  /** From the next round on these objects are silent, and all others answer. */
  silence(objects: ReadonlySet<string>): Promise<void>;
  /** CPU seconds used so far, by whom; what else runs on the machine does not change them. */
  cpu(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Starts it; what is started is stopped again when something fails. */
export async function startStormNode(size: { readonly behind: number; readonly lone: number }): Promise<StormNode> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis({ durable: true })]);
  const [mail, webhook] = await Promise.all([startSmtpReceiver({ tls: 'none' }), startWebhookReceiver()]);
  const children: ChildProcess[] = [];
  let database: Database | undefined;
  const stop = async () => {
    await Promise.all(children.map(end));
    await database?.close();
    await Promise.all([postgres.stop(), redis.stop(), mail.stop(), webhook.stop()]);
  };
  try {
    await migrate(postgres.url);
    const db = createDatabase({ url: postgres.url, applicationName: 'storm', maxConnections: 4 });
    database = db;
    const entities = stormInventory(size, { mail: { host: mail.host, port: mail.port }, webhook: webhook.url });
    const applied = await applyInventory(db, { entities, origin: 'file', partitions: PARTITIONS }, { now: Date.now(), by: 'storm' });
    if (applied.plan.refused.length > 0) throw new Error(JSON.stringify(applied.plan.refused));
    const environment = { BEACONTOWER_DATABASE_URL: postgres.url, BEACONTOWER_REDIS_URL: redis.url, STORM_SECRET: 'storm' };
    for (const role of ['judge', 'collect']) children.push(start(role, environment));
    const keys = new Map<string, number>();
    for (const row of (await db.query<{ object: string; key: number }>('SELECT object_id AS object, key FROM checks')).rows)
      keys.set(row.object, row.key);
    const silence = async (objects: ReadonlySet<string>) => {
      const collect = children[1];
      if (!collect) return;
      const told = once(collect, 'message');
      collect.send([...objects].flatMap((id) => keys.get(id) ?? []));
      await told;
    };
    const [judge, collect] = children.map((child) => child.pid ?? 0);
    const roots = { judge: [judge ?? 0], collect: [collect ?? 0], postgres: [postgres.pid], redis: [redis.pid] };
    const cpu = () => Object.fromEntries(Object.entries(roots).map(([name, pids]) => [name, cpuSeconds(pids)]));
    return { database: db, mail, webhook, silence, cpu, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function start(role: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const profile = process.env.STORM_PROFILE === role ? ['--cpu-prof', '--cpu-prof-dir', process.env.STORM_PROFILE_DIR ?? '.'] : [];
  return fork(fileURLToPath(new URL('./storm-child.ts', import.meta.url)), [role, String(PARTITIONS)], {
    env: { ...process.env, ...environment, BEACONTOWER_INSTANCE: `storm/${role}`, BEACONTOWER_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...profile, '--import', 'tsx', '--conditions=@beacontower/source'],
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await gone;
  clearTimeout(limit);
}
