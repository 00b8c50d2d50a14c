import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Database, readCurrentEntities } from '@beacontower/database';
import { createSealer } from '@beacontower/runtime';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CommandIo, configApply, configCheck, configPlan } from './configuration-commands.ts';

const PROVINCE = fileURLToPath(new URL('../../../config/examples/province/', import.meta.url));
let postgres: TestDatabase;
let database: Database;
let directory: string;
let at = 1000;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
  directory = await mkdtemp(join(tmpdir(), 'bt-figures-'));
});
afterAll(async () => {
  await postgres.stop();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await database.query('TRUNCATE node_identity, inventory, checks, log');
  await database.query('UPDATE inventory_version SET version = 0, applied_at = 0');
});

const sealer = () => createSealer(new Uint8Array(32).fill(7));
const untold = async () => {};

async function said(work: (io: CommandIo) => Promise<number>): Promise<{ code: number; text: string }> {
  const pieces: string[] = [];
  const code = await work({ out: (piece) => pieces.push(piece), colour: false, language: 'en', json: false });
  return { code, text: pieces.join('') };
}
const apply = (...paths: string[]) => said((io) => configApply(paths, io, database, { now: at++, by: 'tester', sealer }, untold));
const plan = (...paths: string[]) => said((io) => configPlan(paths, io, database, { sealer }));
const write = async (name: string, yaml: string) => {
  const path = join(directory, name);
  await writeFile(path, yaml);
  return path;
};

describe('the province example', () => {
  it('is applied with all that its figures rest on, once', async () => {
    const first = await apply(PROVINCE);
    expect(first.code).toBe(0);
    const [calendar] = await readCurrentEntities(database, 'calendar');
    expect(calendar).toMatchObject({ id: 'office-hours', knownUntil: '2026-12-31' });
    expect(calendar?.dates.filter(({ date }) => date.startsWith('2026-10-0')).map(({ name }) => name)).toEqual(Array(7).fill('国庆节'));
    expect(await readCurrentEntities(database, 'objective')).toHaveLength(7);
    expect((await readCurrentEntities(database, 'connection')).map(({ id, since }) => `${id} ${since}`)).toContain('440100 2011-06-01');
    for (const entity of ['unit', 'application', 'tally', 'report-schedule'] as const) {
      expect((await readCurrentEntities(database, entity)).length).toBeGreaterThan(0);
    }
    expect((await apply(PROVINCE)).text).toContain('Nothing to do');
  });
});

describe('plan', () => {
  const base = (dates: string) => `node: {id: gd, name: 广东, division: cn.gd}
zones: [{id: z, anchors: [127.0.0.1]}]
devices: [{id: r1, name: R1, addresses: {ipv4: 127.0.0.2}}]
calendars: [{id: office, name: 工作时间, week: {weekdays: ["08:30-17:30"]}, holidays: own${dates}}]
`;
  const list = (until: string, more = '') =>
    `holidays: [{id: own, name: O, knownUntil: ${until}, notices: [{source: A, off: {元旦: [2026-01-01]}${more}}]}]\n`;
  const objective = (rest: string) => `objectives: [{id: o, name: O, class: backbone, period: month, ${rest}}]\n`;

  it('shows what a changed list of holidays changes, date by date', async () => {
    const path = await write('a.yaml', base('') + list('2099-12-31'));
    expect((await apply(path)).code).toBe(0);
    await write(
      'a.yaml',
      `${base(', dates: [{date: 2026-01-01, as: monday, name: 值守}]')}${list('2098-12-31', ', work: {元旦: [2026-01-04]}')}`,
    );
    const { code, text } = await plan(path);
    expect(code).toBe(0);
    expect(text).toContain('~ calendar office\n');
    expect(text).toContain('    dates[2026-01-01]: off 元旦 → 08:30-17:30 值守\n');
    expect(text).toContain('    dates[2026-01-04]: — → 08:30-17:30 元旦\n');
    expect(text).toContain('    knownUntil: "2099-12-31" → "2098-12-31"\n');
  });

  it('shows targets, closing and warnings as they are written', async () => {
    const path = await write('a.yaml', base('') + list('2099-12-31') + objective('target: 99.9%'));
    expect((await apply(path)).code).toBe(0);
    await write(
      'a.yaml',
      base('') + list('2099-12-31') + objective('target: 99.97%, close: {after: 36h}, warnings: default, calendar: office'),
    );
    const { text } = await plan(path);
    expect(text).toContain('    target: 99.9% → 99.97%\n');
    expect(text).toContain('    closeAfterMs: 5d → 36h\n');
    expect(text).toContain('    warnings: none → critical 1h/5m × 14.4, major 6h/30m × 6, warning 3d/6h × 1\n');
    expect(text).toContain('    calendar: "always" → "office"\n');
  });
});

describe('config check', () => {
  it('names what is wrong with a calendar, wherever it is started from', async () => {
    const path = await write(
      'bad.yaml',
      'node: {id: gd, name: 广东, division: cn.gd}\ncalendars: [{id: c, name: C, week: {monday: ["08:30-25:00"]}, holidays: cn}]\n',
    );
    const before = process.cwd();
    process.chdir(directory);
    try {
      const { code, text } = await said((io) => configCheck([path], io));
      expect(code).toBe(1);
      expect(text).toContain(':2:46 error: calendars[0].week.monday[0]: there is no such time of day');
      expect(text).not.toContain('no list of holidays');
    } finally {
      process.chdir(before);
    }
  });
});
