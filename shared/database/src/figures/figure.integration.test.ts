import { randomUUID } from 'node:crypto';
import { accountsOf, ObjectiveBody } from '@beacontower/contracts';
import { aggregate, type State, type Transition } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  accountObjects,
  ensureScheme,
  forgetAccounts,
  forgetCovered,
  forgetIncidentAccounts,
  markAccounted,
  monthsOf,
  readCalendar,
  readJudged,
  readUnaccounted,
} from '../accounting/index.ts';
import { calendarVersions } from '../closing/close.ts';
import { readContext, readMemberEvidence } from '../closing/facts.ts';
import type { Database } from '../pool.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { reviseTransitions } from '../record/revise.ts';
import { insertTransitions } from '../record/transitions.ts';
import { readDays } from './days.ts';
import { readFigure } from './figure.ts';
import { readMembers } from './members.ts';
import {
  DAY,
  END,
  expectedMembers,
  HOUR,
  OFFICE,
  period,
  type Scenario,
  START,
  scenario,
  statement,
  type Thing,
  transitionsOf,
  work,
} from './scenario.fixture.ts';

let server: TestDatabase;
let db: Database;
beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});

const TABLES = `inventory, transitions, current_states, log, accounting_months, accounting_days, accounting_schemes, object_keys, maintenance,
  reclassifications, incidents, incident_members, partition_states`;

async function insertThing({ id, weight, versions, transitions }: Thing): Promise<void> {
  for (const { from, to, division, party } of versions) {
    const check = { kind: 'icmp', policy: { intervalMs: 10_000, unknownAfter: 2 } };
    const body = { id, name: id, kind: 'device', class: 'other', division, party, weight, checks: [check], attributes: {} };
    const end = to === Number.MAX_SAFE_INTEGER ? null : to;
    await db.query(
      `INSERT INTO inventory (entity, id, origin, body, valid_from, valid_to, recorded_at, recorded_by) VALUES ('object', $1, 'file', $2, $3, $4, 0, 't')`,
      [id, body, from, end],
    );
  }
  const items = transitions.map((transition) => ({ objectId: id, check: null, transition, resolutionMs: 20_000, epoch: 1, told: false }));
  if (items.length > 0) await insertTransitions(db, items, 0);
  await db.query(
    `INSERT INTO current_states SELECT subject, 'object', subject, to_state, at, reason, id FROM transitions
     WHERE subject = $1 ORDER BY at DESC, id DESC LIMIT 1`,
    [id],
  );
}

async function insertWork({ objects, divisions, from, to, approvedAt, cancelledAt }: Scenario['works'][number]): Promise<void> {
  await db.query(
    `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by, cancelled_at)
     VALUES (gen_random_uuid(), 't', $1, $2, $3, $4, 0, 'x', $5, 'y', $6)`,
    [objects, divisions, from, to, approvedAt, cancelledAt],
  );
}

async function insertStatement({ effect, objects, divisions, from, to, party }: Scenario['statements'][number], at: number): Promise<void> {
  await db.query(
    `INSERT INTO reclassifications (id, effect, objects, divisions, starts_at, ends_at, party, reason, recorded_at, recorded_by)
     VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, 'r', $7, 'x')`,
    [effect, objects, divisions, from, to, party, at],
  );
}

async function insertTrouble({ from, to, party, objects }: Scenario['troubles'][number]): Promise<string> {
  const id = randomUUID();
  await db.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, $2, 'minor', $3, 'cn', $4, 'other', 't', $5, $5, $5, $5)`,
    [id, to === null ? 'open' : 'resolved', id, party, from],
  );
  await db.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at) SELECT $1, o, 'symptom', $2, $3 FROM unnest($4::text[]) AS o`,
    [id, from, to, objects],
  );
  return id;
}

async function insert(of: Scenario, watermark: number): Promise<void> {
  await db.query(`TRUNCATE ${TABLES} RESTART IDENTITY CASCADE`);
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, 0)`,
    [watermark],
  );
  await db.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ('calendar', 'office', 'file', $1, 0, 0, 't')`,
    [{ ...OFFICE, name: 'Office', nameEn: null }],
  );
  for (const thing of of.things) await insertThing(thing);
  for (const each of of.works) await insertWork(each);
  for (const [index, each] of of.statements.entries()) await insertStatement(each, index);
  for (const each of of.troubles) await insertTrouble(each);
}

async function account(until: number, only: 'some' | 'all', zone: string, calendar: string): Promise<void> {
  const judged = await readJudged(db, END + DAY);
  const scheme = await ensureScheme(db, zone, calendar);
  const from = START - 20 * DAY;
  let reached = 0;
  for (const month of monthsOf({ from, to: until }, zone, await readCalendar(db, calendar))) {
    const ids = await readUnaccounted(db, scheme, month, until, judged);
    const chosen = only === 'all' ? ids : ids.filter((_, index) => index % 2 === 0);
    expect(await accountObjects(db, scheme, month, chosen, { until, judged, now: END })).toMatchObject({ state: 'done' });
    reached = Math.max(reached, ...month.days.filter((day) => day.to <= until).map((day) => day.to));
  }
  if (reached > 0) await markAccounted(db, scheme, reached);
}

async function addLate(of: Scenario, late: Late): Promise<Scenario> {
  const covers = [...(late.work === null ? [] : [late.work]), ...(late.statement === null ? [] : [late.statement])];
  if (late.work !== null) await insertWork(late.work);
  if (late.statement !== null) await insertStatement(late.statement, 100);
  for (const cover of covers) await db.transaction((tx) => forgetCovered(tx, cover, cover.from, cover.to));
  const [thing, ...others] = of.things;
  let things = of.things;
  if (late.changes !== null && thing !== undefined) {
    const changed = transitionsOf(late.changes);
    await db.transaction((tx) =>
      reviseTransitions(
        tx,
        [{ objectId: thing.id, check: null, from: 0, to: null, transitions: changed, resolutionMs: 20_000, epoch: 0, silent: true }],
        END,
      ),
    );
    things = [{ ...thing, transitions: changed }, ...others];
  }
  let troubles = of.troubles;
  if (late.trouble) {
    const more = { from: START + 20 * DAY, to: START + 30 * DAY, party: 'p3', objects: ['gd:a', 'gd:b'] };
    const id = await insertTrouble(more);
    await db.transaction((tx) => forgetIncidentAccounts(tx, [id]));
    troubles = [...troubles, more];
  }
  return {
    things,
    works: late.work === null ? of.works : [...of.works, late.work],
    statements: late.statement === null ? of.statements : [...of.statements, late.statement],
    troubles,
  };
}

const objectiveOf = (timeZone: string, calendar: string, aggregateKind: ObjectiveBody['aggregate']) =>
  ObjectiveBody.parse({
    id: 'o',
    name: 'O',
    nameEn: null,
    class: null,
    objects: ['gd:a', 'gd:b', 'gd:c', 'gd:d'],
    division: '',
    target: 0.99,
    aggregate: aggregateKind,
    period: 'month',
    calendar,
    timeZone,
  });

async function compare(of: Scenario, objective: ObjectiveBody, span: { from: number; to: number }, watermark: number): Promise<void> {
  const query = { objective, ...span, scope: [''], now: END + DAY };
  const figure = await readFigure(db, { ...query, groupBy: 'division' });
  const cut = { from: figure.from, to: figure.to };
  const wanted = expectedMembers(of, cut, objective, watermark);
  const members = await readMembers(db, query);
  const shown = members.map(({ member, experienced, responsible }) => ({
    id: member.id,
    weight: member.weight,
    division: member.division,
    party: member.party,
    experienced,
    responsible,
  }));
  expect(shown).toEqual(wanted);
  await compareDays(objective, cut);
  await compareClosed(
    objective,
    cut,
    members.map(({ member }) => member),
    wanted,
  );
  for (const basis of ['experienced', 'responsible'] as const) {
    same(
      figure.whole[basis],
      aggregate(
        objective.aggregate,
        wanted.map((each) => ({ account: each[basis], weight: each.weight })),
      ),
    );
    for (const group of figure.groups) {
      const inside = wanted.filter((each) => each.division === group.key);
      expect(group.members).toBe(inside.length);
      same(
        group[basis],
        aggregate(
          objective.aggregate,
          inside.map((each) => ({ account: each[basis], weight: each.weight })),
        ),
      );
    }
  }
}

/** Each day of the period is what a figure of that day alone says; a few of them are looked at. */
async function compareDays(objective: ObjectiveBody, span: { from: number; to: number }): Promise<void> {
  const basis = span.from % 7 < 4 ? 'experienced' : 'responsible';
  const query = { objective: { ...objective, basis } as const, ...span, scope: [''], now: END + DAY };
  const { days } = await readDays(db, query);
  expect([days[0]?.from, days.at(-1)?.to]).toEqual(span.to > span.from ? [span.from, span.to] : [undefined, undefined]);
  const step = Math.ceil(days.length / 4);
  for (const { from, to, members, result } of days.filter((_, index) => index % step === (span.to / 1000) % step)) {
    const { whole } = await readFigure(db, { ...query, from, to });
    expect(members).toBe(whole.members);
    same(result, whole[basis]);
  }
}

/** What the period would be closed with. */
async function compareClosed(
  objective: ObjectiveBody,
  span: { from: number; to: number },
  members: readonly ObjectiveMember[],
  wanted: ReturnType<typeof expectedMembers>,
): Promise<void> {
  if (span.to === span.from) return;
  const period = { objective, ...span, calendar: await calendarVersions(db, { objective, ...span }) };
  const ids = members.map(({ id }) => id);
  const context = await readContext(db, period, ids);
  const evidence = await readMemberEvidence(db, members, context, await readJudged(db, END + DAY));
  const closed = evidence.map((each) => ({ id: each.member.object, ...accountsOf(context, each) }));
  expect(closed).toEqual(wanted.map(({ id, experienced, responsible }) => ({ id, experienced, responsible })));
}

function same(shown: ReturnType<typeof aggregate>, wanted: ReturnType<typeof aggregate>): void {
  expect(shown.account).toEqual(wanted.account);
  expect(shown.unobserved).toBe(wanted.unobserved);
  for (const field of ['availability', 'lowest', 'highest', 'completeness', 'availabilityWithMaintenance'] as const) {
    const [a, b] = [shown[field], wanted[field]];
    if (a === null || b === null) expect(a).toBe(b);
    else expect(Math.abs(a - b)).toBeLessThan(1e-12);
  }
}

interface Late {
  readonly work: Scenario['works'][number] | null;
  readonly statement: Scenario['statements'][number] | null;
  readonly changes: Parameters<typeof transitionsOf>[0] | null;
  readonly trouble: boolean;
}

const anyDay = fc.integer({ min: 0, max: 76 }).map((days) => START + days * DAY);
const late = fc.record({
  work: fc.option(work),
  statement: fc.option(statement),
  changes: fc.option(
    fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 75 * 24 }).map((hours) => START + hours * 3_600_000),
        width: fc.constantFrom(0, 30_000, 2 * DAY),
        to: fc.constantFrom('up', 'down', 'unknown', 'degraded' as const),
      }),
      { maxLength: 8 },
    ) as fc.Arbitrary<Parameters<typeof transitionsOf>[0]>,
  ),
  trouble: fc.boolean(),
});

describe('a figure summed from rows is, to the millisecond, what the transitions say', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'Asia/Kathmandu');
  const property = fc.record({
    of: scenario,
    watermark: fc.oneof({ weight: 3, arbitrary: fc.constant(END + DAY) }, anyDay, fc.constant(0)),
    zone: zones,
    judgedIn: zones,
    calendar: fc.constantFrom('always', 'always', 'office'),
    kind: fc.constantFrom('mean', 'time-weighted', 'user-weighted' as const),
    first: anyDay,
    only: fc.constantFrom('some', 'all' as const),
    late,
    second: anyDay,
    periods: fc.array(period, { minLength: 2, maxLength: 3 }),
  });

  test('whatever was planned, charged, revised, accounted and asked for', { timeout: 300_000 }, async () => {
    const runs = Number(process.env.BEACONTOWER_FIGURE_RUNS ?? 30);
    await fc.assert(
      fc.asyncProperty(property, async (given) => {
        const { watermark, calendar } = given;
        const zone = calendar === 'office' ? given.judgedIn : given.zone;
        const objective = objectiveOf(given.judgedIn, calendar, given.kind as ObjectiveBody['aggregate']);
        await insert(given.of, watermark);
        await account(given.first, given.only as 'some' | 'all', zone, calendar);
        for (const span of given.periods) await compare(given.of, objective, span, watermark);
        const after = await addLate(given.of, given.late);
        for (const span of given.periods) await compare(after, objective, span, watermark);
        await account(given.second, 'all', zone, calendar);
        for (const span of given.periods) await compare(after, objective, span, watermark);
      }),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

test('an edge that reaches over those after it joins no two outages', async () => {
  const change = (from: State, to: State, at: number, latest = at): Transition => {
    return { from, to, edge: { at, earliest: at, latest }, reason: 'no-reply', decidedAt: latest };
  };
  const transitions = [
    change('unknown', 'up', START - 3 * DAY),
    change('up', 'down', START, START + 5 * DAY),
    change('down', 'up', START + HOUR),
    change('up', 'unknown', START + 2 * HOUR),
    change('unknown', 'up', START + 4 * HOUR),
  ];
  const versions = [{ division: 'cn.gd', party: 'p1', from: START - 10 * DAY, to: Number.MAX_SAFE_INTEGER }];
  // Somebody else's trouble, when the object was up again.
  const troubles = [{ from: START + HOUR, to: START + 3 * HOUR, party: 'p2', objects: ['gd:a'] }];
  const of = { things: [{ id: 'gd:a', weight: 1, versions, transitions }], works: [], statements: [], troubles };
  await insert(of, END + DAY);
  const objective = objectiveOf('Asia/Shanghai', 'always', 'mean');
  for (const from of [START - DAY, START + DAY]) await compare(of, objective, { from, to: START + 10 * DAY }, END + DAY);
});

test('forgetting what was never accounted does nothing', async () => {
  await db.transaction((tx) => forgetAccounts(tx, [{ objectId: 'gd:nobody', from: 0, to: null }]));
});
