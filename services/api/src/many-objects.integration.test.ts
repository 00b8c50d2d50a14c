import { ObjectPage } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, type Harness, objectBody, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
});
afterAll(() => harness?.close());

const get = (url: string) => app.inject({ url: `/api/v1${url}`, headers: bearer() });

describe('ten thousand objects', () => {
  it('list a thousand in under 100 ms, page by page to the end', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => objectBody(`bj:m${String(index).padStart(5, '0')}`, 'zz.many'));
    await harness.database.query(
      `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
       SELECT 'object', body ->> 'id', 'file', body, 0, 0, 'test' FROM unnest($1::jsonb[]) AS body`,
      [many.map((body) => JSON.stringify(body))],
    );
    await harness.database.query(
      `INSERT INTO current_states SELECT id, 'object', id, 'up', 1, 'replied', 0 FROM inventory WHERE division = 'zz.many'
       UNION ALL SELECT id || '/icmp4', 'check', id, 'up', 1, 'replied', 0 FROM inventory WHERE division = 'zz.many'`,
    );
    await harness.database.query('ANALYZE');
    const durations: number[] = [];
    const seen = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const begun = performance.now();
      const answer = await get(`/objects?division=zz&limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`);
      durations.push(performance.now() - begun);
      const page: ObjectPage = ObjectPage.parse(answer.json());
      for (const item of page.items) seen.add(item.id);
      cursor = page.nextCursor;
    }
    expect(seen.size).toBe(10_000);
    expect(durations.length).toBe(10);
    // Three pages of ten must: the others may meet garbage collections and busy neighbours.
    expect(durations.sort((a, b) => a - b)[2]).toBeLessThan(100);
  });
});
