import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { programsPresent } from '../services.ts';
import { type RemoteAgent, type SnmpAgents, startSnmpAgents } from './agents.ts';
import { TAG } from './ber.ts';
import { formatRecording, parseRecording } from './recording.ts';
import { recordings } from './recordings.ts';
import { type SnmpAgent, startSnmpAgent } from './server.ts';
import { compareIds, type Oid } from './tree.ts';

const run = promisify(execFile);
const UPTIME = '1.3.6.1.2.1.1.3.0';
const present = programsPresent('snmpget');

/** One of net-snmp's programs at an agent; gives its lines. */
async function ask(
  { address, port }: Pick<SnmpAgent, 'address' | 'port'>,
  program: string,
  args: readonly string[],
  oid: string,
): Promise<string[]> {
  const transport = address.includes(':') ? `udp6:[${address}]:${port}` : `udp:${address}:${port}`;
  const common = ['-On', '-Oe', '-OU', '-m', '', '-t1', '-r0'];
  const { stdout } = await run(program, [...args, ...common, transport, oid], { encoding: 'latin1', maxBuffer: 64 * 2 ** 20 });
  return stdout.trimEnd().split('\n');
}
const namesIn = (lines: readonly string[]) => lines.flatMap((line) => /^\.([\d.]+) = /.exec(line)?.[1] ?? []);
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: { stderr?: string }) => String(error.stderr),
  );

/** A recording of our own with what those of real devices have: every type, no order, leading dots, repeats. */
function ownRecording(): string {
  const head = formatRecording([
    { oid: '.1.3.6.1.2.1.1.7.0', tag: TAG.integer, value: '78' },
    { oid: '1.3.6.1.2.1.1.1.0', tag: TAG.octets, value: 'A router | of ours' },
    { oid: '1.3.6.1.2.1.1.2.0', tag: TAG.oid, value: '1.3.6.1.4.1.8072.3.2.255' },
    { oid: '1.3.6.1.2.1.1.3.0', tag: TAG.ticks, value: '4294967000' },
    { oid: '1.3.6.1.2.1.1.1.0', tag: TAG.octets, value: 'A router of ours' },
    { oid: '1.3.6.1.2.1.4.20.1.3.192.0.2.1', tag: TAG.address, value: '255.255.255.0' },
    { oid: '1.3.6.1.4.1.2021.255.16384.1', tag: TAG.counter64, value: '18446744073709551615' },
    { oid: '1.3.6.1.4.1.2021.255.16383.1', tag: TAG.gauge32, value: '4294967295' },
  ]);
  const columns = ['2.2.1.2', '2.2.1.8', '2.2.1.10', '31.1.1.1.1', '31.1.1.1.6', '31.1.1.1.18'];
  const cell = { '2.2.1.8': '2|1', '2.2.1.10': '65|4294967290', '31.1.1.1.6': '70|8589934592' } as Record<string, string>;
  const table = [10, 2, 300].flatMap((row) => columns.map((each) => `1.3.6.1.2.1.${each}.${row}|${cell[each] ?? `4|port ${row}`}`));
  return `${head}1.3.6.1.2.1.2.2.1.6.10|4x|02000000ff0a\n1.3.6.1.2.1.31.1.1.1.18.10|4e|caf\\xe9\\n\n${table.join('\n')}\n`;
}

describe.runIf(present)('the agent, asked by net-snmp', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bt-recording-'));
  const own = join(directory, 'own.snmprec');
  writeFileSync(own, ownRecording(), 'latin1');
  afterAll(() => rmSync(directory, { recursive: true }));

  const files = [{ name: 'own', file: own }, ...recordings()];
  let agents: SnmpAgents | undefined;
  beforeAll(async () => {
    agents = await startSnmpAgents({ devices: files.map(({ file }) => ({ recording: file, moving: false })) });
  });
  afterAll(() => agents?.stop());

  it.each(files.map((each, i) => ({ ...each, i })))('replays $name whole and in order, at any step', async ({ file, i }) => {
    const variables = parseRecording(readFileSync(file, 'latin1'));
    const expected = variables
      .map(({ oid }): Oid => oid)
      .sort((a, b) => compareIds(a.ids, b.ids))
      .map(({ text }) => text);
    const agent = agents?.agents[i] as RemoteAgent;
    const inBulk = await ask(agent, 'snmpbulkwalk', ['-v2c', '-c', 'public', '-Cr60'], '.1');
    expect(namesIn(inBulk).filter((name) => name !== expected.at(-1))).toEqual(expected.slice(0, -1));
    expect(inBulk.join('\n')).not.toContain('Error');
    const old = await ask(agent, 'snmpwalk', ['-v1', '-c', 'public'], '.1.3.6.1.2.1.2');
    const plain = variables.filter(({ oid }) => oid.text.startsWith('1.3.6.1.2.1.2.')).length;
    if (plain === 0) return;
    expect(namesIn(old)).toHaveLength(plain);
    const one = await ask(agent, 'snmpbulkwalk', ['-v2c', '-c', 'public', '-Cr1'], '.1.3.6.1.2.1.2');
    expect(one).toEqual(old);
  });

  it('a recording that moves goes on from where it was recorded', async () => {
    const now = Date.UTC(2026, 10, 22);
    let passed = 0;
    const agent = await startSnmpAgent({ recording: own, now: () => now + passed });
    try {
      passed = 10_000;
      const get = (oid: string) => ask(agent, 'snmpget', ['-v2c', '-c', 'public', '-Oqvt'], oid);
      expect(await get(UPTIME)).toEqual([String((4_294_967_000 + 1_000) % 2 ** 32)]);
      const gained = agent.device.increment('port 300', 'inOctets', now, now + passed);
      expect(await get('1.3.6.1.2.1.31.1.1.1.6.300')).toEqual([String(8_589_934_592 + gained)]);
      agent.device.renumber({ 'port 300': 301 });
      expect(await get('1.3.6.1.2.1.31.1.1.1.1.301')).toEqual(['"port 300"']);
      expect(agent.device.interfaces().map(({ index }) => index)).toEqual([2, 10, 301]);
    } finally {
      await agent.stop();
    }
  });
});

describe.runIf(present)('an agent in this process', () => {
  let agent: SnmpAgent | null = null;
  afterEach(async () => {
    await agent?.stop();
    agent = null;
  });
  const v2c = ['-v2c', '-c', 'public'];

  it('moves what it replays, by the clock it is given, over IPv4 and IPv6', async () => {
    let now = Date.UTC(2026, 10, 22);
    for (const address of ['127.0.0.1', '127.77.0.1', '::1']) {
      agent = await startSnmpAgent({ address, interfaces: 2, uptimeMs: 1_000, now: () => now });
      expect(await ask(agent, 'snmpget', [...v2c, '-Oqvt'], UPTIME)).toEqual(['100']);
      now += 60_000;
      expect(await ask(agent, 'snmpget', [...v2c, '-Oqvt'], UPTIME)).toEqual(['6100']);
      const shown = await ask(agent, 'snmpget', [...v2c, '-Oqv'], '1.3.6.1.2.1.31.1.1.1.10.2');
      expect(BigInt(shown[0] ?? '')).toBe(agent.device.counter('GigabitEthernet0/0/2', 'outOctets'));
      expect(BigInt(shown[0] ?? '')).toBeGreaterThan(0n);
      await agent.stop();
    }
  });

  it('is taken for dead, confused or a liar when it is bad', async () => {
    agent = await startSnmpAgent({ interfaces: 3 });
    const asked = () => failure(ask(agent as SnmpAgent, 'snmpget', v2c, UPTIME));
    expect(await asked()).toBe('answered');
    for (const hostile of [{ silent: true }, { garbage: true }, { truncate: 20 }, { wrongRequestId: true }, { delayMs: 3_000 }]) {
      agent.device.setHostile(hostile);
      expect(await asked(), JSON.stringify(hostile)).toContain('Timeout');
    }
    agent.device.setHostile({ genErr: UPTIME });
    expect(await asked()).toContain('genError');
    agent.device.setHostile({ loop: '1.3.6.1.2.1.2.2.1.2' });
    expect(await failure(ask(agent, 'snmpwalk', v2c, '1.3.6.1.2.1.2.2.1.2'))).toContain('OID not increasing');
    // Net-snmp takes an answer from wherever it comes.
    agent.device.setHostile({ otherPort: true });
    expect(await asked()).toBe('answered');
    agent.device.setHostile({ twice: true, delayMs: 100 });
    expect(await asked()).toBe('answered');
    expect(await failure(ask(agent, 'snmpget', ['-v2c', '-c', 'wrong'], UPTIME))).toContain('Timeout');
    expect(agent.statistics().refused).toBe(1);
    expect(agent.statistics().requests).toBeGreaterThan(agent.statistics().answers);
  });

  it('gives what it holds back in the opposite order', async () => {
    agent = await startSnmpAgent({ hostile: { reverse: 2 } });
    const times: number[] = [];
    const one = ask(agent, 'snmpget', [...v2c, '-t5'], UPTIME).then(() => times.push(performance.now()));
    await Promise.all([one, ask(agent, 'snmpget', [...v2c, '-t5'], UPTIME).then(() => times.push(performance.now()))]);
    expect(times).toHaveLength(2);
    expect(agent.statistics()).toEqual({ requests: 2, answers: 2, refused: 0 });
  });

  it('tells who has its port', async () => {
    agent = await startSnmpAgent();
    await expect(startSnmpAgent({ port: agent.port })).rejects.toThrow('EADDRINUSE');
  });
});

describe('agents in a process of their own', () => {
  it('are many, are changed from here, and say what is wrong', async () => {
    const agents = await startSnmpAgents({ devices: Array.from({ length: 20 }, (_, i) => ({ interfaces: 2, seed: i, uptimeMs: 0 })) });
    try {
      const { device } = agents.agents[7] as RemoteAgent;
      await device.setTraffic('GigabitEthernet0/0/1', { inBps: 8_000, outBps: 0 });
      await agents.shiftTime(86_400_000);
      const now = await agents.now();
      expect(Math.abs(now - Date.now() - 86_400_000)).toBeLessThan(5_000);
      expect(await device.increment('GigabitEthernet0/0/1', 'inOctets', now - 60_000, now)).toBe(60_000);
      expect(typeof (await device.counter('GigabitEthernet0/0/1', 'inOctets'))).toBe('bigint');
      await device.setStatus('GigabitEthernet0/0/2', { oper: 'down' });
      expect((await device.interfaces()).map(({ oper }) => oper)).toEqual(['up', 'down']);
      await expect(device.rename('none', 'other')).rejects.toThrow('the device has no interface "none"');
      expect(new Set(agents.agents.map(({ port }) => port)).size).toBe(20);
      await expect(startSnmpAgents({ devices: [{ port: agents.agents[0]?.port ?? 0 }] })).rejects.toThrow('EADDRINUSE');
    } finally {
      await agents.stop();
    }
    await expect(agents.now()).rejects.toThrow('have been stopped');
  });
});
