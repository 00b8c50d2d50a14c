/** The best of the field beside us: Debian's Prometheus with its snmp_exporter, on the same agents at the same interval. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants } from '@beacontower/test-lab';
import { type SnmpAgents, waitFor } from '@beacontower/testing';
import { memoryOf } from './memory.ts';
import { COMMUNITY, HC_COUNTERS, HC_PREFIX, type SnmpLoad } from './snmp-load.ts';

const PROGRAMS = { prometheus: '/usr/bin/prometheus', exporter: '/usr/bin/prometheus-snmp-exporter' } as const;
type Name = keyof typeof PROGRAMS;

/** What the peer did in the measured time. */
export interface PeerFigures {
  readonly polls: number;
  readonly due: number;
  /** CPU seconds, and bytes of memory at the end, by process. */
  readonly cpuS: Readonly<Record<Name, number>>;
  readonly memory: Readonly<Record<Name, number>>;
  readonly bytesPerSample: number;
}

/** True when both programs are there; when one is not, says so loudly. */
export function peerPresent(): boolean {
  const missing = (Object.keys(PROGRAMS) as Name[]).filter((name) => !existsSync(PROGRAMS[name]));
  if (missing.length === 0) return true;
  process.stderr.write(
    `\n*** ${missing.map((name) => PROGRAMS[name]).join(', ')} MISSING: NO PEER IS MEASURED (apt install prometheus prometheus-snmp-exporter) ***\n`,
  );
  return false;
}

/** Runs the peer for the load's seconds. */
export async function measurePeer(load: SnmpLoad, agents: SnmpAgents): Promise<PeerFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'beacontower-peer-'));
  const children: ChildProcess[] = [];
  try {
    const [exporterPort, prometheusPort] = [await freePort(), await freePort()];
    writeFileSync(join(directory, 'snmp.yml'), exporterYaml());
    writeFileSync(join(directory, 'prometheus.yml'), prometheusYaml(load, agents, exporterPort));
    const start = (name: Name, args: readonly string[]) => {
      const log = openSync(join(directory, `${name}.log`), 'a');
      const child = spawn(PROGRAMS[name], args, { cwd: directory, env: { PATH: '/usr/bin:/bin' }, stdio: ['ignore', log, log] });
      closeSync(log);
      children.push(child);
      return child.pid ?? 0;
    };
    const pids = {
      exporter: start('exporter', [`--config.file=${directory}/snmp.yml`, `--web.listen-address=127.0.0.1:${exporterPort}`]),
      prometheus: start('prometheus', [
        `--config.file=${directory}/prometheus.yml`,
        `--storage.tsdb.path=${directory}/data`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
        '--web.enable-admin-api',
      ]),
    };
    const url = `http://127.0.0.1:${prometheusPort}`;
    const warm = async () => (await query(url, 'sum(sum_over_time(up[1h]))')) >= 2 * load.devices;
    await waitFor(warm, { timeoutMs: 60_000 + 4 * load.intervalMs, intervalMs: 500, what: 'the peer to have asked every device twice' });
    return await count(load, url, pids, directory);
  } finally {
    await Promise.all(children.map(end));
    rmSync(directory, { recursive: true, force: true });
  }
}

async function count(load: SnmpLoad, url: string, pids: Readonly<Record<Name, number>>, directory: string): Promise<PeerFigures> {
  const use = () => ({ exporter: cpuOf(pids.exporter), prometheus: cpuOf(pids.prometheus) });
  const before = { use: use(), polls: await query(url, 'sum(sum_over_time(up[1h]))'), at: performance.now() };
  await sleep(load.seconds * 1_000);
  const after = { use: use(), polls: await query(url, 'sum(sum_over_time(up[1h]))'), at: performance.now() };
  const cpu = (name: Name) => after.use[name] - before.use[name];
  return {
    polls: after.polls - before.polls,
    due: (load.devices * (after.at - before.at)) / load.intervalMs,
    cpuS: { exporter: cpu('exporter'), prometheus: cpu('prometheus') },
    memory: { exporter: memoryOf(pids.exporter), prometheus: memoryOf(pids.prometheus) },
    bytesPerSample: await bytesPerSample(url, directory),
  };
}

/** What a sample takes in the chunks of a block: its index, which is mostly names, would be unfair to count of a run so short. */
async function bytesPerSample(url: string, directory: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/admin/tsdb/snapshot`, { method: 'POST' });
  const { data } = (await answer.json()) as { data: { name: string } };
  const snapshot = join(directory, 'data', 'snapshots', data.name);
  const blocks = readdirSync(snapshot).map((name) => join(snapshot, name));
  const samples = blocks.map((block) => {
    const meta = JSON.parse(readFileSync(join(block, 'meta.json'), 'utf8')) as { stats: { numSamples: number } };
    return meta.stats.numSamples;
  });
  const bytes = blocks.flatMap((block) => readdirSync(join(block, 'chunks')).map((name) => statSync(join(block, 'chunks', name)).size));
  const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return total(bytes) / total(samples);
}

async function query(url: string, expression: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

const cpuOf = (pid: number) => descendants(pid).reduce((total, { cpuMs }) => total + cpuMs / 1_000, 0);

/** A module that walks the eight columns and nothing else, each in one request. */
function exporterYaml(): string {
  const columns = Object.entries(HC_COUNTERS);
  const metrics = columns.map(([name, column]) => ({
    name,
    oid: `${HC_PREFIX}.${column}`,
    type: 'counter',
    help: name,
    indexes: [{ labelname: 'ifIndex', type: 'gauge' }],
  }));
  const walk = columns.map(([, column]) => `${HC_PREFIX}.${column}`);
  return JSON.stringify({ counters: { walk, metrics, version: 2, max_repetitions: 50, auth: { community: COMMUNITY } } });
}

function prometheusYaml({ intervalMs }: SnmpLoad, { agents }: SnmpAgents, exporterPort: number): string {
  const every = `${intervalMs}ms`;
  return JSON.stringify({
    global: { scrape_interval: every, scrape_timeout: every },
    scrape_configs: [
      {
        job_name: 'snmp',
        metrics_path: '/snmp',
        params: { module: ['counters'] },
        static_configs: [{ targets: agents.map(({ address, port }) => `${address}:${port}`) }],
        relabel_configs: [
          { source_labels: ['__address__'], target_label: '__param_target' },
          { source_labels: ['__param_target'], target_label: 'instance' },
          { target_label: '__address__', replacement: `127.0.0.1:${exporterPort}` },
        ],
      },
    ],
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => (bound === null || typeof bound === 'string' ? reject(new Error('no free port')) : resolve(bound.port)));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(late);
}
