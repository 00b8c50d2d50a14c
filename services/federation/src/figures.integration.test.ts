import { type Database, readDays, readFigure, readMembers } from '@beacontower/database';
import type { State } from '@beacontower/domain';
import type { Component } from '@beacontower/runtime';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startNode, startPostgres, type TestCentre, type TestNode, uplinkOf } from './federation.fixture.ts';
import {
  account,
  applyProvince,
  charge,
  DAY,
  HOUR,
  judge,
  LOCAL_IDS,
  live,
  numbersOf,
  objectivesOf,
  plan,
  recharge,
  restate,
  revise,
  type Span,
} from './figures.fixture.ts';

// Far enough back that everything is of the past by the clocks of both.
const BEGIN = Math.floor(Date.now() / DAY) * DAY - 60 * DAY + 3 * HOUR;
const CUT = BEGIN + 20 * DAY;
const END = BEGIN + 33 * DAY;

interface Province {
  readonly node: TestNode;
  readonly division: string;
  readonly random: (below: number) => number;
  readonly states: Map<string, State>;
}

let server: TestServer;
let centre: TestCentre;
const provinces: Province[] = [];
const uplinks: Component[] = [];

// Those whose members moved, weigh otherwise, or are charged to others: a day takes as long as a period.
const DAILY = ['lines', 'weighted', 'city'];
const judgedAt = (until: number) => until + 60_000;

/** All that the figures of a node are, by everybody's definition, over some periods. */
async function figuresOf(database: Database, { node, division }: Province, until: number, now: number): Promise<unknown[]> {
  const periods: Span[] = [
    { from: BEGIN, to: until - HOUR },
    { from: BEGIN + 3 * DAY + 1_234_567, to: until - 5 * DAY - 7_654_321 },
    { from: until - 3 * DAY, to: until - HOUR },
  ];
  const figures: unknown[] = [];
  for (const objective of objectivesOf(node.node, division)) {
    for (const { from, to } of periods) {
      const query = { objective, from, to, scope: [''], now };
      const figure = await readFigure(database, query);
      const members = await readMembers(database, query);
      const days = from === BEGIN && DAILY.includes(objective.id) ? (await readDays(database, query)).days : [];
      figures.push({ objective: objective.id, from, to, whole: figure.whole, members, days });
    }
  }
  return figures.map(rounded);
}

/** Fractions to twelve places: members are summed in the order in which a database has them. Everything in milliseconds is whole. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toFixed(12));
  if (Array.isArray(value)) return value.map(rounded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, rounded(one)]));
}

async function reached(until: number): Promise<void> {
  const behind = async () =>
    (await centre.database.query('SELECT node, sequence, refused FROM federation_nodes WHERE observed_all <> $1', [until])).rows;
  await waitFor(async () => (await behind()).length === 0, { what: 'the record of every province at the centre', timeoutMs: 40_000 }).catch(
    async (error: unknown) => {
      throw new Error(JSON.stringify(await behind()), { cause: error });
    },
  );
}

async function connect(): Promise<void> {
  for (const { node, division } of provinces) {
    const address = addresses.get(node.node) ?? (await centre.enrol(node.node, division));
    addresses.set(node.node, address);
    const uplink = await uplinkOf(node, division, address);
    await uplink.start();
    uplinks.push(uplink);
  }
}
const addresses = new Map<string, Awaited<ReturnType<TestCentre['enrol']>>>();

async function cut(): Promise<void> {
  for (const uplink of uplinks.splice(0)) await uplink.stop();
}

beforeAll(async () => {
  server = await startPostgres();
  centre = await startCentre(server);
  for (const [place, id] of ['gd', 'gx'].entries()) {
    const province = {
      node: await startNode(server, id, `cn.${id}`),
      division: `cn.${id}`,
      random: numbersOf(7 + place),
      states: new Map(),
    };
    provinces.push(province);
    const { node, division, random, states } = province;
    await applyProvince(node, division, BEGIN - DAY);
    await live(node, random, { from: BEGIN, to: BEGIN + 12 * DAY }, states);
    await applyProvince(node, division, BEGIN + 12 * DAY, true);
    await live(
      node,
      random,
      { from: BEGIN + 12 * DAY, to: CUT },
      states,
      LOCAL_IDS.filter((local) => local !== 'd'),
    );
    for (let times = 0; times < 4; times++)
      await revise(node, random, { from: BEGIN + times * 2 * DAY, to: BEGIN + (times * 2 + 1) * DAY });
    for (let times = 0; times < 4; times++) await plan(node, random, division, { from: BEGIN, to: CUT });
    for (let times = 0; times < 2; times++) await restate(node, random, division, { from: BEGIN, to: CUT });
    await judge(node, CUT);
  }
  await connect();
}, 120_000);
afterAll(async () => {
  await cut();
  for (const { node } of provinces) await node.stop();
  await centre.stop();
  await server.stop();
});

describe('figures of a province, there and at the centre', () => {
  const same = async (until: number) => {
    for (const province of provinces) {
      const there = await figuresOf(province.node.database, province, until, judgedAt(until));
      const here = await figuresOf(centre.database, province, until, judgedAt(until));
      for (const [place, figure] of there.entries()) expect(here[place]).toEqual(figure);
    }
  };

  test('are the same to the millisecond, whether days are accounted or not', async () => {
    await reached(CUT);
    await same(CUT);
    await account(centre.database, { from: BEGIN, to: CUT }, judgedAt(CUT));
    await same(CUT);
    for (const { node } of provinces) await account(node.database, { from: BEGIN, to: CUT }, judgedAt(CUT));
    await same(CUT);
  }, 180_000);

  test('are unknown at the centre from where the line was cut, and nothing is invented', async () => {
    await cut();
    for (const { node, division, random, states } of provinces) {
      const locals = LOCAL_IDS.filter((local) => local !== 'd');
      await live(node, random, { from: CUT, to: END }, states, locals);
      await revise(node, random, { from: CUT - 5 * DAY, to: CUT - 4 * DAY });
      await plan(node, random, division, { from: CUT - 3 * DAY, to: END });
      for (let times = 0; times < 6; times++) await charge(node, random, division, { from: CUT - 3 * DAY, to: END });
      await judge(node, END);
    }
    await account(centre.database, { from: BEGIN, to: END }, judgedAt(END));
    for (const { node, division } of provinces) {
      const [objective] = objectivesOf(node.node, division);
      if (objective === undefined) throw new TypeError('there is no objective');
      const query = { objective, from: CUT, to: END - HOUR, scope: [''], now: judgedAt(END) };
      const members = await readMembers(centre.database, query);
      expect(members.length).toBeGreaterThan(4);
      for (const { experienced } of members) {
        const { totalMs, unknownMs, excludedMs } = experienced;
        expect({ totalMs, known: totalMs - unknownMs - excludedMs }).toEqual({ totalMs: END - HOUR - CUT, known: 0 });
      }
    }
  }, 180_000);

  test('are the same again after the line is back, revisions of what was known included', async () => {
    await connect();
    await reached(END);
    await same(END);
    await account(centre.database, { from: BEGIN, to: END }, judgedAt(END));
    for (const { node } of provinces) await account(node.database, { from: BEGIN, to: END }, judgedAt(END));
    await same(END);
    for (const { node, division } of provinces) {
      const query = {
        objective: objectivesOf(node.node, division)[0] as never,
        from: CUT,
        to: END - HOUR,
        scope: [''],
        now: judgedAt(END),
      };
      const members = await readMembers(centre.database, query);
      expect(members.some(({ experienced, responsible }) => experienced.downMs > responsible.downMs)).toBe(true);
    }
  }, 180_000);

  test('are the same after it is corrected whom outages are charged to', async () => {
    const charged = async (database: Database, { node }: Province) => {
      const { rows } = await database.query(
        `SELECT n.id, n.charged_party, m.object_id, m.left_at FROM incidents n JOIN incident_members m ON m.incident_id = n.id
         WHERE coalesce(n.home, $1) = $1 ORDER BY n.id, m.object_id`,
        [node.node],
      );
      return JSON.stringify(rows);
    };
    const before = await figuresOf(centre.database, provinces[0] as Province, END, judgedAt(END));
    for (const province of provinces) {
      await recharge(province.node, province.random);
      const there = await charged(province.node.database, province);
      await waitFor(async () => (await charged(centre.database, province)) === there, {
        what: 'the incidents at the centre',
        timeoutMs: 40_000,
      });
    }
    expect(await figuresOf(centre.database, provinces[0] as Province, END, judgedAt(END))).not.toEqual(before);
    await same(END);
    await account(centre.database, { from: BEGIN, to: END }, judgedAt(END));
    for (const { node } of provinces) await account(node.database, { from: BEGIN, to: END }, judgedAt(END));
    await same(END);
  }, 180_000);
});
