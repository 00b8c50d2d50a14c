/** Whether routes can do what they are there for: held against every event that this configuration can bring about. */
import { judgeRoute, type RoutedEvent, type Severity, severityOf } from '@beacontower/domain';
import type { ConditionBody, ObjectBody, ObjectiveBody, RouteBody } from '../entities.ts';
import { isMeant } from './conditions.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { ReadRoute } from './routes.ts';

/** What incidents can be about. */
export interface Watched {
  readonly objects: readonly ObjectBody[];
  readonly conditions: readonly ConditionBody[];
  readonly objectives: readonly ObjectiveBody[];
}

/** Warns of routes that no event can ever take, and of events that no route takes. */
export function checkRoutes(around: Surroundings, routes: readonly ReadRoute[], watched: Watched): void {
  if (routes.length === 0 || !around.complete || !routes.every(({ isSound }) => isSound)) return;
  const events = possibleEvents(watched);
  if (events.length === 0) return;
  const taken = [...events, ...linkEvents(events)];
  const finals: RouteBody[] = [];
  for (const { item, body } of routes) {
    const complain = (complaint: Complaint) => around.faults.push(item.document.fault(item.path, complaint));
    const own = (body.match.kinds?.includes('link') ? taken : events).filter((event) => matches(body, event));
    const over = finals.filter((final) => own.some((event) => matches(final, event)));
    if (own.length === 0) complain(MATCHES_NOTHING);
    else if (!body.isDefault && own.every((event) => over.some((final) => matches(final, event))))
      complain(shadowed(over.map(({ id }) => id)));
    if (body.final && !body.isDefault && body.match.calendar === null) finals.push(body);
  }
  warnOfUntold(around, routes, events);
}

/** Apart from the calendar: at some time it is inside and at some time outside. */
const matches = (route: RouteBody, event: RoutedEvent): boolean =>
  judgeRoute({ ...route, match: { ...route.match, calendar: null } }, event, new Map(), 0) === 'matches';

function warnOfUntold(around: Surroundings, routes: readonly ReadRoute[], events: readonly RoutedEvent[]): void {
  const always = routes.filter(({ body }) => body.match.calendar === null);
  const untold = events.filter((event) => !always.some(({ body }) => matches(body, event)));
  const [first] = untold;
  const item = routes[0]?.item;
  if (first === undefined || item === undefined) return;
  const sometimes = routes.some(({ body }) => matches(body, first));
  around.faults.push(item.document.fault(item.path.slice(0, 1), noDefault(first, sometimes), 'key'));
}

/** One event of each sort that can come about: what routes tell apart, each combination once. */
function possibleEvents({ objects, conditions, objectives }: Watched): RoutedEvent[] {
  const events = new Map<string, RoutedEvent>();
  const add = (kind: RoutedEvent['kind'], severity: Severity, about: Pick<ObjectBody, 'id' | 'class' | 'division' | 'party'>) => {
    const { class: objectClass, division, party } = about;
    const key = JSON.stringify([kind, severity, objectClass, division, party]);
    if (!events.has(key)) events.set(key, { incident: null, object: about.id, kind, severity, class: objectClass, division, party });
  };
  for (const object of withInterfaces(objects)) {
    if (isTold(object)) {
      for (const kind of ['outage', 'flapping'] as const)
        for (const severity of [severityOf('down', object.class), 'warning'] as const) add(kind, severity, object);
    }
    for (const condition of conditions) if (isMeant(condition.where, object)) add('condition', condition.severity, object);
  }
  for (const objective of objectives) {
    const about = { id: objective.id, class: objective.class ?? ('other' as const), division: objective.division, party: null };
    for (const { severity } of objective.warnings) add('early-warning', severity, about);
  }
  return [...events.values()];
}

/**
 * Nodes that report here are let in while this runs, and stand in no configuration: a route for links may be meant for one of any division. That
 * none is meant for them is no fault of a node that nobody reports to.
 */
function linkEvents(events: readonly RoutedEvent[]): RoutedEvent[] {
  const divisions = [...new Set(events.map(({ division }) => division))];
  const classes = ['backbone', 'other'] as const;
  return divisions.flatMap((division) =>
    classes.map((of) => ({ incident: null, object: 'node/', kind: 'link', severity: 'major', class: of, division, party: null }) as const),
  );
}

/** What is looked at, and is not quiet, can be out. */
const isTold = (object: ObjectBody): boolean => object.quiet !== true && (object.checks.length > 0 || object.combines !== undefined);

/** Of each device that is asked by SNMP, an interface as it will be discovered. */
function withInterfaces(objects: readonly ObjectBody[]): ObjectBody[] {
  return objects.flatMap((object) => {
    const agent = object.checks.find((check) => check.kind === 'snmp');
    if (agent?.kind !== 'snmp') return [object];
    const id = `${object.id}/interface`;
    const check = { id: `${id}/status`, objectId: id, kind: 'interface' as const, device: object.id, ifName: '' };
    const found: ObjectBody = { ...object, id, kind: 'interface', class: 'other', checks: [check], attributes: {} };
    return [object, agent.interfaces.watch.length > 0 ? found : { ...found, quiet: true }];
  });
}

const MATCHES_NOTHING: Complaint = {
  severity: 'warning',
  code: 'route-matches-nothing',
  problem: text(
    'no event that this configuration can bring about matches the route: what it is meant for falls to the other routes and the default one',
    '本配置可能产生的事件均不匹配此路由：其本应处理的事件将由其他路由与默认路由处理',
  ),
  expected: text(
    'criteria that some object meets; severities go by the class: backbone and internet-exit critical, user-access major, other minor, degraded warning',
    '有对象满足的条件；级别由类别决定：backbone、internet-exit 为 critical，user-access 为 major，other 为 minor，降级为 warning',
  ),
  found: null,
};
const shadowed = (by: readonly string[]): Complaint => ({
  severity: 'warning',
  code: 'route-shadowed',
  problem: text(
    `nothing ever comes to this route: everything it matches ends at ${by.map((id) => `"${id}"`).join(', ')}, which is final and stands before it`,
    `此路由永远不会生效：其匹配的事件均止于之前的 final 路由 ${by.map((id) => `"${id}"`).join('、')}`,
  ),
  expected: text('the more exact route first, or no "final" there', '先写条件更具体的路由，或去掉前者的 "final"'),
  found: null,
});
function noDefault(event: RoutedEvent, sometimes: boolean): Complaint {
  const { kind, severity, class: objectClass, division, party } = event;
  const en = `${kind}, ${severity}, class ${objectClass}, division ${division}${party === null ? '' : `, party ${party}`}`;
  return {
    severity: 'warning',
    code: 'no-default-route',
    problem: text(
      `no route takes every event${sometimes ? ' at all times' : ''}, and none is the default one: of some nobody would be told, such as ${en}`,
      `路由未覆盖全部事件${sometimes ? '与全部时间' : ''}，也没有默认路由：部分事件将无人收到通知，例如 ${en}`,
    ),
    expected: text('a route with "default: true" for what no other takes', '一个 "default: true" 的路由，处理其他路由未覆盖的事件'),
    found: null,
  };
}
