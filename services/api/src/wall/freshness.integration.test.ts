import { NodeFreshness } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { bearer, createToken, type Harness, NOW, startHarness } from '../test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
});
afterAll(() => harness?.close());

const judged = (partition: number, at: number) =>
  harness.database.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at)
     VALUES ($1, 1, '0-0', '', $2, $2) ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [partition, at],
  );

async function freshness(headers = bearer()): Promise<NodeFreshness> {
  // What was told a moment ago is told again.
  harness.clock.advance(2_000);
  const answer = await app.inject({ url: '/api/v1/freshness', headers });
  expect(answer.statusCode).toBe(200);
  return NodeFreshness.parse(answer.json());
}

const upTo = async () => (await freshness()).freshness.judgedUpTo;

describe('how fresh the node is', () => {
  it('says that nothing was ever judged, as a part was not', async () => {
    expect(await upTo()).toBeNull();
    await judged(0, NOW);
    expect(await upTo()).toBeNull();
  });

  it('is as far as the partition that lags most, and stands still with it', async () => {
    for (let partition = 0; partition < 8; partition++) await judged(partition, NOW - 1_000 * partition);
    expect(await upTo()).toBe(new Date(NOW - 7_000).toISOString());
    harness.clock.advance(120_000);
    expect(await upTo()).toBe(new Date(NOW - 7_000).toISOString());
    await judged(7, NOW);
    expect(await upTo()).toBe(new Date(NOW - 6_000).toISOString());
  });

  it('is told whoever reads, of whatever division', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    expect((await freshness(bearer(token))).freshness.findings).toEqual({ critical: 1, warning: 0 });
  });
});
