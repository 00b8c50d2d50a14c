import { describe, expect, it } from 'vitest';
import { type Case, expectFault, load, loadWith, people } from './test-helpers.ts';

const options = { now: Date.parse('2026-03-02T00:00:00Z') };

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
