import type { Severity } from '../correlation/severity.ts';
import { divisionCovers, type ObjectClass } from '../inventory.ts';

/** What routes are matched against. */
export interface RoutedEvent {
  readonly severity: Severity;
  readonly class: ObjectClass;
  readonly division: string;
  readonly party: string | null;
}

/** Every criterion that is not null must hold. */
export interface Route {
  readonly id: string;
  readonly match: {
    readonly severities: readonly Severity[] | null;
    readonly classes: readonly ObjectClass[] | null;
    readonly divisions: readonly string[] | null;
    readonly parties: readonly string[] | null;
  };
  readonly contacts: readonly string[];
}

export interface Contact {
  readonly id: string;
  readonly language: 'zh' | 'en';
  readonly targets: readonly { readonly channel: string; readonly address: string | null }[];
}

/** One message to be sent. */
export interface Recipient {
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  readonly language: 'zh' | 'en';
  /** The route that named the contact first. */
  readonly route: string;
}

/** Why a route does not apply, or `matches`. */
export type RouteVerdict = 'matches' | 'other-severity' | 'other-class' | 'other-division' | 'other-party';

export function judgeRoute(route: Route, event: RoutedEvent): RouteVerdict {
  const { severities, classes, divisions, parties } = route.match;
  if (severities && !severities.includes(event.severity)) return 'other-severity';
  if (classes && !classes.includes(event.class)) return 'other-class';
  if (divisions && !divisions.some((scope) => divisionCovers(scope, event.division))) return 'other-division';
  if (parties && (event.party === null || !parties.includes(event.party))) return 'other-party';
  return 'matches';
}

/** All routes that match apply; one message to each contact, channel and address, however many routes name it. */
export function routeEvent(event: RoutedEvent, routes: readonly Route[], contacts: ReadonlyMap<string, Contact>): Recipient[] {
  const recipients = new Map<string, Recipient>();
  for (const route of routes) {
    if (judgeRoute(route, event) !== 'matches') continue;
    for (const id of route.contacts) {
      const contact = contacts.get(id);
      for (const { channel, address } of contact?.targets ?? []) {
        const key = JSON.stringify([id, channel, address]);
        if (contact && !recipients.has(key)) {
          recipients.set(key, { contact: id, channel, address, language: contact.language, route: route.id });
        }
      }
    }
  }
  return [...recipients.values()];
}
