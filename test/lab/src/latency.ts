import type { ReceivedWebhook } from '@beacontower/testing';
import { z } from 'zod';
import { globalId } from './inventory.ts';
import { type Stand, startStand } from './stand.ts';

/** What one cut took, ms: from the cut to the alarm's arrival, from the restoration to the recovery's. */
export interface CutLatency {
  readonly line: string;
  readonly alarmMs: number;
  readonly recoveryMs: number;
}

export interface LatencyOptions {
  /** Cuts at each pace, each on a line of its own. */
  readonly cuts: number;
  /** Over how long the cuts are spread, ms: long enough that each falls at a phase of its own. */
  readonly spreadMs: number;
}

/** Latencies at the two paces, 10 s and 1 s. */
export interface Latencies {
  readonly slow: readonly CutLatency[];
  readonly fast: readonly CutLatency[];
}

export const PACES = {
  slow: { intervalMs: 10_000, alarmP99Ms: 15_000, recoveryMaxMs: 11_000 },
  fast: { intervalMs: 1_000, alarmP99Ms: 4_000, recoveryMaxMs: 2_000 },
} as const;

const Event = z.object({ type: z.string(), incident: z.object({ cause: z.object({ id: z.string() }) }) });
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function tells(request: ReceivedWebhook, type: string, line: string): boolean {
  const event = Event.safeParse(request.json);
  return event.success && request.path === '/duty' && event.data.type === type && event.data.incident.cause.id === globalId(line);
}

async function measureLine(stand: Stand, line: string, intervalMs: number, waitMs: number): Promise<CutLatency> {
  const timeoutMs = 2 * intervalMs + 20_000;
  await pause(waitMs);
  const cut = await stand.lab.cut(line);
  const alarm = await stand.hook.waitFor((request) => tells(request, 'incident.opened', line), { timeoutMs, what: `the alarm of ${line}` });
  await pause(Math.random() * intervalMs);
  const restored = await stand.lab.restore(line);
  const recovery = await stand.hook.waitFor((request) => tells(request, 'incident.resolved', line), {
    timeoutMs,
    what: `the recovery of ${line}`,
  });
  return { line, alarmMs: alarm.at - cut.before, recoveryMs: recovery.at - restored.before };
}

/** Cuts lines of both paces at random phases, side by side in one flat network, and says how long it took until it was told. */
export async function measureLatency({ cuts, spreadMs }: LatencyOptions): Promise<Latencies> {
  const isSlow = (line: string) => Number(line.slice(line.indexOf('-') + 1)) <= cuts;
  const stand = await startStand({
    layout: { provinces: 0, flatLines: 2 * cuts },
    interval: ({ id }) => `${PACES[isSlow(id) ? 'slow' : 'fast'].intervalMs / 1000}s`,
  });
  try {
    const lines = stand.lab.plan.objects.map(({ id }) => id);
    const measure = (pace: keyof typeof PACES) =>
      Promise.all(
        lines
          .filter((line) => isSlow(line) === (pace === 'slow'))
          .map((line) => measureLine(stand, line, PACES[pace].intervalMs, Math.random() * spreadMs)),
      );
    const [slow, fast] = await Promise.all([measure('slow'), measure('fast')]);
    return { slow, fast };
  } finally {
    await stand.destroy();
  }
}
