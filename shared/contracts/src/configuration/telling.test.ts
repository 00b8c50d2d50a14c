import { describe, expect, it } from 'vitest';
import { DEFAULT_GROUPING, ENTITY_SCHEMAS } from '../entities.ts';
import { body, HEAD, load } from './test-helpers.ts';

const ALL = `${HEAD}devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}}]
calendars: [{id: office, name: O, week: {weekdays: ["08:30-17:30"]}}]
channels:
  - {id: hook, kind: webhook, url: "https://x.cn/", secret: {env: S}, limit: {messages: 5, per: 10s}, ca: {file: /ca.pem}}
  - {id: we, kind: wecom, url: {env: U}, mention: ["@all"], template: short}
  - {id: ding, kind: dingtalk, url: {env: U}, secret: {env: S}, limit: none}
  - {id: fei, kind: feishu, url: {file: /u}, timeout: 3s}
  - {id: sms, kind: gateway, url: "https://sms.cn/", method: PUT, query: "?a", body: "b", headers: {A: b}, secrets: {k: {env: K}}, accepted: "^0", longest: 70, contentType: text/plain}
  - {id: am, kind: alertmanager, url: "http://127.0.0.1:9/", token: {env: T}, allowLocal: true}
templates: [{id: short, zh: {text: 甲}, en: {title: A, markdown: B}}]
contacts:
  - id: me
    name: M
    language: en
    targets: [{channel: we, fallbacks: [{channel: sms, address: " 138 "}, {channel: ding}]}, {channel: am}]
    quiet: {during: ["22:00-07:00", "06:30-08:00", "12:00-13:00"], outside: office, except: [critical, major]}
    accounts: [me, m]
  - {id: you, name: Y, targets: [{channel: hook}]}
rotas:
  - id: noc
    name: N
    nameEn: NOC
    layers: [{contacts: [me, you], from: 2026-01-05}, {id: night, contacts: [you], days: 1, from: 2026-01-01, at: "20:00", calendar: {id: office, when: outside}}]
    overrides: [{contact: you, from: 2026-10-01, to: 2026-10-02T08:30}, {contact: me, from: "2026-10-03T00:00Z", to: "2026-10-03T10:00+08:00"}]
    otherwise: you
    tellHandOver: true
escalations: [{id: up, name: Up, steps: [{after: 15m, contacts: [me]}, {after: 1h, rotas: [noc]}], next: on}, {id: on, steps: [{after: 1d, contacts: [you]}]}]
routes:
  - {id: a, match: {kinds: [outage], calendar: office}, contacts: [me, me], rotas: [noc], escalation: up, final: true, repeat: 2h}
  - {id: b, match: {calendar: {id: office, when: outside, timeZone: UTC}}, contacts: [me], group: {by: [division, class], wait: 30s, skipWait: [], burst: 3, interval: 1m, most: 9}}
  - {id: c, default: true, rotas: [noc]}
clocks: [{severity: critical, respond: 10m, repair: 4h}, {severity: minor, repair: 2d, warnAt: 0.5, calendar: office, timeZone: UTC}]
conditions:
  - {id: slow, name: S, severity: minor, test: {metric: rtt, above: 150ms}, where: {objects: [r1]}, runbook: "https://x.cn/"}
  - {id: lossy, name: L, nameEn: Lossy, severity: major, test: {metric: loss, above: 5%, clear: 0.02}, for: 10m, clearFor: 20m, calendar: {id: office}}
  - {id: gone, name: G, severity: warning, test: {state: unknown}, where: {kinds: [device], classes: [backbone], divisions: [cn.gd]}, for: 0s}
`;

describe('who is told, how and when', () => {
  const loaded = load(ALL);

  it('is read without a fault, into bodies that are what they parse to', () => {
    expect(loaded.faults).toEqual([]);
    for (const { entity, body: one } of loaded.configuration?.entities ?? []) expect(ENTITY_SCHEMAS[entity].parse(one)).toEqual(one);
  });

  it('channels', () => {
    expect(body(loaded, 'channel', 'hook')).toMatchObject({
      limit: { messages: 5, perMs: 10_000 },
      allowLocal: false,
      ca: { file: '/ca.pem' },
      timeoutMs: 10_000,
    });
    expect(body(loaded, 'channel', 'we')).toMatchObject({
      kind: 'wecom',
      url: { env: 'U' },
      mention: ['@all'],
      template: 'short',
      limit: { messages: 20, perMs: 60_000 },
    });
    expect(body(loaded, 'channel', 'ding')).toMatchObject({ kind: 'dingtalk', secret: { env: 'S' }, mention: [], limit: null });
    expect(body(loaded, 'channel', 'fei')).toMatchObject({
      kind: 'feishu',
      secret: null,
      timeoutMs: 3000,
      limit: { messages: 5, perMs: 3000 },
    });
    expect(body(loaded, 'channel', 'sms')).toMatchObject({
      ...{ method: 'PUT', query: '?a', body: 'b', headers: { A: 'b' }, secrets: { k: { env: 'K' } }, accepted: '^0', longest: 70 },
      contentType: 'text/plain',
    });
    expect(body(loaded, 'channel', 'am')).toMatchObject({ kind: 'alertmanager', token: { env: 'T' }, allowLocal: true });
    expect(body(loaded, 'template')).toEqual({
      id: 'short',
      zh: { title: null, text: '甲', markdown: null },
      en: { title: 'A', text: null, markdown: 'B' },
    });
  });

  it('every secret is known with its place, and which of them are addresses', () => {
    const said = loaded.secrets.map(({ place, holds }) => `${place.path}${holds === undefined ? '' : ` ${holds.what}`}`);
    expect(said).toEqual([
      ...[
        'channels[0].secret',
        'channels[0].ca certificates',
        'channels[1].url web-address',
        'channels[2].url web-address',
        'channels[2].secret',
        'channels[3].url web-address',
      ],
      ...['channels[4].secrets.k', 'channels[5].token'],
    ]);
  });

  it('contacts', () => {
    expect(body(loaded, 'contact', 'me')).toEqual({
      ...{ id: 'me', name: 'M', language: 'en', accounts: ['me', 'm'] },
      targets: [
        {
          channel: 'we',
          address: null,
          fallbacks: [
            { channel: 'sms', address: '138' },
            { channel: 'ding', address: null },
          ],
        },
        { channel: 'am', address: null, fallbacks: [] },
      ],
      quiet: {
        during: [
          { from: 0, to: 480 },
          { from: 720, to: 780 },
          { from: 1320, to: 1440 },
        ],
        ...{ outside: 'office', timeZone: 'Asia/Shanghai', except: ['critical', 'major'] },
      },
    });
    expect(body(loaded, 'contact', 'you')).toMatchObject({ language: 'zh', quiet: null, accounts: [] });
  });

  it('rotas, stand-ins in the time zone of the rota or with an offset of their own', () => {
    expect(body(loaded, 'rota')).toEqual({
      ...{ id: 'noc', name: 'N', nameEn: 'NOC', timeZone: 'Asia/Shanghai', otherwise: 'you', tellHandOver: true },
      layers: [
        { id: 'layer-1', contacts: ['me', 'you'], days: 7, from: '2026-01-05', at: 0, calendar: null },
        { id: 'night', contacts: ['you'], days: 1, from: '2026-01-01', at: 1200, calendar: { id: 'office', when: 'outside' } },
      ],
      overrides: [
        { contact: 'you', from: Date.parse('2026-10-01T00:00+08:00'), to: Date.parse('2026-10-02T08:30+08:00') },
        { contact: 'me', from: Date.parse('2026-10-03T00:00Z'), to: Date.parse('2026-10-03T10:00+08:00') },
      ],
    });
  });

  it('escalations and clocks', () => {
    expect(body(loaded, 'escalation', 'up')).toEqual({
      ...{ id: 'up', name: 'Up', next: 'on' },
      steps: [
        { afterMs: 900_000, contacts: ['me'], rotas: [] },
        { afterMs: 3_600_000, contacts: [], rotas: ['noc'] },
      ],
    });
    expect(body(loaded, 'escalation', 'on')).toMatchObject({ name: 'on', next: null });
    expect(body(loaded, 'clock', 'critical')).toEqual({
      id: 'critical',
      respondMs: 600_000,
      repairMs: 14_400_000,
      warnAt: 0.75,
      calendar: null,
    });
    expect(body(loaded, 'clock', 'minor')).toMatchObject({ respondMs: null, warnAt: 0.5, calendar: { id: 'office', timeZone: 'UTC' } });
  });

  it('routes, in the order of the file', () => {
    expect(body(loaded, 'route', 'a')).toMatchObject({
      ...{
        position: 0,
        contacts: ['me'],
        rotas: ['noc'],
        escalation: 'up',
        final: true,
        isDefault: false,
        repeatMs: 7_200_000,
        group: DEFAULT_GROUPING,
      },
      match: { kinds: ['outage'], severities: null, calendar: { id: 'office', when: 'inside', timeZone: 'Asia/Shanghai' } },
    });
    expect(body(loaded, 'route', 'b')).toMatchObject({
      ...{ position: 1, match: { calendar: { id: 'office', when: 'outside', timeZone: 'UTC' } } },
      group: { by: ['division', 'class'], waitMs: 30_000, skipWait: [], burst: 3, intervalMs: 60_000, most: 9 },
    });
    expect(body(loaded, 'route', 'c')).toMatchObject({ isDefault: true, contacts: [], escalation: null, repeatMs: null });
  });

  it('conditions, in the unit of their metric, a tenth back where nothing is said', () => {
    expect(body(loaded, 'condition', 'slow')).toMatchObject({
      ...{
        test: { on: 'samples', metric: 'rtt', side: 'above', raise: 150, clear: 135 },
        forMs: 300_000,
        clearForMs: 300_000,
        calendar: null,
      },
      ...{ where: { kinds: null, objects: ['gd:r1'], classes: null }, runbook: 'https://x.cn/' },
    });
    expect(body(loaded, 'condition', 'lossy')).toMatchObject({
      ...{ nameEn: 'Lossy', test: { raise: 0.05, clear: 0.02 }, forMs: 600_000, clearForMs: 1_200_000 },
      calendar: { id: 'office', when: 'inside', timeZone: 'Asia/Shanghai' },
    });
    expect(body(loaded, 'condition', 'gone')).toMatchObject({
      ...{ test: { on: 'state', state: 'unknown' }, forMs: 0 },
      where: { kinds: ['device'], classes: ['backbone'], divisions: ['cn.gd'], objects: null },
    });
    const below = load(
      `${HEAD}devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}}]\nconditions: [{id: c, name: C, severity: minor, test: {metric: loss, below: 95%}}]\n`,
    );
    expect(body(below, 'condition')?.test).toMatchObject({ side: 'below', raise: 0.95, clear: 1 });
    const restart = load(ALL.replace('test: {state: unknown}', 'test: restart').replace(', for: 0s', ''));
    expect(body(restart, 'condition', 'gone')).toMatchObject({ test: { on: 'restart' }, forMs: 0, clearForMs: 600_000 });
  });
});
