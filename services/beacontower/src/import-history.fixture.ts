/** For the tests of imports: a node with a little inventory on a real PostgreSQL, and its figures. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration, ObjectiveBody } from '@beacontower/contracts';
import { applyInventory, type Database, readFigure } from '@beacontower/database';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { importInventoryFile, importOutagesFile, type OutageSettings } from './import-history.ts';
import { coversOf } from './import-settings.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const FROM = Date.parse('2018-01-01T00:00:00+08:00');
export const TO = Date.parse('2018-01-11T00:00:00+08:00');
export const APPLIED = Date.parse('2026-01-01T00:00:00+08:00');
export const NOW = APPLIED + DAY;
const OUTAGES = 'object,from,to,state,cause_category,charged_party,cause_object,incident,planned,note,edge_seconds';

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** An objective of the two devices. */
export const objective = (more: Partial<ObjectiveBody> = {}): ObjectiveBody =>
  ObjectiveBody.parse({
    id: 'o',
    name: 'o',
    nameEn: null,
    class: 'backbone',
    objects: ['gd:a', 'gd:b'],
    division: 'cn.gd',
    target: 0.999,
    aggregate: 'mean',
    period: 'half-year',
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    ...more,
  });
/** Starts the node once for a test file, and makes it new for every test. */
export function useImportStand() {
  let server: TestDatabase;
  let db: Database;
  let directory: string;

  beforeAll(async () => {
    server = await startDatabase();
    ({ database: db } = server);
    directory = await mkdtemp(join(tmpdir(), 'bt-import-'));
  });
  afterAll(async () => {
    await server.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    await db.query(
      `TRUNCATE node_identity, inventory, checks, log, transitions, current_states, partition_states, maintenance, incidents, incident_members,
     incident_events, imports, deliveries, object_keys, accounting_months, accounting_days, accounting_schemes RESTART IDENTITY CASCADE`,
    );
    await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
    const yaml = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
parties: [{id: centre, name: 中心, tier: national}, {id: carrier, name: 运营商, tier: carrier}]
defaults: {party: centre}
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}}
accessLines:
  - {id: line, name: L, unit: 单位, addresses: {ipv4: 192.0.2.3}}
circuits:
  - {id: both, name: 组合, combines: {any: [a, b]}}
`;
    const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
    if (configuration === null) throw new Error(JSON.stringify(faults));
    await applyInventory(
      db,
      { entities: configuration.entities, origin: 'file', partitions: 1 },
      { now: APPLIED, by: 'test', source: 'test' },
    );
  });

  async function run(
    kind: 'inventory' | 'outages',
    content: string | Uint8Array,
    more: Partial<OutageSettings> & { json?: boolean; language?: 'zh' | 'en' } = {},
  ): Promise<Said> {
    const { json = false, language = 'en', ...settings } = more;
    const path = join(directory, `${kind}.csv`);
    await writeFile(path, content);
    const pieces: string[] = [];
    const io = { out: (piece: string) => void pieces.push(piece), colour: false, language, json };
    const all: OutageSettings = {
      now: NOW,
      by: 'li',
      source: 'test',
      dryRun: false,
      timeZone: 'Asia/Shanghai',
      stretch: { from: FROM, to: TO },
      covers: coversOf(),
      edgeMs: 0,
      resolutionMs: 0,
      ...settings,
    };
    const code = kind === 'inventory' ? await importInventoryFile(path, io, db, all) : await importOutagesFile(path, io, db, all);
    return { code, text: pieces.join('') };
  }

  const past = (rows = ['a,2017-01-01', 'b,2017-01-01', 'line,2018-01-06', 'both,2017-01-01']) =>
    run('inventory', `id,from\n${rows.join('\n')}\n`);
  const outages = (rows: readonly string[], more?: Parameters<typeof run>[2]) => run('outages', `${OUTAGES}\n${rows.join('\n')}\n`, more);
  const tables = [
    'inventory',
    'transitions',
    'incidents',
    'incident_members',
    'maintenance',
    'imports',
    'current_states',
    'audit',
    'log',
    'deliveries',
  ];
  const counts = async () =>
    Object.fromEntries(
      await Promise.all(tables.map(async (table) => [table, (await db.query(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n] as const)),
    );
  const transitions = async (id: string) =>
    (
      await db.query('SELECT from_state, to_state, at, earliest, latest, reason FROM transitions WHERE subject = $1 ORDER BY id', [id])
    ).rows.map((row) => [row.from_state, row.to_state, (row.at - FROM) / HOUR, row.latest - row.earliest, row.reason]);

  const figure = async (of: ObjectiveBody = objective(), from = FROM, to = TO) =>
    (await readFigure(db, { objective: of, from, to, scope: [''], now: NOW })).whole;
  return {
    get db() {
      return db;
    },
    run,
    past,
    outages,
    counts,
    transitions,
    figure,
  };
}
