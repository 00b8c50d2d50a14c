/** Who is told of incidents that another tier opened (decision 0027). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RouterFixture, startRouter } from './router.fixture.ts';

describe('incidents of other tiers', () => {
  let fixture: RouterFixture;
  beforeAll(async () => {
    fixture = await startRouter();
  });
  beforeEach(async () => {
    await fixture.clear();
  });
  afterAll(async () => {
    await fixture?.stop();
  });
  const offered = (state: string, number: number, at: number) => {
    const said = { node: 'cn', number, at, by: 'wang', note: '', to: null, state, answeredAt: null, answeredBy: null, answer: null };
    return JSON.stringify({ down: null, from: said });
  };

  it('alarms nobody of what is over before anybody is told of it, nor of its end', async () => {
    const incident = await fixture.open('o:1');
    await fixture.set(incident, { home: 'gd' });
    await fixture.resolve(incident);
    await fixture.route();
    expect(await fixture.told(incident)).toEqual([]);
  });

  it('alarms nobody of what this tier is only told of', async () => {
    const incident = await fixture.open('o:1');
    await fixture.set(incident, { home: 'gd', taken: false });
    await fixture.route();
    expect(await fixture.told(incident)).toEqual([]);
  });

  it('tells once of what is asked for, repeats it no more once it is taken back, and tells its end', async () => {
    await fixture.configure({ routes: [{ id: 'all', contacts: ['noc'], repeatMs: 60_000 }] });
    await fixture.route();
    const incident = await fixture.open('o:1');
    await fixture.set(incident, { home: 'cn', handed: offered('offered', 1, fixture.clock.now()) });
    await fixture.route();
    await fixture.after(61_000);
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'repeated noc pending']);
    await fixture.set(incident, { taken: false, handed: offered('withdrawn', 1, fixture.clock.now()) });
    await fixture.after(120_000);
    await fixture.resolve(incident);
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'repeated noc pending', 'resolved noc pending']);
  });

  it('tells anew when it is offered again after it was taken back', async () => {
    const incident = await fixture.open('o:1');
    await fixture.set(incident, { home: 'cn', handed: offered('offered', 1, fixture.clock.now()) });
    await fixture.route();
    await fixture.set(incident, { handed: offered('offered', 2, fixture.clock.now()) });
    await fixture.notice(incident, 'opened', { occasion: 'hand-over 2' });
    await fixture.route();
    expect(await fixture.told(incident)).toEqual(['opened noc pending', 'opened noc pending']);
  });
});
