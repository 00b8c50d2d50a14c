import type { Calendar } from '../calendars/calendar.ts';
import { countedSpans } from '../calendars/counted.ts';
import { divisionCovers } from '../inventory.ts';
import type { RoutedEvent } from './event.ts';
import type { Route } from './rules.ts';

/**
 * Why a route does not apply, or `matches`. `after-final`: an earlier one that matched is final. `default-not-needed`: another matched.
 * `by-default`: nothing else matched, or nobody was told by what did.
 */
export type RouteVerdict =
  | 'matches'
  | 'by-default'
  | 'other-severity'
  | 'other-class'
  | 'other-division'
  | 'other-party'
  | 'other-kind'
  | 'outside-calendar'
  | 'inside-calendar'
  | 'after-final'
  | 'default-not-needed';

/** What became of each route, in the order in which they are asked. */
export interface RouteChoice {
  readonly verdicts: readonly { readonly route: string; readonly verdict: RouteVerdict }[];
  /** Those that apply, the default one not counted. */
  readonly matching: readonly Route[];
  /** The first default route whose own criteria hold: for when nobody is told otherwise. */
  readonly fallback: Route | null;
}

/** Whether the criteria of one route hold at `at` (epoch ms). A calendar that is not known keeps nobody from being told. */
export function judgeRoute(route: Route, event: RoutedEvent, calendars: ReadonlyMap<string, Calendar>, at: number): RouteVerdict {
  const { severities, classes, divisions, parties, kinds, calendar } = route.match;
  if (severities && !severities.includes(event.severity)) return 'other-severity';
  if (classes && !classes.includes(event.class)) return 'other-class';
  if (divisions && !divisions.some((scope) => divisionCovers(scope, event.division))) return 'other-division';
  if (parties && (event.party === null || !parties.includes(event.party))) return 'other-party';
  if (kinds && !kinds.includes(event.kind)) return 'other-kind';
  const known = calendar && calendars.get(calendar.id);
  if (calendar && known) {
    const isInside = countedSpans(known, calendar.timeZone, at, at + 1).length > 0;
    if (isInside !== (calendar.when === 'inside')) return isInside ? 'inside-calendar' : 'outside-calendar';
  }
  return 'matches';
}

/** Asks the routes in order: all that match apply, up to the first that is final; the default one is kept for when there is none. */
export function chooseRoutes(
  event: RoutedEvent,
  routes: readonly Route[],
  calendars: ReadonlyMap<string, Calendar>,
  at: number,
): RouteChoice {
  const verdicts: { route: string; verdict: RouteVerdict }[] = [];
  const matching: Route[] = [];
  let fallback: Route | null = null;
  let isEnded = false;
  for (const route of inOrder(routes)) {
    let verdict = judgeRoute(route, event, calendars, at);
    if (verdict === 'matches' && route.isDefault) {
      fallback ??= route;
      verdict = 'default-not-needed';
    } else if (verdict === 'matches' && isEnded) {
      verdict = 'after-final';
    } else if (verdict === 'matches') {
      matching.push(route);
      isEnded = route.final;
    }
    verdicts.push({ route: route.id, verdict });
  }
  return { verdicts, matching, fallback };
}

function inOrder(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
}
