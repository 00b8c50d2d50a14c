import { describe, expect, it } from 'vitest';
import { type Case, expectFault, HEAD, load } from './test-helpers.ts';

/** A router that is asked by SNMP, a line that is pinged, a site that is neither; five lines. */
const HERE = `${HEAD}devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}, snmp: c}]
accessLines: [{id: a1, name: A1, unit: U, addresses: {ipv4: 192.0.2.2}}]
credentials: [{id: c, version: 3, user: u, auth: {protocol: sha256, key: {env: K}}}]
`;
const conditions = (rest: string) => `${HERE}conditions:\n  - {id: c, name: C, severity: minor, ${rest}}\n`;
const at = (path: string) => `a.yaml:7 conditions[0]${path}`;
const busy = 'test: {metric: utilisation, above: 80%';

describe('a condition with a fault', () => {
  it.each<Case>([
    {
      name: 'over before it begins',
      yaml: conditions(`${busy}, clear: 90%}`),
      at: at('.test.clear'),
      code: 'hysteresis',
      says: /"clear" is higher than "above"/,
    },
    {
      name: 'over before it begins, below',
      yaml: conditions('test: {metric: utilisation, below: 10%, clear: 5%}'),
      at: at('.test.clear'),
      code: 'hysteresis',
      says: /"clear" is lower than "below"/,
    },
    {
      name: 'on neither side',
      yaml: conditions('test: {metric: loss}'),
      at: at('.test'),
      code: 'above-or-below',
      says: /either "above" or "below"/,
    },
    {
      name: 'on both sides',
      yaml: conditions('test: {metric: loss, above: 5%, below: 1%}'),
      at: at('.test'),
      code: 'above-or-below',
      says: /either/,
    },
    {
      name: 'a share of a time',
      yaml: conditions('test: {metric: rtt, above: 80%}'),
      at: at('.test.above'),
      code: 'bad-limit',
      says: /"150ms"/,
    },
    {
      name: 'a time without its unit',
      yaml: conditions('test: {metric: rtt, above: 150}'),
      at: at('.test.above'),
      code: 'bad-limit',
      says: /with its unit/,
    },
    {
      name: 'a time of a share',
      yaml: conditions('test: {metric: loss, above: 5ms}'),
      at: at('.test.above'),
      code: 'bad-limit',
      says: /from 0 to 1/,
    },
    {
      name: 'more than all',
      yaml: conditions('test: {metric: utilisation, above: 80}'),
      at: at('.test.above'),
      code: 'bad-limit',
      says: /found: 80/,
    },
    {
      name: 'always',
      yaml: conditions('test: {metric: loss, above: 0%}'),
      at: at('.test.above'),
      code: 'always-holds',
      says: /always holds, or never/,
    },
    {
      name: 'an unknown metric',
      yaml: conditions('test: {metric: cpu, above: 80%}'),
      at: at('.test.metric'),
      code: 'bad-value',
      says: /utilisation, errors, discards/,
    },
    {
      name: 'an unknown state',
      yaml: conditions('test: {state: broken}'),
      at: at('.test.state'),
      code: 'bad-value',
      says: /down, degraded, unknown/,
    },
    { name: 'an unknown test', yaml: conditions('test: reboot'), at: at('.test'), code: 'wrong-type', says: /restart, \{state: down\}/ },
    {
      name: 'a restart that lasts',
      yaml: conditions('test: restart, for: 5m'),
      at: at('.for'),
      code: 'restart-has-no-for',
      says: /a moment/,
      warning: true,
    },
    {
      name: 'a restart over at once',
      yaml: conditions('test: restart, clearFor: 0m'),
      at: at('.clearFor'),
      code: 'restart-over-at-once',
      says: /10m/,
    },
    {
      name: 'counters of a device',
      yaml: conditions(`where: {kinds: [device]}, ${busy}}`),
      at: at('.where.kinds'),
      code: 'condition-without-objects',
      says: /only interfaces have this/,
      warning: true,
    },
    {
      name: 'restarts of what has no agent',
      yaml: conditions('where: {kinds: [access-line]}, test: restart'),
      at: at(''),
      code: 'condition-without-objects',
      says: /never holds/,
      warning: true,
    },
    {
      name: 'of a class nobody has',
      yaml: conditions('where: {classes: [internet-exit]}, test: {metric: loss, above: 5%}'),
      at: at(''),
      code: 'condition-without-objects',
      says: /never holds/,
      warning: true,
    },
    {
      name: 'of an object that is not there',
      yaml: conditions('where: {objects: [a2]}, test: {state: down}'),
      at: at('.where.objects[0]'),
      code: 'unknown-reference',
      says: /no object "a2"/,
    },
    {
      name: 'in a calendar that is not there',
      yaml: conditions(`${busy}}, calendar: {id: office, when: outside}`),
      at: at('.calendar.id'),
      code: 'unknown-reference',
      says: /no calendar "office"/,
    },
    { name: 'for no time that is one', yaml: conditions(`${busy}}, for: 5`), at: at('.for'), code: 'bad-duration', says: /no unit/ },
    { name: 'without a test', yaml: conditions('for: 5m'), at: at('.test'), code: 'missing-key', says: /"test" is missing/ },
  ])('$name', expectFault);
});

it.each([
  ['interfaces of a device that is asked', conditions(`${busy}}`)],
  ['interfaces, said so', conditions('where: {kinds: [interface]}, test: {state: down}')],
  ['what is pinged', conditions('where: {classes: [user-access]}, test: {metric: jitter, above: 20ms}')],
  ['agents', conditions('test: restart')],
  ['a single object', conditions('where: {objects: [a1]}, test: {state: degraded}, for: 0s')],
])('a condition about %s has no fault', (_, yaml) => {
  expect(load(yaml).faults).toEqual([]);
});
