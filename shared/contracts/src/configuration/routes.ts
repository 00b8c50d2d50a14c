/** Routes: which events go to whom; looked at and normalised. */
import { DEFAULT_GROUPING, type Grouping, type RouteBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { GroupingYaml, RouteYaml } from './telling-schema.ts';
import { readWhen } from './when.ts';

/** A route and where it stands; `isSound` false: it has a fault, and what it lacks says nothing. */
export interface ReadRoute {
  readonly item: Item<RouteYaml>;
  readonly body: RouteBody;
  readonly isSound: boolean;
}

export function readRoutes(around: Surroundings, nodeTimeZone: string): ReadRoute[] {
  return whole(around.collected.items.routes).map(({ item, value }, position) => {
    const before = around.faults.length;
    const body = bodyOf(around, item, value, position, nodeTimeZone);
    const { contacts = [], rotas = [], escalation, repeat } = value;
    if (item.whole && contacts.length + rotas.length === 0 && escalation === undefined) complain(around, item, [], TELLS_NOBODY);
    if (repeat === 0) complain(around, item, ['repeat'], NO_PAUSE);
    if (value.default && value.final) complain(around, item, ['final'], FINAL_DEFAULT);
    return { item, body, isSound: item.whole && around.faults.length === before };
  });
}

function complain(around: Surroundings, item: Item<RouteYaml>, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function bodyOf(around: Surroundings, item: Item<RouteYaml>, value: RouteYaml, position: number, nodeTimeZone: string): RouteBody {
  const { references } = around;
  const all = (kind: 'division' | 'party' | 'contact' | 'rota', names: readonly string[] | undefined, path: string[]): string[] => [
    ...new Set((names ?? []).flatMap((name, i) => references.resolve(kind, name, item, [...path, i]) ?? [])),
  ];
  const { severities, classes, divisions, parties, kinds, calendar } = value.match;
  return {
    id: value.id,
    position,
    match: {
      severities: severities ?? null,
      classes: classes ?? null,
      divisions: divisions === undefined ? null : all('division', divisions, ['match', 'divisions']),
      parties: parties === undefined ? null : all('party', parties, ['match', 'parties']),
      kinds: kinds ?? null,
      calendar: readWhen(around, item, calendar, ['match', 'calendar'], nodeTimeZone),
    },
    isDefault: value.default,
    final: value.final,
    contacts: all('contact', value.contacts, ['contacts']),
    rotas: all('rota', value.rotas, ['rotas']),
    escalation: value.escalation === undefined ? null : references.resolve('escalation', value.escalation, item, ['escalation']),
    group: groupingOf(value.group),
    repeatMs: value.repeat ?? null,
  };
}

function groupingOf(group: GroupingYaml | undefined): Grouping {
  const { by, wait, skipWait, burst, interval, most } = group ?? {};
  return {
    by: by === undefined ? DEFAULT_GROUPING.by : [...new Set(by)],
    waitMs: wait ?? DEFAULT_GROUPING.waitMs,
    skipWait: skipWait === undefined ? DEFAULT_GROUPING.skipWait : [...new Set(skipWait)],
    burst: burst ?? DEFAULT_GROUPING.burst,
    intervalMs: interval ?? DEFAULT_GROUPING.intervalMs,
    most: most ?? DEFAULT_GROUPING.most,
  };
}

const TELLS_NOBODY: Complaint = {
  code: 'tells-nobody',
  problem: text('the route tells nobody', '此路由不通知任何人'),
  expected: text('at least one of "contacts", "rotas" and "escalation"', '"contacts"、"rotas"、"escalation" 至少其一'),
  found: null,
};
const NO_PAUSE: Complaint = {
  code: 'bad-duration',
  problem: text('it would be told again without a pause', '将不间断地重复通知'),
  expected: text('a time such as 1h', '如 1h 的时长'),
};
const FINAL_DEFAULT: Complaint = {
  severity: 'warning',
  code: 'final-default',
  problem: text(
    'a default route is only asked when no other matches, so nothing comes after it',
    '默认路由仅在其他路由都不匹配时生效，其后不再有路由',
  ),
  expected: text('"default" without "final"', '只写 "default"，不写 "final"'),
};
