import type { IcmpSampleBatch, LatestSample, SampleBatch } from '@beacontower/contracts';
import { timestamp } from '@beacontower/contracts';
import { type createRedis, decodeSamples, type Keys, unpackUint16, unpackUint32 } from '@beacontower/queue';

type Redis = ReturnType<typeof createRedis>;

const CHUNK = 32;
/** Batches of all kinds share the stream: those of SNMP may crowd at the end of a minute. */
const MOST_BATCHES = 256;
/** What a sample holds where there was no reply. */
const NO_REPLY = 0xffffffff;

/** The newest sample of each check (by key) at the tail of the partition's stream of samples; a check without one is absent. */
export async function latestSamples(
  redis: Redis,
  keys: Keys,
  partition: number,
  checks: readonly number[],
): Promise<Map<number, LatestSample>> {
  const found = new Map<number, LatestSample>();
  let before = '+';
  for (let read = 0; read < MOST_BATCHES && found.size < checks.length; read += CHUNK) {
    const rows = await redis.xrevrangeBuffer(keys.samples(partition), before, '-', 'COUNT', CHUNK);
    for (const [, fields] of rows) takeFrom(tryDecode(fields), checks, found);
    const last = rows.at(-1)?.[0];
    if (rows.length < CHUNK || last === undefined) break;
    before = `(${last.toString()}`;
  }
  return found;
}

function takeFrom(batch: SampleBatch | null, checks: readonly number[], found: Map<number, LatestSample>): void {
  if (batch?.type !== 'icmp') return;
  const keysOfBatch = unpackUint32(batch.checks);
  for (const check of checks) {
    if (found.has(check)) continue;
    const row = keysOfBatch.indexOf(check);
    if (row >= 0) found.set(check, sampleAt(batch, row));
  }
}

function sampleAt(batch: IcmpSampleBatch, row: number): LatestSample {
  const sent = unpackUint16(batch.sent)[row] ?? 0;
  const received = unpackUint16(batch.received)[row] ?? 0;
  const ms = (column: Uint8Array) => {
    const microseconds = unpackUint32(column)[row] ?? NO_REPLY;
    return microseconds === NO_REPLY ? null : microseconds / 1_000;
  };
  return {
    at: timestamp(batch.startedAt),
    sent,
    received,
    loss: sent === 0 ? 0 : Math.max(0, sent - received) / sent,
    rttMinMs: ms(batch.rttMin),
    rttAvgMs: ms(batch.rttAvg),
    rttMaxMs: ms(batch.rttMax),
    jitterMs: ms(batch.jitter),
  };
}

function tryDecode(fields: Buffer[]): SampleBatch | null {
  const value = fields[fields.findIndex((field, index) => index % 2 === 0 && field.toString() === 'e') + 1];
  if (!value) return null;
  try {
    return decodeSamples(value);
  } catch {
    return null;
  }
}
