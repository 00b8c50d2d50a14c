import type { Calendar, LocalSpan } from '../calendars/calendar.ts';
import type { ClockRules } from '../clocks/clock.ts';
import type { Severity } from '../correlation/severity.ts';
import type { ObjectClass } from '../inventory.ts';
import type { Rota, RotaOverride } from '../rotas/rota.ts';
import type { RoutedKind } from './event.ts';
import type { MaintenanceWindow, Silence } from './withhold.ts';

/** How messages of one route to one target are gathered; `Grouping` of the contracts. */
export interface Grouping {
  /** One group for each value of these; empty: one for the route. */
  readonly by: readonly ('division' | 'class' | 'party' | 'severity' | 'kind')[];
  /** The first message of a quiet group waits so long for others, ms; those of `skipWait` do not. */
  readonly waitMs: number;
  readonly skipWait: readonly Severity[];
  /** So many messages may go one after the other, then one in each `intervalMs`. */
  readonly burst: number;
  readonly intervalMs: number;
  /** Incidents that one message names at most. */
  readonly most: number;
}

/** Every criterion that is not null must hold; `RouteBody` of the contracts parses to it. */
export interface Route {
  readonly id: string;
  readonly position: number;
  readonly match: {
    readonly severities: readonly Severity[] | null;
    readonly classes: readonly ObjectClass[] | null;
    readonly divisions: readonly string[] | null;
    readonly parties: readonly string[] | null;
    readonly kinds: readonly RoutedKind[] | null;
    readonly calendar: { readonly id: string; readonly when: 'inside' | 'outside'; readonly timeZone: string } | null;
  };
  readonly isDefault: boolean;
  readonly final: boolean;
  readonly contacts: readonly string[];
  readonly rotas: readonly string[];
  readonly escalation: string | null;
  readonly group: Grouping;
  readonly repeatMs: number | null;
}

/** Where a message goes; the address is null where the channel has none. */
export interface Place {
  readonly channel: string;
  readonly address: string | null;
}

/** When nothing but the severities in `except` is sent: every day in `during`, and outside the calendar `outside`. */
export interface QuietHours {
  readonly during: readonly LocalSpan[];
  readonly outside: string | null;
  readonly timeZone: string;
  readonly except: readonly Severity[];
}

/** `ContactBody` of the contracts parses to it. */
export interface Contact {
  readonly id: string;
  readonly language: 'zh' | 'en';
  readonly targets: readonly (Place & { readonly fallbacks: readonly Place[] })[];
  readonly quiet: QuietHours | null;
  readonly accounts: readonly string[];
}

/** `EscalationBody` of the contracts parses to it. */
export interface Escalation {
  readonly id: string;
  /** `afterMs` since this escalation began. */
  readonly steps: readonly { readonly afterMs: number; readonly contacts: readonly string[]; readonly rotas: readonly string[] }[];
  /** That of the tier above; it begins with the last step of this one. */
  readonly next: string | null;
}

/** A rota, and whether whoever comes on duty is sent the incidents that are open. */
export interface RoutedRota extends Rota {
  readonly tellHandOver: boolean;
}

/** Everything that decides who is told, as it is at one moment. */
export interface RoutingRules {
  readonly routes: readonly Route[];
  readonly contacts: ReadonlyMap<string, Contact>;
  readonly rotas: ReadonlyMap<string, RoutedRota>;
  readonly escalations: ReadonlyMap<string, Escalation>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Those made by hand, by rota, in order. */
  readonly overrides: ReadonlyMap<string, readonly RotaOverride[]>;
  readonly clocks: ReadonlyMap<Severity, ClockRules>;
  readonly silences: readonly Silence[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** Objects that flap, with the incident that says so. */
  readonly flapping: ReadonlyMap<string, string>;
  /** `groups`: whether one of its messages may tell of several incidents. */
  readonly channels: ReadonlyMap<string, { readonly kind: string; readonly groups: boolean }>;
}
