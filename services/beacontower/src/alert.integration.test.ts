import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explanationView, type Language, routedEventOf } from '@beacontower/contracts';
import { applyInventory, type Database, insertRotaOverride, insertSilence } from '@beacontower/database';
import { explainRouting } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { alertCommand } from './alert-commands.ts';
import { onCallLines, onCallOf } from './alert-duty.ts';
import { explanationLines } from './alert-explanation.ts';
import { previewOf, previewText } from './alert-preview.ts';
import { type AlertSource, type Question, sourceOfFiles, sourceOfNode } from './alert-source.ts';
import { readConfiguration } from './configuration-commands.ts';

const CONFIGURATION = `
node: { id: gd, name: 广东, division: cn.gd, timeZone: Asia/Shanghai }
zones: [{ id: z, anchors: [127.0.0.1] }]
devices: [{ id: r1, name: R1, class: backbone, addresses: { ipv4: 127.0.0.2 } }]
channels:
  - { id: mail, kind: email, host: localhost, port: 25, tls: none, from: noc@example.org }
  - { id: relay, kind: email, host: localhost, port: 26, tls: none, from: noc@example.org }
  - { id: sms, kind: gateway, url: "https://sms.example.org/send", secrets: { key: { file: SECRET } }, headers: { X-Key: "{{ secrets.key }}" }, body: '{"say":{{ text | json }}}', template: terse }
  - { id: hook, kind: webhook, url: "https://hook.example.org/", secret: { file: SECRET } }
templates: [{ id: terse, en: { text: "no. {{ incident.number }}" } }]
contacts:
  - { id: wang, name: 王工, targets: [{ channel: mail, address: wang@example.org, fallbacks: [{ channel: relay, address: wang@example.org }] }] }
  - { id: li, name: 李工, targets: [{ channel: mail, address: li@example.org }] }
  - { id: chief, name: 主任, targets: [{ channel: mail, address: chief@example.org }], quiet: { during: ["20:10-21:00"] } }
  - { id: desk, name: 前台, targets: [{ channel: mail, address: desk@example.org }] }
rotas:
  - { id: network, name: 网络值班, nameEn: Network, layers: [{ id: weekly, contacts: [wang, li], days: 7, from: 2026-03-02, at: "09:00" }] }
escalations:
  - { id: up, name: 升级, steps: [{ after: 15m, contacts: [chief] }] }
clocks: [{ severity: critical, respond: 10m, repair: 4h, warnAt: 80% }]
routes:
  - { id: serious, match: { severities: [critical, major] }, rotas: [network], escalation: up, repeat: 1h }
  - { id: rest, default: true, contacts: [desk] }
`;
// Tuesday of the first week, 20:00 in Beijing.
const AT = Date.UTC(2026, 2, 3, 12);
const HOUR = 3_600_000;

let postgres: TestDatabase;
let database: Database;
let directory: string;
let file: string;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
  directory = await mkdtemp(join(tmpdir(), 'bt-alert-'));
  file = join(directory, 'node.yaml');
  await writeFile(join(directory, 'secret'), 'a-secret-of-the-tests', { mode: 0o600 });
  await writeFile(file, CONFIGURATION.replaceAll('SECRET', join(directory, 'secret')));
  const { configuration, faults } = await readConfiguration([file]);
  expect(faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  const entities = configuration?.entities ?? [];
  await applyInventory(
    database,
    { entities, origin: 'file', partitions: 8, expectedRetirements: null },
    { now: AT - HOUR, by: 'test', source: null },
  );
});
afterAll(async () => {
  await postgres?.stop();
  await rm(directory, { recursive: true });
});

async function explained(
  source: AlertSource,
  question: Question & { readonly severity?: 'major' },
  language: Language,
  at = AT,
): Promise<string[]> {
  const subject = (await source.subject(question)) ?? null;
  const event = routedEventOf({ ...question }, subject);
  const names = { contacts: source.duties.contacts, channels: source.rules.channels };
  return explanationLines(explanationView(explainRouting(event, source.rules, at), event, at, names), source.timeZone, language);
}

const ENGLISH = [
  'gd:r1: critical outage (backbone, cn.gd), 2026-03-03 20:00 Asia/Shanghai',
  'Routes, in order:',
  '  + serious  applies',
  '  - rest     is the default, and others apply',
  'Told:',
  '  wang 王工: route serious, on duty in network',
  '    mail wang@example.org (email, gathered with others); while that stays down: relay wang@example.org',
  'Told while nobody acknowledges:',
  '  +15 min (2026-03-03 20:15): chief 主任: step 1 of up',
  '  again every 1 h (route serious)',
  'To be answered for by 2026-03-03 20:10, warning at 2026-03-03 20:08',
  'To be repaired by 2026-03-04 00:00, warning at 2026-03-03 23:12',
  'Not told:',
  '  li 李工: not on duty then (route serious, rota network)',
  '  chief 主任: told later, when nobody acknowledges (route serious)',
  '  desk 前台: named only by a route that does not apply (route rest, is the default, and others apply)',
];

describe('alert explain', () => {
  it('says of files and of the node that runs by them the same', async () => {
    expect((await explained(await sourceOfFiles([file], 'en'), { object: 'r1' }, 'en')).sort()).toEqual([...ENGLISH].sort());
    expect((await explained(await sourceOfNode(database, AT), { object: 'gd:r1' }, 'en')).sort()).toEqual([...ENGLISH].sort());
  });

  it('is told in Chinese as well', async () => {
    const lines = await explained(await sourceOfNode(database, AT), { object: 'r1' }, 'zh');
    expect(lines).toContain('  wang 王工：路由 serious、network 值班');
    expect(lines).toContain('  +15 分钟（2026-03-03 20:15）：chief 主任：up 第 1 步');
    expect(lines).toContain('响应时限 2026-03-03 20:10，2026-03-03 20:08 预警');
    expect(lines).toContain('  li 李工：届时不当班（路由 serious、值班表 network）');
  });

  it('says of a later step what will withhold it then', async () => {
    const source = await sourceOfFiles([file], 'en');
    const held = '[quiet hours, until 2026-03-03 21:00]';
    const lines = await explained(source, { object: 'r1', severity: 'major' as const }, 'en');
    expect(lines).toContain(`  +15 min (2026-03-03 20:15): chief 主任 ${held}: step 1 of up`);
    expect(await explained(source, { object: 'r1', severity: 'major' as const }, 'zh')).toContain(
      '  +15 分钟（2026-03-03 20:15）：chief 主任 [免打扰时段、至 2026-03-03 21:00]：up 第 1 步',
    );
  });

  it('knows of silences and of who stands in on a node, and says until when', async () => {
    const silence = { objects: ['gd:r1'], divisions: [], classes: [], parties: [], severities: [], kinds: [], reason: 'x' };
    const id = '11111111-1111-4111-8111-111111111111';
    const later = AT + 30 * 24 * HOUR;
    await insertSilence(database, id, { ...silence, startsAt: later, endsAt: later + HOUR }, 'test', AT);
    const override = { contact: 'desk', startsAt: later, endsAt: later + HOUR, reason: '调休' };
    await insertRotaOverride(database, '22222222-2222-4222-8222-222222222222', 'network', override, 'test', AT);
    const lines = await explained(await sourceOfNode(database, later), { object: 'r1' }, 'en', later);
    expect(lines).toContain('  desk 前台: route serious, on duty in network');
    expect(lines).toContain(`    [silence ${id}, until 2026-04-02 21:00]`);
  });

  it('of an event that is made up, nobody may be told; and that is said first', async () => {
    const source = await sourceOfFiles([file], 'en');
    const rules = { ...source.rules, routes: [] };
    const event = routedEventOf({ class: 'other', division: 'cn' }, null);
    const view = explanationView(explainRouting(event, rules, AT), event, AT, {
      contacts: source.duties.contacts,
      channels: rules.channels,
    });
    expect(view.nobody).toBe(true);
    expect(explanationLines(view, 'UTC', 'en').slice(0, 5)).toEqual([
      'an event: minor outage (other, cn), 2026-03-03 12:00 UTC',
      'Routes, in order:',
      '  there are none',
      'Told:',
      '  NOBODY: no route applies or whom they name is not there, and there is no default route',
    ]);
  });
});

describe('alert on-call', () => {
  it('says who is on duty and who comes next; of a rota that is named, the schedule', async () => {
    const { duties } = await sourceOfNode(database, AT);
    expect(onCallLines(onCallOf(duties, [], AT, AT + HOUR), 'en')).toEqual([
      'network Network (Asia/Shanghai)',
      '  wang 王工: on duty, until 2026-03-09 09:00',
      '  then li 李工 from 2026-03-09 09:00',
    ]);
    expect(onCallLines(onCallOf(duties, ['network'], AT, AT + 7 * 24 * HOUR), 'zh')).toEqual([
      'network 网络值班（Asia/Shanghai）',
      '  wang 王工：值班，至 2026-03-09 09:00',
      '  2026-03-09 09:00 起由 li 李工 接班',
      '    2026-03-03 20:00 – 2026-03-09 09:00  wang 王工（值班、weekly）',
      '    2026-03-09 09:00 – 2026-03-10 20:00  li 李工（值班、weekly）',
    ]);
    expect(onCallLines(onCallOf(duties, ['network'], AT - 7 * 24 * HOUR, AT), 'en').at(-1)).toBe(
      '  NOBODY from 2026-02-24 20:00 to 2026-03-02 09:00',
    );
    expect(() => onCallOf(duties, ['netwrok'], AT, AT + HOUR)).toThrow('there is no rota netwrok; there are: network');
  });
});

describe('alert preview', () => {
  const question = { channel: undefined, template: undefined, step: undefined, kind: undefined, incidents: 1, language: 'en' as const };

  it('words a message as each kind of channel sends it, or as one channel does', async () => {
    const source = await sourceOfNode(database, AT);
    const all = previewText(previewOf(source, question));
    expect(all).toMatch(/^# email\n.*\n\n/);
    expect(all).toMatch(/\n# robot\n/);
    expect(all).toMatch(/\n# gateway\n/);
    const mail = previewText(previewOf(source, { ...question, channel: 'mail', language: 'zh', step: 'resolved' }));
    expect(mail).toContain('恢复');
    expect(mail).not.toContain('# robot');
  });

  it('uses the template of the channel, with its secrets hidden', async () => {
    const source = await sourceOfFiles([file], 'en');
    const text = previewText(previewOf(source, { ...question, channel: 'sms' }));
    expect(text).toBe('POST\nX-Key: ***\n\n{"say":"no. 42"}');
  });

  it.each([
    ['a channel that is not there', { channel: 'pigeon' }, 'there is no channel pigeon; there are: mail, relay, sms, hook'],
    ['a template that is not there', { template: 'none' }, 'there is no template none; there are: terse'],
    ['a template without words in the language', { template: 'terse', language: 'zh' as const }, 'ask with --language en'],
    ['a step that there is not', { step: 'begun' }, '--step "begun": expected opened, '],
    ['a kind that there is not', { kind: 'cut' }, '--kind "cut": expected outage, '],
    ['too many incidents', { incidents: 5_000 }, '--incidents "5000": expected 1 to 1000'],
    ['a channel that machines read', { channel: 'hook' }, 'channel hook is read by a machine'],
  ])('says of %s that it is so', async (_, change, message) => {
    const source = await sourceOfFiles([file], 'en');
    expect(() => previewText(previewOf(source, { ...question, ...change }))).toThrow(message);
  });
});

describe('what was typed wrong is said in one line', () => {
  const config = () => ['--config', file];
  it.each([
    ['no verb', () => ['what'], /expected "alert explain/],
    ['an object that is not there', () => ['explain', '--object', 'r9', ...config()], /there is no object r9/],
    ['an incident of files', () => ['explain', '--incident', '7', ...config()], /files know of no incidents/],
    ['no event', () => ['explain', ...config()], /--class: .*--division: /s],
    ['a class that there is not', () => ['explain', '--class', 'x', '--division', 'cn', ...config()], /--class: .*backbone/],
    ['a time that is none', () => ['explain', '--object', 'r1', '--at', 'soon', ...config()], /--at "soon"/],
    ['too many days', () => ['on-call', '--days', '999', ...config()], /--days "999"/],
    ['a file that is not there', () => ['on-call', '--config', `${file}.no`], /cannot be used/],
  ])('%s', async (_, args, message) => {
    await expect(alertCommand(args())).rejects.toThrow(message);
  });

  it('as JSON it is what the API answers', async () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await alertCommand(['explain', '--object', 'r1', '--at', '2026-03-03T12:00:00Z', '--json', ...config()]);
    const said = write.mock.calls.map(([text]) => String(text)).join('');
    write.mockRestore();
    expect(JSON.parse(said)).toMatchObject({ nobody: false, event: { object: 'gd:r1' }, told: [{ contact: 'wang', name: '王工' }] });
  });
});
