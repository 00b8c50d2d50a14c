import { findIncident, leasedParts, listIncidents } from '@beacontower/database';
import { RequestError } from '@beacontower/queue';
import { type Component, componentOf, createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { programsPresent, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, webhookChannel } from '../alerting.fixture.ts';
import { createAlertingMetrics } from '../metrics.ts';
import type { Questions } from '../ports.ts';
import { Captures } from './captures.ts';

const able = programsPresent('redis-server');
const EVERYTHING = [''];

describe.runIf(able)('what is looked at when an outage is opened', () => {
  let fixture: Fixture;
  let alerting: Component;
  let captures: Component | undefined;
  const asked: string[] = [];

  beforeAll(async () => {
    fixture = await startFixture();
    await fixture.apply(
      Array.from({ length: 60 }, (_, index) => ({ id: `test:${index}` })),
      [webhookChannel('http://127.0.0.1:9/')],
    );
    alerting = fixture.alerting('judge');
    await alerting.start();
  });
  afterAll(async () => {
    await alerting?.stop();
    await fixture?.stop();
  });
  afterEach(async () => {
    await captures?.stop();
    captures = undefined;
    asked.length = 0;
  });

  const logger = createLogger({ name: 'test', level: 'silent' });
  async function start(ask: Questions['ask']): Promise<void> {
    const questions: Questions = {
      ask: (kind, body, timeoutMs) => {
        asked.push(kind);
        return ask(kind, body, timeoutMs);
      },
    };
    const metrics = createAlertingMetrics(createRegistry({}, false));
    const { database } = fixture;
    const work = new Captures({ pollMs: 100 }, { database, questions, clock: new SystemClock(), logger, metrics });
    captures = componentOf('captures', leasedParts([work], { slot: 'test', ttlMs: 5_000, database, logger, onFailure: () => undefined }));
    await captures.start();
    await waitFor(async () => (await database.query(`SELECT 1 FROM log_readers WHERE name = 'captures'`)).rows.length > 0, {
      what: 'the captures read the log',
    });
  }
  async function detailOf(cause: string) {
    const { items } = await listIncidents(fixture.database, { limit: 1000 }, EVERYTHING);
    const id = items.find((incident) => incident.cause === cause)?.id;
    return id === undefined ? undefined : findIncident(fixture.database, { id }, EVERYTHING, Date.now());
  }
  const over = (cause: string) =>
    waitFor(
      async () => {
        const incident = await detailOf(cause);
        const isOver = incident !== undefined && incident.captures.length > 0 && incident.captures.every(({ state }) => state !== 'asked');
        return isOver ? incident : null;
      },
      { what: `everything of ${cause} was looked at`, timeoutMs: 20_000 },
    );

  const way = { address: '127.0.0.1', at: 1, by: 'fping', reached: false, hops: [], note: null };
  const series = { step: 1_000, source: 'raw', points: [[5, 1, 2, 3]] };

  it('is kept with the incident, and its timeline says so once', async () => {
    await start(async (kind) => (kind === 'series' ? series : way));
    await fixture.transition('test:0', 'up');
    await fixture.transition('test:0', 'down');
    const { captures: kept, timeline, causeCard } = await over('test:0');
    expect(kept.map(({ kind, target, state, error }) => [kind, target, state, error])).toEqual([
      ['traceroute', '127.0.0.1', 'done', null],
      ['samples', 'test:0/icmp4', 'done', null],
    ]);
    expect(kept[0]?.body).toEqual({ ...way, zone: 'z' });
    expect(kept[1]?.body).toMatchObject({ of: 'icmp', rtt: series.points, loss: series.points });
    expect(timeline.filter(({ kind }) => kind === 'captured').map(({ detail }) => detail)).toEqual([{ done: 2, failed: 0 }]);
    expect(asked.filter((kind) => kind !== 'series')).toEqual(['traceroute-z']);
    expect(causeCard).toMatchObject({ circuitNumber: 'CT-1001', hotline: '10000', carrier: '中国电信' });
    expect(causeCard?.addresses).toEqual([{ address: '127.0.0.1', family: 4, zone: 'z' }]);
  });

  it('has failed, with why, when nobody can look; the incident is none the worse', async () => {
    await start(async (kind) => {
      throw kind === 'series' ? new Error('a store in flames') : new RequestError('invalid', 'the question names no address');
    });
    await fixture.transition('test:1', 'up');
    await fixture.transition('test:1', 'down');
    const { captures: kept, state } = await over('test:1');
    expect(state).toBe('open');
    expect(kept.map(({ state, error, body }) => [state, error, body])).toEqual([
      ['failed', 'the question names no address', null],
      ['failed', 'a store in flames', null],
    ]);
  });

  it('is bounded in a storm: the first are looked at, of the others it is said that they were not', async () => {
    // Nothing answers, so that all of them wait; there is room for 30 looks more, and each incident asks for two.
    await fixture.database.query(
      `INSERT INTO incident_captures (incident_id, kind, target, state, asked_at, due_at)
       SELECT id, 'samples', 'x' || n, 'asked', 0, 9e15 FROM (SELECT id FROM incidents LIMIT 1) i, generate_series(1, 90) n`,
    );
    await start(() => new Promise(() => undefined));
    const storm = Array.from({ length: 50 }, (_, index) => `test:${index + 2}`);
    await fixture.transitions(storm, 'up');
    await fixture.transitions(storm, 'down');
    const counts = async () => {
      const result = await fixture.database.query<{ state: string; count: number }>(
        `SELECT c.state, count(*) AS count FROM incident_captures c JOIN incidents n ON n.id = c.incident_id
         WHERE n.cause_object = ANY ($1::text[]) GROUP BY c.state`,
        [storm],
      );
      return Object.fromEntries(result.rows.map(({ state, count }) => [state, count]));
    };
    await waitFor(async () => ((await counts()).failed ?? 0) + ((await counts()).asked ?? 0) / 2 === 50, {
      what: 'all were noted',
      timeoutMs: 20_000,
    });
    expect(await counts()).toEqual({ asked: 30, failed: 35 });
    const error = await fixture.database.query<{ error: string }>(
      `SELECT DISTINCT error FROM incident_captures WHERE target = ANY ($1::text[])`,
      [storm],
    );
    expect(error.rows).toEqual([{ error: 'too many incidents were opened at once: nothing was looked at for this one' }]);
  });
});
