import { globalId, isAlive, type ProcessName, type Stand } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { BOARD, boardEntries, type Entry, entriesOf, withoutRepeats } from './ledger.ts';

/** Who is told in the script: a machine, a mailbox, a chief when nobody acknowledges, a wall of alerts, and a board that gets several in one mail. */
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
      { id: 'board', name: 'Board', language: 'en', targets: [{ channel: 'mail', address: BOARD }] },
    ],
    escalations: [{ id: 'up', name: 'Up', steps: [{ after: '3s', contacts: ['chief'] }] }],
    routes: [
      { id: 'all', contacts: ['duty', 'wall'], escalation: 'up', group: { burst: 1000 } },
      { id: 'board', contacts: ['board'], group: { wait: '1s', skipWait: [], burst: 1, interval: '2s' } },
    ],
  };
}

const ALARMS = ['alerts firing', 'board opened', 'chief unacknowledged', 'duty opened', 'mail opened'];
const ENDS = ['alerts resolved', 'board resolved', 'chief resolved', 'duty resolved', 'mail resolved'];

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

/** Everything that anybody was told so far. Rejects while the API does not answer. */
export async function everythingTold(stand: Stand): Promise<Entry[]> {
  const causes = new Map((await stand.product.api.incidents()).map(({ id, cause }) => [id, cause]));
  return [...entriesOf(stand), ...boardEntries(stand, await stand.product.api.deliveries(), causes)];
}

/**
 * Plays the script again and again, each time on two more lines: they are cut, everybody is told, the chief too since nobody acknowledges;
 * they are restored, and everybody is told. In each half processes are killed at random moments. Gives what was killed, and the lines in turn.
 */
export async function playCrashes(stand: Stand, options: CrashOptions): Promise<{ killings: Killing[]; lines: string[] }> {
  const random = seeded(options.seed);
  const killings: Killing[] = [];
  const lines: string[] = [];
  while (killings.length < options.points) {
    const pair = [0, 1].map((i) => options.lines[(lines.length + i) % options.lines.length] ?? '');
    lines.push(...pair);
    for (const phase of ['cut', 'restored'] as const) {
      for (const line of pair) await (phase === 'cut' ? stand.lab.cut(line) : stand.lab.restore(line));
      const begun = Date.now();
      for (let i = 0; i < 2; i++) {
        await pause(random() * 3_000);
        const victim = options.victims[Math.floor(random() * options.victims.length)] ?? 'judge';
        killings.push({ victim, line: pair.join(), phase, afterMs: Date.now() - begun });
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
  const [ended, going] = phase === 'cut' ? [lines.slice(0, -2), lines.slice(-2)] : [lines, []];
  const wanted = [...expectedOf(ended), ...going.flatMap((line) => ALARMS.map((what) => `${what} ${globalId(line)}`))];
  const missing = async () => {
    const { once } = withoutRepeats(await everythingTold(stand));
    return without(wanted, once);
  };
  const isTold = () =>
    missing().then(
      (left) => left.length === 0,
      () => false,
    ); // the API or a store is dead just now
  await waitFor(isTold, { timeoutMs: 180_000, intervalMs: 300, what: 'everybody to be told' }).catch(async () => {
    const rows = await stand.product.api.deliveries().catch(() => []);
    const said = rows
      .slice(0, 20)
      .map(({ step, contact, channel, state, attempt, lastError }) => `${step} ${contact} ${channel} ${state} ${attempt} ${lastError}`);
    const kills = killings.slice(-4).map((kill) => `${kill.victim} ${kill.afterMs} ms after ${kill.phase}`);
    const left = await missing().catch(String);
    throw new Error(`${stand.product.log(25)}\nkilled: ${kills.join(', ')}\ndeliveries:\n${said.join('\n')}\nnever told: ${left}`);
  });
}

/** What is left of a multiset when another is taken away. */
function without(whole: readonly string[], taken: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const each of taken) counts.set(each, (counts.get(each) ?? 0) + 1);
  return whole.filter((each) => {
    const count = counts.get(each) ?? 0;
    counts.set(each, count - 1);
    return count <= 0;
  });
}
