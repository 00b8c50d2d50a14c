/** A span of local time on one date: minutes since midnight, half-open; 1440 is its end. */
export interface LocalSpan {
  readonly from: number;
  readonly to: number;
}

/** A date that is not what its weekday says: a public holiday (no spans) or an adjusted workday. */
export interface CalendarDate {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  readonly spans: readonly LocalSpan[];
  readonly name: string;
}

/** Which local time counts; `CalendarBody` of the contracts parses to it. The time zone is that of the objective. */
export interface Calendar {
  readonly id: string;
  /** Seven lists, Monday first. */
  readonly week: readonly (readonly LocalSpan[])[];
  readonly dates: readonly CalendarDate[];
  /** The last date that its list of holidays tells of; null when it follows none. Later dates are what their weekday says. */
  readonly knownUntil: string | null;
}
