import { describe, expect, it } from 'vitest';
import { type Case, expectFault, load, loadWith, section } from './test-helpers.ts';

const NOW = Date.parse('2026-03-02T00:00:00Z');
const options = { now: NOW };
/** Seven lines, and three of channels and contacts: what is appended begins at line 8. */
const PEOPLE = `${section('channels', '{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}')}  - {id: g, kind: gateway, url: "https://sms.example.cn/", body: x}
contacts: [{id: me, name: M, targets: [{channel: w}]}, {id: you, name: Y, targets: [{channel: g, address: "138"}]}]
`;
const people = (name: string, ...items: string[]) => `${PEOPLE}${name}:\n${items.map((item) => `  - ${item}\n`).join('')}`;
const contact = (rest: string) => section('contacts', `{id: c, name: C, ${rest}}`) + CHANNELS;
const CHANNELS =
  'channels: [{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}, {id: g, kind: gateway, url: "https://sms.example.cn/", body: x}]\n';
const target = 'targets: [{channel: w}]';

describe('a contact with a fault', () => {
  it.each<Case>([
    {
      name: 'a fallback that is not there',
      yaml: contact('targets: [{channel: w, fallbacks: [{channel: sms}]}]'),
      at: 'a.yaml:6 contacts[0].targets[0].fallbacks[0].channel',
      code: 'unknown-reference',
      says: /no channel "sms"/,
    },
    {
      name: 'a fallback to what failed',
      yaml: contact('targets: [{channel: g, address: "138", fallbacks: [{channel: g, address: "138"}]}]'),
      at: 'a.yaml:6 contacts[0].targets[0].fallbacks[0]',
      code: 'fallback-twice',
      says: /just failed/,
    },
    {
      name: 'an address of a webhook',
      yaml: contact('targets: [{channel: w, address: x}]'),
      at: 'a.yaml:6 contacts[0].targets[0].address',
      code: 'address-unused',
      says: /webhook uses no address/,
      warning: true,
    },
    {
      name: 'one target twice',
      yaml: contact('targets: [{channel: w}, {channel: w}]'),
      at: 'a.yaml:6 contacts[0].targets[1]',
      code: 'target-twice',
      says: /told once/,
      warning: true,
    },
    { name: 'quiet never', yaml: contact(`${target}, quiet: {}`), at: 'a.yaml:6 contacts[0].quiet', code: 'quiet-when', says: /"during"/ },
    {
      name: 'quiet always',
      yaml: contact(`${target}, quiet: {during: ["20:00-09:00", "09:00-20:00"], except: []}`),
      at: 'a.yaml:6 contacts[0].quiet.during',
      code: 'always-quiet',
      says: /never be told/,
    },
    {
      name: 'quiet outside of no calendar',
      yaml: contact(`${target}, quiet: {outside: office}`),
      at: 'a.yaml:6 contacts[0].quiet.outside',
      code: 'unknown-reference',
      says: /no calendar "office"/,
    },
    {
      name: 'quiet at no time',
      yaml: contact(`${target}, quiet: {during: ["22-7"]}`),
      at: 'a.yaml:6 contacts[0].quiet.during[0]',
      code: 'bad-span',
      says: /"22:00-07:00"/,
    },
    {
      name: 'an account of two',
      yaml: `${contact(`${target}, accounts: [zhang]`).replace('channels:', '  - {id: d, name: D, targets: [{channel: w}], accounts: [zhang]}\nchannels:')}`,
      at: 'a.yaml:7 contacts[1].accounts[0]',
      code: 'account-twice',
      says: /both are told(.|\n)*a\.yaml:6/,
      warning: true,
    },
  ])('$name', expectFault);
});

describe('an escalation with a fault', () => {
  const route = 'routes: [{id: r, contacts: [me], escalation: a}]\n';
  const step = (rest: string) => `${people('escalations', `{id: a, name: A, ${rest}}`)}${route}`;
  it.each<Case>([
    {
      name: 'a cycle of escalations',
      yaml: `${people('escalations', '{id: a, steps: [{after: 5m, contacts: [me]}], next: b}', '{id: b, steps: [{after: 5m, contacts: [me]}], next: a}')}${route}`,
      at: 'a.yaml:10 escalations[0].next',
      code: 'escalation-cycle',
      says: /a → b → a/,
    },
    {
      name: 'an escalation that goes on to itself',
      yaml: step('steps: [{after: 5m, contacts: [me]}], next: a'),
      at: 'a.yaml:10 escalations[0].next',
      code: 'escalation-cycle',
      says: /a → a/,
    },
    {
      name: 'a step of nobody',
      yaml: step('steps: [{after: 5m}]'),
      at: 'a.yaml:10 escalations[0].steps[0]',
      code: 'tells-nobody',
      says: /nobody/,
    },
    {
      name: 'a step at once',
      yaml: step('steps: [{after: 0m, contacts: [me]}]'),
      at: 'a.yaml:10 escalations[0].steps[0].after',
      code: 'step-order',
      says: /not at once/,
    },
    {
      name: 'a step before the one before',
      yaml: step('steps: [{after: 15m, contacts: [me]}, {after: 10m, contacts: [you]}]'),
      at: 'a.yaml:10 escalations[0].steps[1].after',
      code: 'step-order',
      says: /not later/,
    },
    { name: 'no steps', yaml: step('steps: []'), at: 'a.yaml:10 escalations[0].steps', code: 'too-small', says: /at least 1 in the list/ },
    {
      name: 'an unknown rota',
      yaml: step('steps: [{after: 5m, rotas: [noc]}]'),
      at: 'a.yaml:10 escalations[0].steps[0].rotas[0]',
      code: 'unknown-reference',
      says: /no rota "noc"/,
    },
    {
      name: 'an unknown next',
      yaml: step('steps: [{after: 5m, contacts: [me]}], next: aa'),
      at: 'a.yaml:10 escalations[0].next',
      code: 'unknown-reference',
      says: /did you mean "a"/,
    },
    {
      name: 'that nothing leads to',
      yaml: people('escalations', '{id: a, steps: [{after: 5m, contacts: [me]}]}'),
      at: 'a.yaml:10 escalations[0]',
      code: 'escalation-unused',
      says: /no route/,
      warning: true,
    },
  ])('$name', expectFault);
});

describe('a rota with a fault', () => {
  const office =
    'calendars: [{id: office, name: O, week: {weekdays: ["08:30-17:30"]}}, {id: mornings, name: M, week: {everyday: ["00:00-12:00"]}}]\n';
  const rota = (rest: string) => `${people('rotas', `{id: noc, name: N, ${rest}}`)}${office}`;
  const layer = (rest: string) => `layers: [{contacts: [me, you], from: 2026-01-05${rest}}]`;
  const nobody = { at: 'a.yaml:10 rotas[0]', code: 'nobody-on-duty', options };
  it.each<Case>([
    {
      name: 'nobody is on duty at night',
      yaml: rota(layer(', calendar: office')),
      says: /from 2026-03-02 08:00 to 2026-03-02 08:30 \(and \d+ more times in the next 60 days\)(.|\n)*"otherwise"/,
      ...nobody,
    },
    {
      name: 'nobody is on duty until the first turn',
      yaml: rota(layer('').replace('2026-01-05', '2026-04-01')),
      says: /from 2026-03-02 08:00 to 2026-04-01 00:00\n/,
      ...nobody,
    },
    {
      name: 'nobody is on duty at all',
      yaml: rota(layer('').replace('2026-01-05', '2027-01-01')),
      says: /nobody is on duty at all in the next 60 days/,
      ...nobody,
    },
    {
      name: 'half a day is left out',
      yaml: rota(layer(', calendar: {id: mornings, when: outside}')),
      says: /nobody is on duty from 2026-03-02 08:00 to 2026-03-02 12:00/,
      ...nobody,
    },
    {
      name: 'an unknown contact',
      yaml: rota('layers: [{contacts: [me, zhang], from: 2026-01-05}]'),
      at: 'a.yaml:10 rotas[0].layers[0].contacts[1]',
      code: 'unknown-reference',
      says: /no contact "zhang"/,
      options,
    },
    {
      name: 'an unknown stand-in of nobody',
      yaml: rota(`${layer('')}, otherwise: zhang`),
      at: 'a.yaml:10 rotas[0].otherwise',
      code: 'unknown-reference',
      says: /no contact "zhang"/,
    },
    {
      name: 'a layer behind another',
      yaml: rota('layers: [{id: a, contacts: [me], from: 2026-01-05, calendar: office}, {id: b, contacts: [you], from: 2026-01-01}]'),
      at: 'a.yaml:10 rotas[0].layers[0]',
      code: 'layer-shadowed',
      says: /"b" stands after it/,
      warning: true,
      options,
    },
    {
      name: 'two layers of one name',
      yaml: rota('layers: [{id: a, contacts: [me], from: 2026-01-05}, {id: a, contacts: [you], from: 2026-01-05, calendar: office}]'),
      at: 'a.yaml:10 rotas[0].layers[1].id',
      code: 'duplicate-id',
      says: /used twice in this rota/,
    },
    {
      name: 'a shift that begins at no time',
      yaml: rota(layer(', at: 8')),
      at: 'a.yaml:10 rotas[0].layers[0].at',
      code: 'bad-time',
      says: /"00:00" to "23:59"/,
    },
    {
      name: 'a shift that begins on no day',
      yaml: rota(layer('').replace('01-05', '02-30')),
      at: 'a.yaml:10 rotas[0].layers[0].from',
      code: 'bad-date',
      says: /no such date/,
    },
    {
      name: 'a stand-in that ends before it begins',
      yaml: rota(`${layer('')}, overrides: [{contact: me, from: 2026-03-02, to: 2026-03-01T08:00}]`),
      at: 'a.yaml:10 rotas[0].overrides[0].to',
      code: 'until-before-since',
      says: /ends before it begins/,
    },
    {
      name: 'a stand-in at no moment',
      yaml: rota(`${layer('')}, overrides: [{contact: me, from: 2026-03-02 8 am, to: 2026-03-03}]`),
      at: 'a.yaml:10 rotas[0].overrides[0].from',
      code: 'bad-moment',
      says: /2026-10-01T08:00\+08:00/,
    },
    {
      name: 'stand-ins that overlap',
      yaml: rota(
        `${layer('')}, overrides: [{contact: me, from: 2026-03-02, to: 2026-03-04}, {contact: you, from: 2026-03-03, to: 2026-03-05}]`,
      ),
      at: 'a.yaml:10 rotas[0].overrides[1]',
      code: 'overrides-overlap',
      says: /the later in the list/,
      warning: true,
    },
    {
      name: 'a time zone nobody knows',
      yaml: rota(`${layer('')}, timeZone: Beijing`),
      at: 'a.yaml:10 rotas[0].timeZone',
      code: 'unknown-time-zone',
      says: /did you mean "Asia\/Shanghai"/,
      options,
    },
    {
      name: 'a calendar read in another time zone',
      yaml: rota(layer(', calendar: {id: office, timeZone: UTC}')),
      at: 'a.yaml:10 rotas[0].layers[0].calendar.timeZone',
      code: 'zone-of-rota',
      says: /its own time zone/,
      options,
    },
    {
      name: 'a calendar said in another way',
      yaml: rota(layer(', calendar: [office]')),
      at: 'a.yaml:10 rotas[0].layers[0].calendar',
      code: 'wrong-type',
      says: /\{id: office-hours, when: inside\}/,
    },
  ])('$name', expectFault);

  it.each([
    ['otherwise', rota(`${layer(', calendar: office')}, otherwise: me`)],
    [
      'two layers that make a day',
      rota('layers: [{contacts: [me], from: 2026-01-05}, {contacts: [you], from: 2026-01-05, calendar: office}]'),
    ],
    ['a stand-in', rota(`${layer('').replace('2026-01-05', '2026-04-01')}, overrides: [{contact: me, from: 2026-03-01, to: 2026-04-01}]`)],
    ['all time', rota(layer(', calendar: always'))],
  ])('is none where %s covers the time', (_, yaml) => {
    expect(loadWith(options, yaml).faults).toEqual([]);
  });

  it('is not looked for ahead where nobody says what time it is', () => {
    expect(load(rota(layer(', calendar: office'))).faults).toEqual([]);
  });
});

describe('a clock with a fault', () => {
  const clock = (...items: string[]) => section('clocks', items.join('\n  - '));
  const at = 'a.yaml:6 clocks[0]';
  it.each<Case>([
    {
      name: 'of no severity',
      yaml: clock('{severity: grave, respond: 5m}'),
      at: `${at}.severity`,
      code: 'bad-value',
      says: /one of critical/,
    },
    {
      name: 'a second one of a severity',
      yaml: clock('{severity: major, respond: 5m}', '{severity: major, respond: 9m}'),
      at: 'a.yaml:7 clocks[1].severity',
      code: 'clock-twice',
      says: /a\.yaml:6/,
    },
    { name: 'that measures nothing', yaml: clock('{severity: major}'), at, code: 'clock-without-time', says: /"respond"/ },
    { name: 'of no time', yaml: clock('{severity: major, respond: 0m}'), at: `${at}.respond`, code: 'clock-without-time', says: /no time/ },
    {
      name: 'repaired before answered',
      yaml: clock('{severity: major, respond: 2h, repair: 1h}'),
      at: `${at}.repair`,
      code: 'repair-before-respond',
      says: /before anybody/,
    },
    {
      name: 'warns at the end',
      yaml: clock('{severity: major, respond: 2h, warnAt: 100%}'),
      at: `${at}.warnAt`,
      code: 'bad-share',
      says: /75%/,
    },
    {
      name: 'in a calendar that is not there',
      yaml: clock('{severity: major, respond: 2h, calendar: office}'),
      at: `${at}.calendar`,
      code: 'unknown-reference',
      says: /no calendar "office"/,
    },
  ])('$name', expectFault);
});
