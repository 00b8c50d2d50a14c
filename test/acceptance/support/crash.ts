import { globalId, isAlive, type ProcessName, type Stand } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { entriesOf, withoutRepeats } from './ledger.ts';

/** Who is told in the script: a machine, a mailbox, a chief when nobody acknowledges, and a receiver of grouped messages. */
export function crashTelling(hook: string, mail: { readonly host: string; readonly port: number; readonly caFile: string }) {
  const http = (id: string, kind: string) => ({ id, kind, url: `${hook}/${id}`, allowLocal: true, timeout: '2s', maxAttempts: 50 });
  const signed = (id: string) => ({ ...http(id, 'webhook'), secret: { env: 'STAND_SECRET' } });
  return {
    channels: [
      signed('duty'),
      signed('chief'),
      http('alerts', 'alertmanager'),
      {
        ...{ id: 'mail', kind: 'email', host: mail.host, port: mail.port, tls: 'starttls', ca: { file: mail.caFile } },
        ...{ from: 'beacontower@example.org', timeout: '5s' },
      },
    ],
    contacts: [
      { id: 'duty', name: 'Duty', language: 'zh', targets: [{ channel: 'duty' }, { channel: 'mail', address: 'duty@example.org' }] },
      { id: 'chief', name: 'Chief', language: 'en', targets: [{ channel: 'chief' }] },
      { id: 'wall', name: 'Wall', language: 'en', targets: [{ channel: 'alerts' }] },
    ],
    escalations: [{ id: 'up', name: 'Up', steps: [{ after: '3s', contacts: ['chief'] }] }],
    routes: [
      { id: 'all', contacts: ['duty'], escalation: 'up' },
      {
        id: 'wall',
        match: { classes: ['user-access', 'other', 'backbone'] },
        contacts: ['wall'],
        group: { wait: '1s', skipWait: [], interval: '2s', burst: 1 },
      },
    ],
  };
}

const ALARMS = ['alerts firing', 'chief unacknowledged', 'duty opened', 'mail opened'];
const ENDS = ['alerts resolved', 'chief resolved', 'duty resolved', 'mail resolved'];

/** What is to be told of outages of these lines, sorted, each once. */
export function expectedOf(lines: readonly string[]): string[] {
  return lines.flatMap((line) => [...ALARMS, ...ENDS].map((what) => `${what} ${globalId(line)}`)).sort();
}

/** A random number in [0, 1) from a seed (mulberry32): a run that failed can be made again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface CrashOptions {
  readonly points: number;
  readonly seed: number;
  readonly victims: readonly ProcessName[];
  readonly lines: readonly string[];
}

export interface Killing {
  readonly victim: ProcessName;
  readonly line: string;
  readonly phase: 'cut' | 'restored';
  readonly afterMs: number;
}

/**
 * Plays the script again and again, each time on another line: it is cut, everybody is told, the chief too since nobody acknowledges;
 * it is restored, and everybody is told. In each half processes are killed at random moments. Gives what was killed, and on which lines.
 */
export async function playCrashes(stand: Stand, options: CrashOptions): Promise<{ killings: Killing[]; lines: string[] }> {
  const random = seeded(options.seed);
  const killings: Killing[] = [];
  const lines: string[] = [];
  while (killings.length < options.points) {
    const line = options.lines[lines.length % options.lines.length] ?? '';
    lines.push(line);
    for (const phase of ['cut', 'restored'] as const) {
      await (phase === 'cut' ? stand.lab.cut(line) : stand.lab.restore(line));
      const begun = Date.now();
      for (let i = 0; i < 2; i++) {
        await pause(random() * 3_000);
        const victim = options.victims[Math.floor(random() * options.victims.length)] ?? 'judge';
        killings.push({ victim, line, phase, afterMs: Date.now() - begun });
        await killOne(stand, victim);
      }
      await untilTold(stand, lines, phase, killings);
    }
  }
  return { killings, lines };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

// One that is being started again anyway is dead enough.
async function killOne(stand: Stand, victim: ProcessName): Promise<void> {
  const { product } = stand;
  if (product.pid(victim) === undefined) return;
  const children = victim === 'supervisor' ? (['collect', 'judge', 'serve', 'store'] as const).map((name) => product.pid(name)) : [];
  await product.kill(victim).catch(() => undefined);
  if (victim !== 'supervisor') return;
  await waitFor(() => children.every((pid) => pid === undefined || !isAlive(pid)), { timeoutMs: 60_000, what: 'the children to end' });
  await product.start();
}

async function untilTold(stand: Stand, lines: readonly string[], phase: Killing['phase'], killings: readonly Killing[]): Promise<void> {
  const line = globalId(lines.at(-1) ?? '');
  const times = lines.filter((each) => globalId(each) === line).length;
  const wanted = (phase === 'cut' ? ALARMS : [...ALARMS, ...ENDS]).map((what) => `${what} ${line}`);
  const missing = () => {
    const { once } = withoutRepeats(entriesOf(stand));
    return wanted.filter((what) => once.filter((each) => each === what).length < times);
  };
  await waitFor(() => missing().length === 0, { timeoutMs: 180_000, intervalMs: 100, what: 'everybody to be told' }).catch(async () => {
    const rows = await stand.product.api.deliveries().catch(() => []);
    const said = rows
      .slice(0, 20)
      .map(({ step, contact, channel, state, attempt, lastError }) => `${step} ${contact} ${channel} ${state} ${attempt} ${lastError}`);
    const kills = killings.slice(-4).map((kill) => `${kill.victim} ${kill.afterMs} ms after ${kill.phase}`);
    throw new Error(
      `${stand.product.log(25)}\nkilled: ${kills.join(', ')}\ndeliveries:\n${said.join('\n')}\nnever told: ${missing().join(', ')} (time ${times})`,
    );
  });
}
