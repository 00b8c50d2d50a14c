/** How the SNMP collector runs. */
export interface SnmpCollectorConfig {
  /** This process's slot, such as `main/collect`; observations carry it. */
  readonly instance: string;
  /** Zones to work for; null: every zone that has a plan. */
  readonly zones: readonly string[] | null;
  /** Program that asks the anchors when nobody answers, looked for in PATH unless it holds a slash. */
  readonly fping: string;
  /** Rounds taken at once in each zone. */
  readonly concurrency: number;
  /** Questions under way at once in the whole process; a large one counts for several (100 cells each). */
  readonly outstanding: number;
  /** After this long without an answer a question no longer counts among those, ms. */
  readonly holdMs: number;
  /** Part of the interval after which a device's poll is given up. */
  readonly deadline: number;
  /** Rows after which a table is taken to have no end. */
  readonly mostRows: number;
  /** Names are read again after this long though nothing seems to have changed, ms. */
  readonly namesEveryMs: number;
  /** What is done is appended when so many devices are, or after so long, ms. */
  readonly flushDevices: number;
  readonly flushEveryMs: number;
  /** Entries kept in the stream of interface tables that the inventory does not know. */
  readonly deviceBacklog: number;
  /** How often this host's clock is compared with Redis's, ms. */
  readonly clockEveryMs: number;
}

export const SNMP_COLLECTOR_DEFAULTS: Omit<SnmpCollectorConfig, 'instance'> = {
  zones: null,
  fping: 'fping',
  concurrency: 16,
  outstanding: 128,
  holdMs: 100,
  deadline: 0.9,
  mostRows: 100_000,
  namesEveryMs: 600_000,
  flushDevices: 128,
  flushEveryMs: 250,
  deviceBacklog: 20_000,
  clockEveryMs: 30_000,
};
