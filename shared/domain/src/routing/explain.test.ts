import { describe, expect, it } from 'vitest';
import { escalationSteps } from './escalate.ts';
import { explainRouting } from './explain.ts';
import { contact, EVENT, GROUP, route, rules, silence } from './routing.fixture.ts';
import type { Escalation, RoutedRota } from './rules.ts';

const NOON = Date.parse('2018-07-02T04:00Z');
const MINUTE = 60_000;

function rota(id: string, contacts: readonly string[], over: Partial<RoutedRota> = {}): RoutedRota {
  const layer = { id: 'week', contacts, days: 7, from: '2018-07-02', at: 0, calendar: null };
  return { id, timeZone: 'Asia/Shanghai', layers: [layer], overrides: [], otherwise: null, tellHandOver: true, ...over };
}
const unmanned = rota('night', ['li'], {
  layers: [{ id: 'gone', contacts: ['li'], days: 7, from: '2018-07-02', at: 0, calendar: { id: 'never', when: 'inside' } }],
});
const never = new Map([['never', { id: 'never', week: [[], [], [], [], [], [], []], dates: [], knownUntil: null }]]);
const byId = <T extends { readonly id: string }>(...list: T[]) => new Map(list.map((one) => [one.id, one]));

describe('explainRouting', () => {
  it('tells each contact once, however many routes name it, by the first that does', () => {
    const routes = [route('a', { contacts: ['noc'] }), route('b', { contacts: ['noc', 'boss'] })];
    const { told, nobody } = explainRouting(EVENT, rules({ routes }), NOON);
    expect(told.map((one) => `${one.contact} ${one.because.route}`)).toEqual(['noc a', 'boss b']);
    expect(nobody).toBe(false);
  });

  it('tells whoever is on duty, and says why not the others of the rota', () => {
    const routes = [route('a', { contacts: [], rotas: ['night'] })];
    const explained = explainRouting(EVENT, rules({ routes, rotas: byId(rota('night', ['li', 'wang'])) }), NOON);
    expect(explained.told.map((one) => [one.contact, one.because.rota, one.because.nobodyOnDuty])).toEqual([['li', 'night', false]]);
    expect(explained.notTold).toContainEqual({ contact: 'wang', why: 'not-on-duty', route: 'a', verdict: null, rota: 'night' });
    expect(explained.notTold).toContainEqual({ contact: 'boss', why: 'not-named', route: null, verdict: null, rota: null });
  });

  it('an override by hand is on duty before the turn', () => {
    const routes = [route('a', { contacts: [], rotas: ['night'] })];
    const overrides = new Map([['night', [{ id: 'o', contact: 'wang', from: NOON - 1, to: NOON + 1 }]]]);
    const { told } = explainRouting(EVENT, rules({ routes, overrides, rotas: byId(rota('night', ['li'])) }), NOON);
    expect(told.map((one) => one.contact)).toEqual(['wang']);
  });

  it('a rota without anyone on duty: whoever stands in is told, and it is said', () => {
    const routes = [route('a', { contacts: [], rotas: ['night'] })];
    const { told } = explainRouting(EVENT, rules({ routes, calendars: never, rotas: byId({ ...unmanned, otherwise: 'boss' }) }), NOON);
    expect(told.map((one) => [one.contact, one.because.rota, one.because.nobodyOnDuty])).toEqual([['boss', 'night', true]]);
  });

  it('a rota without anyone on duty, and nobody stands in: the default route is told, and it is said', () => {
    const routes = [route('a', { contacts: ['noc'], rotas: ['night'] }), route('rest', { isDefault: true, contacts: ['boss'] })];
    const explained = explainRouting(EVENT, rules({ routes, calendars: never, rotas: byId(unmanned) }), NOON);
    expect(explained.told.map((one) => [one.contact, one.because.byDefault, one.because.nobodyOnDuty])).toEqual([
      ['noc', false, false],
      ['boss', true, true],
    ]);
    expect(explained.unmanned).toEqual(['night']);
    expect(explained.routes).toContainEqual({ route: 'rest', verdict: 'by-default' });
  });

  it('a route that matches nothing falls to the default', () => {
    const routes = [route('a', { match: { severities: ['minor'] } }), route('rest', { isDefault: true, contacts: ['boss'] })];
    const explained = explainRouting(EVENT, rules({ routes }), NOON);
    expect(explained.told.map((one) => [one.contact, one.because.byDefault])).toEqual([['boss', true]]);
    expect(explained.notTold).toContainEqual({
      contact: 'noc',
      why: 'route-does-not-apply',
      route: 'a',
      verdict: 'other-severity',
      rota: null,
    });
  });

  it('nobody at all: no route matches and there is no default; or contacts and rotas that are gone', () => {
    expect(explainRouting(EVENT, rules({ routes: [route('a', { match: { kinds: ['condition'] } })] }), NOON).nobody).toBe(true);
    const gone = explainRouting(EVENT, rules({ routes: [route('a', { contacts: ['gone'], rotas: ['lost'] })] }), NOON);
    expect([gone.nobody, gone.unknown]).toEqual([true, ['gone', 'lost']]);
  });

  it('says what withholds a message, and until when; quiet hours of one contact alone', () => {
    const routes = [route('a', { contacts: ['noc', 'boss'] })];
    const quiet = { during: [{ from: 0, to: 1440 }], outside: null, timeZone: 'UTC', except: ['critical' as const] };
    const contacts = byId(contact('noc'), contact('boss', { quiet }));
    const quietly = explainRouting({ ...EVENT, severity: 'minor' }, rules({ routes, contacts }), NOON);
    expect(quietly.told.map((one) => one.withheld?.reason ?? null)).toEqual([null, 'quiet-hours']);
    const silences = [silence({ objects: ['n:a'], startsAt: 0, endsAt: NOON + 5 })];
    const silenced = explainRouting(EVENT, rules({ routes, contacts, silences }), NOON);
    expect(silenced.told.map((one) => [one.withheld?.reason, one.at])).toEqual([
      ['silence', NOON + 5],
      ['silence', NOON + 5],
    ]);
    expect(silenced.nobody).toBe(false);
  });

  it('says of a step of an escalation too what will withhold it by then', () => {
    const up: Escalation = { id: 'up', steps: [5, 20].map((m) => ({ afterMs: m * MINUTE, contacts: ['boss'], rotas: [] })), next: null };
    // From ten minutes past noon of Shanghai.
    const quiet = { during: [{ from: 730, to: 800 }], outside: null, timeZone: 'Asia/Shanghai', except: ['critical' as const] };
    const contacts = byId(contact('noc'), contact('boss', { quiet }));
    const around = rules({ routes: [route('a', { escalation: 'up' })], contacts, escalations: byId(up) });
    const withheld = (severity: 'critical' | 'major') =>
      explainRouting({ ...EVENT, severity }, around, NOON).escalation.map((step) => step.contacts.map((one) => one.withheld));
    expect(withheld('major')).toEqual([[null], [{ reason: 'quiet-hours', id: null, until: NOON + 80 * MINUTE }]]);
    expect(withheld('critical')).toEqual([[null], [null]]);
  });

  it('gathers what people read and never what machines read; a severe one does not wait', () => {
    const both = contact('noc', {
      targets: [
        { channel: 'mail', address: 'noc@example.cn', fallbacks: [] },
        { channel: 'hook', address: null, fallbacks: [] },
        { channel: 'gone', address: null, fallbacks: [] },
      ],
    });
    const routes = [route('a', { group: { ...GROUP, waitMs: 10_000 } })];
    const of = (severity: 'critical' | 'minor') =>
      explainRouting({ ...EVENT, severity }, rules({ routes, contacts: byId(both) }), NOON).told[0];
    expect(of('minor')?.targets.map(({ group }) => group)).toEqual(['["a","noc","mail","noc@example.cn"]', null, null]);
    expect([of('minor')?.at, of('critical')?.at]).toEqual([NOON + 10_000, NOON]);
  });

  it('shows the escalation up the tiers with who will be on duty by then, the repeats and the clocks', () => {
    const tiers: Escalation[] = [
      { id: 'first', steps: [{ afterMs: 10 * MINUTE, contacts: ['boss'], rotas: [] }], next: 'second' },
      { id: 'second', steps: [{ afterMs: 20 * MINUTE, contacts: [], rotas: ['night'] }], next: null },
    ];
    // The turn changes a quarter of an hour after noon.
    const turns = rota('night', ['li', 'wang'], {
      layers: [{ id: 'day', contacts: ['wang', 'li'], days: 1, from: '2018-07-01', at: 735, calendar: null }],
    });
    const routes = [route('a', { escalation: 'first', repeatMs: 5 * MINUTE }), route('b', { escalation: 'first' })];
    const clocks = new Map([['critical' as const, { respondMs: 10 * MINUTE, repairMs: null, warnAt: 0.5, calendar: null }]]);
    const explained = explainRouting(EVENT, rules({ routes, escalations: byId(...tiers), rotas: byId(turns), clocks }), NOON);
    expect(
      explained.escalation.map((step) => [step.stepNumber, step.escalation, step.at - NOON, step.contacts.map((one) => one.contact)]),
    ).toEqual([
      [0, 'first', 10 * MINUTE, ['boss']],
      [1, 'second', 30 * MINUTE, ['li']],
    ]);
    expect(explained.notTold).toContainEqual({
      contact: 'boss',
      why: 'only-when-nobody-acknowledges',
      route: 'a',
      verdict: null,
      rota: null,
    });
    expect(explained.repeats).toEqual([{ route: 'a', everyMs: 5 * MINUTE }]);
    expect(explained.clocks.respond).toEqual({ warnAt: NOON + 5 * MINUTE, dueAt: NOON + 10 * MINUTE });
    expect(explainRouting({ ...EVENT, kind: 'early-warning' }, rules({ routes, clocks }), NOON).clocks.respond).toBeNull();
  });
});

describe('why not the others', () => {
  const steps: Escalation[] = [{ id: 'up', steps: [{ afterMs: MINUTE, contacts: ['boss'], rotas: ['night'] }], next: null }];
  const routes = [route('a', { escalation: 'up' }), route('minor', { contacts: [], match: { severities: ['minor'] }, escalation: 'down' })];
  const down: Escalation = { id: 'down', steps: [{ afterMs: MINUTE, contacts: ['chief'], rotas: [] }], next: null };
  const contacts = byId(...['noc', 'boss', 'li', 'wang', 'chief', 'guest'].map((id) => contact(id)));

  it.each([
    ['boss', 'only-when-nobody-acknowledges', 'a', null],
    ['li', 'only-when-nobody-acknowledges', 'a', null],
    ['wang', 'not-on-duty', 'a', 'night'],
    ['chief', 'route-does-not-apply', 'minor', null],
    ['guest', 'not-named', null, null],
  ])('%s: %s', (id, why, routeId, rotaId) => {
    const rotas = byId(rota('night', ['li', 'wang']));
    const explained = explainRouting(EVENT, rules({ routes, contacts, rotas, escalations: byId(...steps, down) }), NOON);
    const found = explained.notTold.find((one) => one.contact === id);
    expect([found?.why, found?.route, found?.rota]).toEqual([why, routeId, rotaId]);
  });
});

describe('escalationSteps', () => {
  it('a cycle of escalations ends where it would begin again', () => {
    const a: Escalation = { id: 'a', steps: [{ afterMs: 1, contacts: ['noc'], rotas: [] }], next: 'b' };
    const b: Escalation = { id: 'b', steps: [{ afterMs: 2, contacts: ['boss'], rotas: [] }], next: 'a' };
    expect(escalationSteps('a', byId(a, b)).map((step) => [step.escalation, step.stepNumber, step.afterMs])).toEqual([
      ['a', 0, 1],
      ['b', 1, 3],
    ]);
    expect(escalationSteps('gone', byId(a, b))).toEqual([]);
  });
});
