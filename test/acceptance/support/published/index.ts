/**
 * The published half-year (2018-01-01 to 2018-07-01, Asia/Shanghai) as files a node can take in: a configuration, and the CSV of its past.
 * `beacontower apply`, `beacontower import inventory`, `beacontower import outages --from 2018-01-01 --to 2018-07-01 --covers all`.
 */
import {
  CENTRAL_UNITS,
  INTERNET_EXIT_UNITS,
  NEW_UNITS,
  publishedConfiguration,
  publishedConnected,
  publishedObjects,
} from './inventory.ts';
import { outagesOfClass, type PublishedOutage, UNAVAILABILITY } from './outages.ts';

/** The published numbers themselves. */
export const PUBLISHED = {
  timeZone: 'Asia/Shanghai',
  from: Date.parse('2018-01-01T00:00:00+08:00'),
  to: Date.parse('2018-07-01T00:00:00+08:00'),
  /** 覆盖率: counties connected, of how many, and units of the Corps counted in (an assumption). */
  counties: 2734,
  allCounties: 2851,
  corpsUnits: 150,
  centralUnits: CENTRAL_UNITS,
  newCentralUnits: NEW_UNITS,
  internetExitUnits: INTERNET_EXIT_UNITS,
  /** Mean availability, unrounded. */
  availability: { 'user-access': 0.9991, 'internet-exit': 0.9997, backbone: 0.9997 },
} as const;

/** A division of a list, as `readDivisionLists` gives it. */
interface Listed {
  readonly code: string;
  readonly level: string;
}

/** The configuration as text (JSON, which is YAML). `divisions` of the list cn-2018, `corps` of corps-2018. */
export function publishedYaml(divisions: readonly Listed[], corps: readonly Listed[]): string {
  return JSON.stringify(publishedConfiguration(publishedConnected(divisions, corps, PUBLISHED.counties)), null, 1);
}

/** Since when each object was in commission: the CSV of `import inventory`. */
export function publishedInventoryCsv(): string {
  const rows = publishedObjects().map(({ id, since }) => `${id},${since}`);
  return `id,from\n${rows.join('\n')}\n`;
}

/** Every outage, in order of objects. */
export function publishedOutages(): PublishedOutage[] {
  const objects = publishedObjects();
  const classes = Object.entries(UNAVAILABILITY);
  return classes.flatMap(([wanted, unavailability], index) =>
    outagesOfClass(
      objects.filter((object) => object.class === wanted),
      (object) => Date.parse(`${object.since}T00:00:00+08:00`),
      PUBLISHED,
      unavailability,
      2018 + index,
    ),
  );
}

/** The CSV of `import outages`. */
export function publishedOutagesCsv(): string {
  const time = (at: number) => new Date(at).toISOString();
  const rows = publishedOutages().map(({ object, from, to, cause, party, planned }) =>
    [object, time(from), time(to), 'down', cause, party, planned ? 'yes' : 'no'].join(','),
  );
  return `object,from,to,state,cause_category,charged_party,planned\n${rows.join('\n')}\n`;
}
