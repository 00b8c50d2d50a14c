/** Samples of a whole node: recorded, asked for, exported, moved to InfluxDB; and the store's process killed. */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programsPresent, startInfluxd, type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearData, get, processNamed, runCommand, startNode, type TestNode, TOKEN, temporaryData } from './test-node.ts';

const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
/** The clock of the machine in the days around now: an export of "today" must not end at midnight in the midst of a test. */
const PERIOD = { from: at(Date.now() - 24 * HOUR), to: at(Date.now() + 24 * HOUR) };

describe.runIf(programsPresent('redis-server', 'fping', 'influxd'))('samples of a node', { timeout: 240_000 }, () => {
  let data: string;
  let node: TestNode;
  let influx: TestServer;
  let object: string;

  beforeAll(async () => {
    data = temporaryData();
    chmodSync(data, 0o711);
    [node, influx] = await Promise.all([startNode({ data }), startInfluxd()]);
    await node.ready();
    const page = JSON.parse((await authorized('/api/v1/objects')).body) as { items: { id: string }[] };
    object = page.items[0]?.id ?? '';
  }, 240_000);
  afterAll(async () => {
    node?.child.kill('SIGINT');
    await node?.ended;
    await influx?.stop();
    await clearData(data);
  });

  async function authorized(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(`${node.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    return { status: response.status, body: await response.text() };
  }
  const series = (metric: string, more = '') =>
    authorized(
      `/api/v1/objects/${encodeURIComponent(object)}/series?metric=${metric}&from=${PERIOD.from}&to=${PERIOD.to}&step=1000${more}`,
    );
  const points = async () => {
    const { status, body } = await series('rtt');
    return status === 200 ? (JSON.parse(body) as { points: [string, number, number, number][] }).points : [];
  };
  const exportingFrom = (directory: string, file: string, ...more: string[]) => {
    const period = ['--from', PERIOD.from, '--to', PERIOD.to];
    return runCommand(['samples', 'export', ...period, '--samples', 'icmp', '--out', file, '--data', directory, ...more]);
  };
  const exporting = (file: string, ...more: string[]) => exportingFrom(data, file, ...more);

  it('are answered by the API soon after they were taken', async () => {
    await waitFor(async () => (await points()).length > 0, { timeoutMs: 60_000 });
    const { body } = await series('rtt', '&family=6');
    expect(JSON.parse(body)).toMatchObject({ metric: 'rtt', unit: 'ms', check: `${object}/icmp6` });
    const [time, min, , max] = (await points())[0] as [string, number, number, number];
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(HOUR);
    expect(min).toBeGreaterThan(0);
    expect(max).toBeGreaterThanOrEqual(min);
    expect((await series('traffic.in')).status).toBe(422);
  });

  it('survive a kill of the process that stores them, which harms nothing else', async () => {
    const before = await points();
    const victim = processNamed(data, 'store');
    const judge = processNamed(data, 'judge')?.pid;
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    // For a moment nobody answers: that is said, and not waited for.
    const states = await authorized('/api/v1/objects');
    expect(states.status).toBe(200);
    await waitFor(() => ![undefined, victim?.pid].includes(processNamed(data, 'store')?.pid), { timeoutMs: 30_000 });
    await waitFor(async () => (await points()).length > before.length, { timeoutMs: 60_000 });
    expect((await points()).map(([time]) => time)).toEqual(expect.arrayContaining(before.map(([time]) => time)));
    expect(processNamed(data, 'judge')?.pid).toBe(judge);
    await waitFor(async () => (await get(node, '/readyz'))?.status === 200, { timeoutMs: 30_000 });
    const recorded = /beacontower_recorder_rows_total\{[^}]*samples="icmp"[^}]*\} [1-9]/;
    await waitFor(async () => recorded.test((await get(node, '/metrics'))?.text ?? ''), { timeoutMs: 30_000 });
  });

  it('are exported by the running recorder, with the ids of objects', async () => {
    const file = join(data, 'icmp.csv');
    const made = await exporting(file, '--object', object);
    expect(made).toMatchObject({ code: 0, err: '' });
    const [head, first] = readFileSync(file, 'utf8').split('\n');
    expect(head).toBe('time,object,check,sent,received,rtt_min_us,rtt_avg_us,rtt_max_us,jitter_us');
    expect(first).toContain(`,${object},`);
    expect(await exporting(file)).toMatchObject({ code: 1, err: expect.stringContaining('exists') });
    expect(await exporting(join(data, 'x.csv'), '--object', 'bj:nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such object'),
    });
    expect(await exporting('x.csv', '--from', 'yesterday')).toMatchObject({ code: 1, err: expect.stringContaining('--from "yesterday"') });
  });

  it('are moved to InfluxDB while the node runs, and go on where they were', async () => {
    const to = `influxdb://${new URL(influx.url).host}/moved`;
    const move = () => runCommand(['samples', 'migrate', '--to', to, '--data', data]);
    const first = await move();
    expect(first.err).toBe('');
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/done: 0 rows of interfaces, [1-9]\d* of ICMP/);
    const answer = await fetch(
      `${influx.url}/query?db=moved&q=${encodeURIComponent('SELECT count("sent") FROM "icmp" GROUP BY "object"')}`,
    );
    expect(await answer.text()).toContain(object);
    expect((await move()).out).toContain('going on at');
    expect(await runCommand(['samples', 'migrate', '--to', 'mysql://x/y', '--data', data])).toMatchObject({ code: 1 });
  });

  it('can be exported when the node does not run', async () => {
    node.child.kill('SIGINT');
    expect((await node.ended).code).toBe(0);
    const file = join(data, 'later.parquet');
    const made = await exporting(file);
    expect(made.err).toBe('');
    expect(made.out).toMatch(/^[1-9]\d* rows, \d+ bytes: .*later\.parquet\n.*no column "object"/);
    expect(await exporting(join(data, 'y.csv'), '--object', object)).toMatchObject({ code: 1, err: expect.stringContaining('PostgreSQL') });
    const elsewhere = await exportingFrom(join(data, 'none'), join(data, 'z.csv'));
    expect(elsewhere).toMatchObject({ code: 1, err: expect.stringContaining("no node's data in") });
  });
});
