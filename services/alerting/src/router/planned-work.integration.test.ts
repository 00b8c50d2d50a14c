/** What users of other monitors ask for about maintenance (peers.md, 10), as far as it is about messages. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE, type RouterFixture, startRouter } from './router.fixture.ts';

describe('complaint 10: maintenance that overlaps, overruns, or is entered late', () => {
  let fixture: RouterFixture;

  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(() => fixture.clear());
  afterAll(() => fixture?.stop());

  /** Approved work on objects, in minutes from now; it is entered and approved now. Returns its id. */
  async function plan(objects: string, from: number, to: number): Promise<string> {
    const [id, now] = [randomUUID(), fixture.clock.now()];
    await fixture.database.query(
      `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by)
       VALUES ($1, 'works', $2, '{}', $3, $4, $5, 'li', $5, 'boss')`,
      [id, objects.split(' '), now + from * MINUTE, now + to * MINUTE, now],
    );
    return id;
  }
  const why = async (incident: string) => (await fixture.rows(incident)).map(({ error }) => error);

  it('of two that overlap the alarm is withheld until the last has ended', async () => {
    const [first, second] = [await plan('o:1', 0, 10), await plan('o:1 o:2', 5, 20)];
    const incident = await fixture.open('o:1');
    await fixture.route();
    expect(await why(incident)).toEqual([`maintenance ${first}`]);
    await fixture.after(12 * MINUTE);
    expect(await fixture.told(incident)).toEqual(['opened noc withheld']);
    const later = await fixture.open('o:2');
    await fixture.route();
    expect(await why(later)).toEqual([`maintenance ${second}`]);
    await fixture.after(8 * MINUTE);
    expect(await fixture.told(incident)).toEqual(['opened noc grouped']);
    expect(await fixture.told(later)).toEqual(['opened noc grouped']);
  });

  it('work that overruns is told as soon as its time is over, once; what is over by then is not', async () => {
    await plan('o:1', 0, 10);
    await plan('o:2', 0, 10);
    const [overruns, done] = [await fixture.open('o:1'), await fixture.open('o:2')];
    await fixture.route();
    await fixture.after(5 * MINUTE);
    await fixture.resolve(done);
    await fixture.after(10 * MINUTE, 10);
    expect(await fixture.told(overruns)).toEqual(['opened noc pending']);
    expect(await fixture.timeline(overruns)).toEqual(['released']);
    expect(await fixture.told(done)).toEqual(['opened noc withheld', 'resolved noc withheld']);
  });

  it('work that is carried on in time by another says nothing in between', async () => {
    await plan('o:1', 0, 10);
    const incident = await fixture.open('o:1');
    await fixture.route();
    await fixture.after(9 * MINUTE);
    await plan('o:1', 0, 20);
    await fixture.after(10 * MINUTE, 5);
    expect(await fixture.told(incident)).toEqual(['opened noc withheld']);
    await fixture.resolve(incident);
    await fixture.after(30 * MINUTE, 3);
    expect(await fixture.told(incident)).toEqual(['opened noc withheld', 'resolved noc withheld']);
  });

  it('work entered when the alarm was out already does not keep its end from those who got the alarm', async () => {
    const incident = await fixture.open('o:1');
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending']);
    await plan('o:1', -5, 30);
    await fixture.notice(incident, 'escalated', { occasion: 'critical' });
    await fixture.after(MINUTE);
    await fixture.resolve(incident);
    await fixture.after(MINUTE);
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'escalated noc withheld', 'resolved noc pending']);
  });
});
