/** Small rules for the tests of routing. */
import type { RoutedEvent } from './event.ts';
import type { Contact, Route, RoutingRules } from './rules.ts';
import type { Silence } from './withhold.ts';

export const EVENT: RoutedEvent = {
  incident: 'i1',
  object: 'n:a',
  kind: 'outage',
  severity: 'critical',
  class: 'backbone',
  division: 'cn.gd.guangzhou',
  party: 'gd',
};

export const EVERYTHING: Route['match'] = { severities: null, classes: null, divisions: null, parties: null, kinds: null, calendar: null };

export const GROUP = { by: [], waitMs: 0, skipWait: ['critical'], burst: 3, intervalMs: 30_000, most: 50 } as const;

let position = 0;
export function route(id: string, over: Partial<Omit<Route, 'match'>> & { readonly match?: Partial<Route['match']> } = {}): Route {
  const { match, ...rest } = over;
  const plain = { isDefault: false, final: false, contacts: ['noc'], rotas: [], escalation: null, group: GROUP, repeatMs: null };
  return { id, position: position++, ...plain, ...rest, match: { ...EVERYTHING, ...match } };
}

export function contact(id: string, over: Partial<Contact> = {}): Contact {
  return {
    id,
    language: 'zh',
    targets: [{ channel: 'mail', address: `${id}@example.cn`, fallbacks: [] }],
    quiet: null,
    accounts: [],
    ...over,
  };
}

export function rules(over: Partial<RoutingRules> & { readonly routes: readonly Route[] }): RoutingRules {
  const contacts = new Map(['noc', 'boss', 'li', 'wang'].map((id) => [id, contact(id)]));
  return {
    contacts,
    rotas: new Map(),
    escalations: new Map(),
    calendars: new Map(),
    overrides: new Map(),
    clocks: new Map(),
    silences: [],
    maintenance: [],
    flapping: new Map(),
    channels: new Map([
      ['mail', { kind: 'email', groups: true }],
      ['hook', { kind: 'webhook', groups: false }],
    ]),
    ...over,
  };
}

export function silence(over: Partial<Silence> = {}): Silence {
  const empty = { objects: [], divisions: [], severities: [], classes: [], parties: [], kinds: [] };
  return { id: 's', ...empty, startsAt: 100, endsAt: 200, endedAt: null, ...over };
}
