import { describe, it } from 'vitest';
import { type Case, expectFault, people, section } from './test-helpers.ts';

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
