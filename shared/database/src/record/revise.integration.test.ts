import type { State, Transition } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dispatchLog, readLog } from '../log.ts';
import type { Database } from '../pool.ts';
import { type Revision, reviseTransitions } from './revise.ts';
import { readTransitions, recordTransitions } from './transitions.ts';

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await db.query('TRUNCATE transitions, current_states, log RESTART IDENTITY');
});

/** `up@100` after `down@50`: a list of states with the moments of their edges, each 10 ms wide. */
function path(...steps: readonly [to: State, at: number][]): Transition[] {
  return steps.map(([to, at], index) => ({
    from: steps[index - 1]?.[0] ?? 'unknown',
    to,
    edge: { at, earliest: at - 5, latest: at + 5 },
    reason: to === 'down' ? 'no-reply' : 'replied',
    decidedAt: at + 5,
  }));
}

async function record(transitions: readonly Transition[]): Promise<void> {
  const items = transitions.map((transition) => ({ objectId: 'a', check: null, transition, resolutionMs: 1, epoch: 1, told: false }));
  await db.transaction((tx) => recordTransitions(tx, items, 1_000));
}

async function revise(from: number, transitions: readonly Transition[], rest: Partial<Revision> = {}) {
  const revision: Revision = { objectId: 'a', check: null, from, to: null, transitions, resolutionMs: 1, epoch: 2, ...rest };
  const [result] = await db.transaction((tx) => reviseTransitions(tx, [revision], 2_000));
  return result;
}

async function inForce(): Promise<string[]> {
  const found = (await readTransitions(db, ['a'], 0, 1e9)).get('a') ?? [];
  return found.map(({ to, edge }) => `${to}@${edge.at}`);
}

async function present(): Promise<string | undefined> {
  const result = await db.query<{ text: string }>(
    `SELECT state || '@' || since || (CASE WHEN t.superseded_at IS NULL THEN '' ELSE ' superseded' END) AS text
     FROM current_states c JOIN transitions t ON t.id = c.transition`,
  );
  return result.rows[0]?.text;
}

async function told(): Promise<string[]> {
  await db.transaction((tx) => dispatchLog(tx, 1_000));
  return (await readLog(db, 0, 1_000)).map((entry) => {
    if (entry.kind === 'state') return `${entry.body.to}@${entry.body.at}`;
    return entry.kind === 'revised' ? `revised ${entry.body.from}..${entry.body.to ?? ''}` : entry.kind;
  });
}

interface Case {
  readonly name: string;
  readonly before: Transition[];
  readonly from: number;
  readonly revision: Transition[];
  readonly rest?: Partial<Revision>;
  readonly inForce: string[];
  readonly present: string;
  readonly told: string[];
}

const cases: Case[] = [
  {
    name: 'nothing recorded before: all is new and told',
    before: [],
    from: 0,
    revision: path(['up', 100], ['down', 200]),
    inForce: ['up@100', 'down@200'],
    present: 'down@200',
    told: ['up@100', 'down@200', 'revised 95..'],
  },
  {
    name: 'the present state turns out another',
    before: path(['up', 100], ['down', 200]),
    from: 150,
    revision: path(['up', 100], ['down', 200], ['up', 300]).slice(1),
    inForce: ['up@100', 'down@200', 'up@300'],
    present: 'up@300',
    told: ['up@300', 'revised 295..'],
  },
  {
    name: 'an outage of the past is history: nobody is alarmed',
    before: path(['up', 100], ['down', 400]),
    from: 150,
    revision: path(['up', 100], ['down', 200], ['up', 300], ['down', 400]).slice(1),
    inForce: ['up@100', 'down@200', 'up@300', 'down@400'],
    present: 'down@400',
    told: ['revised 195..405'],
  },
  {
    name: 'what was said last is taken back: what stays is told anew',
    before: path(['up', 100], ['down', 200]),
    from: 150,
    revision: [],
    inForce: ['up@100'],
    present: 'up@100',
    told: ['up@100', 'revised 195..'],
  },
  {
    name: 'an edge moves',
    before: path(['up', 100], ['down', 200]),
    from: 150,
    revision: path(['up', 100], ['down', 190]).slice(1),
    inForce: ['up@100', 'down@190'],
    present: 'down@190',
    told: ['down@190', 'revised 185..'],
  },
  {
    name: 'only what lies in the span is held against it',
    before: path(['up', 100], ['down', 200], ['up', 300]),
    from: 150,
    revision: [],
    rest: { to: 250 },
    inForce: ['up@100', 'up@300'],
    present: 'up@300',
    told: ['revised 195..305'],
  },
  {
    name: 'a history taken in silently alarms nobody',
    before: [],
    from: 0,
    revision: path(['up', 100], ['down', 200]),
    rest: { silent: true },
    inForce: ['up@100', 'down@200'],
    present: 'down@200',
    told: ['revised 95..'],
  },
];

describe('a revision of the record', () => {
  for (const { name, before, from, revision, rest, ...expected } of cases) {
    it(name, async () => {
      await record(before);
      await revise(from, revision, rest);
      expect({ inForce: await inForce(), present: await present(), told: await told() }).toEqual(expected);
      expect(await revise(from, revision, rest)).toEqual({ superseded: 0, written: 0 });
      expect(await told()).toEqual(expected.told);
    });
  }

  it('keeps what it supersedes', async () => {
    await record(path(['up', 100], ['down', 200]));
    expect(await revise(150, [])).toEqual({ superseded: 1, written: 0 });
    const rows = await db.query<{ at: number; superseded_at: number | null }>('SELECT at, superseded_at FROM transitions ORDER BY id');
    expect(rows.rows).toEqual([
      { at: 100, superseded_at: 2_000 },
      { at: 200, superseded_at: 2_000 },
      { at: 100, superseded_at: null },
    ]);
  });

  it.each([
    ['before its span', 150, path(['up', 100])],
    ['out of order', 0, path(['up', 200], ['down', 100])],
  ])('refuses transitions %s', async (_, from, revision) => {
    await expect(revise(from, revision)).rejects.toThrow(RangeError);
  });
});
