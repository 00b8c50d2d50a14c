import { closePeriod } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FROM,
  NOW,
  ORDER,
  objectBody,
  objectiveBody,
  putEntity,
  putPast,
  putWatermark,
  type ReportingHarness,
  startReportingHarness,
  TO,
} from '../reporting.fixture.ts';
import { buildReport } from './report.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let harness: ReportingHarness;

beforeAll(async () => {
  harness = await startReportingHarness();
  const { database } = harness;
  await putEntity(database, 'node', { id: 'centre', name: '国家节点', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  for (const [id, name, nameEn] of [
    ['cn', '全国', 'China'],
    ['cn.gd', '广东省', 'Guangdong'],
    ['cn.sc', '四川省', 'Sichuan'],
  ] as const)
    await putEntity(database, 'division', { id, name, nameEn, code: null });
  await putEntity(database, 'party', { id: 'province', name: '省中心', nameEn: null, tier: 'province' });
  await putEntity(database, 'party', { id: 'carrier', name: '运营商甲', nameEn: 'Carrier A', tier: 'carrier' });
  await putEntity(database, 'object', objectBody('centre:gd', 'cn.gd'));
  await putEntity(database, 'object', objectBody('centre:sc', 'cn.sc'));
  await putEntity(database, 'object', objectBody('centre:gd-2', 'cn.gd'));
  await putEntity(database, 'objective', objectiveBody('backbone'));
  await putEntity(database, 'objective', objectiveBody('nobody', { class: 'internet-exit', name: '互联网出口可用率' }));
  // A day in January, of which two hours are planned work; an hour over the end of the period; two hours the half-year before.
  await putPast(database, 'centre:gd', [
    [FROM - 10 * DAY, FROM - 10 * DAY + 2 * HOUR],
    [FROM + 10 * DAY, FROM + 11 * DAY],
    [TO - HOUR, TO + HOUR],
  ]);
  await putPast(database, 'centre:sc', []);
  await database.query(
    `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by)
     VALUES (gen_random_uuid(), '升级', '{centre:gd}', '{}', $1, $2, $3, 'tester', $3, 'tester')`,
    [FROM + 10 * DAY, FROM + 10 * DAY + 2 * HOUR, FROM],
  );
  const incident = await database.query<{ id: string }>(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at, resolved_at, cause_category, charged_party)
     VALUES (gen_random_uuid(), 'closed', 'major', 'centre:gd', 'cn.gd', 'province', 'backbone', '中断', $1, $1, $1, $1, $2, '光缆中断', 'carrier') RETURNING id`,
    [FROM + 10 * DAY, FROM + 11 * DAY],
  );
  await database.query(
    "INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at) VALUES ($1, 'centre:gd', 'cause', $2, $3)",
    [incident.rows[0]?.id, FROM + 10 * DAY, FROM + 11 * DAY],
  );
  await putWatermark(database, NOW);
});
afterAll(() => harness?.close());

const build = (order: Partial<typeof ORDER> = {}, now = NOW, steps: string[] = []) =>
  buildReport({
    database: harness.database,
    order: { ...ORDER, ...order },
    id: null,
    by: 'tester',
    version: '1.2.3',
    now,
    tell: async (step) => void steps.push(step),
  });

describe('a report', () => {
  it('adds up: outages, causes and parties to the downtime of the figure, by province to the whole', async () => {
    const steps: string[] = [];
    const model = await build({}, NOW, steps);
    const [empty, backbone] = model.objectives;
    if (!backbone || !empty) throw new Error('two objectives were expected');
    expect(backbone.id).toBe('backbone');
    const down = 22 * HOUR + HOUR;
    expect(backbone.experienced.downMs).toBe(down);
    expect(backbone.outages.total).toBe(2);
    expect(backbone.outages.items[0]).toMatchObject({
      object: { id: 'centre:gd' },
      countedMs: 22 * HOUR,
      cause: { id: 'fibre-cut', name: { zh: '光缆中断', en: 'fibre cut' } },
      party: { id: 'carrier', name: { zh: '运营商甲', en: 'Carrier A' } },
      incident: 1,
      ongoing: false,
    });
    expect(backbone.outages.items[1]).toMatchObject({ to: TO, ongoing: true, cause: null, party: { id: 'province' } });
    expect(backbone.causes.reduce((sum, cause) => sum + cause.downMs, 0)).toBe(down);
    expect(backbone.parties.reduce((sum, party) => sum + party.downMs, 0)).toBe(down);
    expect(backbone.responsible.downMs).toBe(HOUR);
    const whole = TO - FROM;
    const gd = (whole - 2 * HOUR - down) / (whole - 2 * HOUR);
    expect(backbone.divisions.map(({ division, figure }) => [division.id, figure.availability, figure.unobserved])).toEqual([
      ['cn.gd', gd, 1],
      ['cn.sc', 1, 0],
    ]);
    expect(backbone.figure.availability).toBeCloseTo((gd + 1) / 2, 12);
    expect(backbone.divisions[0]?.difference).toBeCloseTo(gd - (184 * DAY - 2 * HOUR) / (184 * DAY), 12);
    expect(backbone.worst).toMatchObject({ total: 1, items: [{ object: { id: 'centre:gd' }, outages: 2, longestMs: 22 * HOUR }] });
    expect(backbone.unknown).toMatchObject({ total: 1, items: [{ object: { id: 'centre:gd-2' }, completeness: 0 }] });
    expect(backbone.series.map(({ label }) => label)).toEqual(['2018-01', '2018-02', '2018-03', '2018-04', '2018-05', '2018-06']);
    expect(backbone.series.reduce((sum, { figure }) => sum + figure.downMs, 0)).toBe(down);
    expect(backbone.figure.verdict).toBe('missed');
    expect(model.plannedWork).toMatchObject({ total: 1, items: [{ title: '升级', excluded: true, covers: { total: 1 } }] });
    expect(model.state).toBe('ended');
    expect(steps.length).toBeGreaterThan(4);
  });

  it('of an objective without members says so, and gives no figure', async () => {
    const [empty] = (await build({ objectives: ['nobody'] })).objectives;
    expect(empty).toMatchObject({ figure: { availability: null, members: 0, verdict: 'undecided' }, budget: null, outages: { total: 0 } });
    expect(empty?.remarks[0]?.en).toContain('No object belonged');
  });

  it('in which nothing was observed has no availability, and does not say 100%', async () => {
    const model = await build({ division: 'cn.sc', from: FROM - 720 * DAY, to: FROM - 700 * DAY, label: null });
    expect(model.objectives.every(({ figure }) => figure.availability === null)).toBe(true);
    expect(model.summary.zh).toContain('无观测数据');
  });

  it('of an empty selection says so', async () => {
    const model = await build({ division: 'xx' });
    expect(model).toMatchObject({ objectives: [], remarks: [{ zh: expect.stringContaining('没有可用率目标') }] });
    expect(model.summary.zh).toBe('2018年上半年,没有可统计的可用率目标');
  });

  it('of a division counts its objects only, and says that the objective reaches further', async () => {
    const [, backbone] = (await build({ division: 'cn.sc' })).objectives;
    expect(backbone).toMatchObject({ figure: { availability: 1, members: 1 }, subject: { zh: '中央广域骨干网' } });
    expect(backbone?.remarks[0]?.zh).toContain('四川省');
  });

  it('of a running period goes up to now, and says so on its face', async () => {
    const now = FROM + 20 * DAY;
    const model = await build({}, now);
    expect(model).toMatchObject({ state: 'running', remarks: [{ en: expect.stringContaining('not final') }] });
    expect(model.asOf).toBeLessThanOrEqual(now);
    expect(model.objectives[1]?.series.map(({ label }) => label)).toEqual(['2018-01']);
  });

  // Last: it changes what is known of the past.
  it('of a closed period shows the closed version, and what was revised since and why', async () => {
    const { database } = harness;
    const signer = { publicKey: 'key of a test', sign: () => 'signature of a test' };
    const close = (reason: string, now: number) =>
      closePeriod(database, { objective: objectiveBody('backbone'), from: FROM, to: TO, reason, closedBy: 'assessor', signer, now });
    await close('five days after its end', NOW);
    const live = (await build({ objectives: ['backbone'] })).objectives[0];
    expect(live?.status).toMatchObject({ kind: 'closed', version: 1, closedBy: 'assessor' });
    await putPast(database, 'centre:gd-2', [[FROM + DAY, FROM + 2 * DAY]]);
    const frozen = (await build({ objectives: ['backbone'] }, NOW + DAY)).objectives[0];
    expect(frozen?.figure).toEqual(live?.figure);
    await close('a province came back', NOW + 2 * DAY);
    const revised = await build({ objectives: ['backbone'] }, NOW + 3 * DAY);
    expect(revised.objectives[0]?.status).toMatchObject({ kind: 'closed', version: 2 });
    expect(revised.objectives[0]?.figure.unobserved).toBe(0);
    expect(revised.revisions).toEqual([
      expect.objectContaining({
        version: 2,
        reason: 'a province came back',
        before: live?.figure.availability,
        after: revised.objectives[0]?.figure.availability,
      }),
    ]);
    const other = await build({ objectives: ['backbone'], division: 'cn.gd' }, NOW + 3 * DAY);
    expect(other.revisions).toEqual([expect.objectContaining({ after: other.objectives[0]?.figure.availability })]);
    const province = await build({ objectives: ['backbone'], division: 'cn.sc' }, NOW + 3 * DAY);
    expect(province.revisions, 'nothing of this province was revised').toEqual([]);
    const ofProvince = province.objectives[0];
    expect(ofProvince).toMatchObject({ status: { kind: 'closed' }, figure: { availability: 1, members: 1 } });
  });

  it('names in the report of a province no object of another', async () => {
    const { database } = harness;
    await database.query(
      `INSERT INTO reclassifications (id, effect, objects, divisions, starts_at, ends_at, reason, recorded_at, recorded_by)
       VALUES (gen_random_uuid(), 'exclude', '{centre:gd,centre:sc}', '{}', $1, $2, 'of two', $3, 'tester'),
              (gen_random_uuid(), 'exclude', '{centre:sc}', '{}', $1, $2, 'of Sichuan', $3, 'tester')`,
      [FROM + 40 * DAY, FROM + 40 * DAY + HOUR, NOW],
    );
    const { reclassifications } = await build({ objectives: ['backbone'], division: 'cn.gd' });
    expect(reclassifications.items.map(({ reason, covers }) => [reason, covers.items.map(({ id }) => id)])).toEqual([
      ['of two', ['centre:gd']],
    ]);
  });
});
