/** How the ICMP collector runs. */
export interface IcmpCollectorConfig {
  /** This process's slot, such as `main/collect`; observations carry it. */
  readonly instance: string;
  /** Zones to work for; null: every zone that has a plan. */
  readonly zones: readonly string[] | null;
  /** Program, looked for in PATH unless it holds a slash. */
  readonly fping: string;
  /** The same for tracepath, which tells the way over IPv6. */
  readonly tracepath: string;
  /** Ways to an address looked for at the same time, when an incident asks for them. */
  readonly traces: number;
  /** Rounds taken at once in each zone. */
  readonly concurrency: number;
  /** Least time between two packets of one fping, ms (see docs/decisions/0005). */
  readonly pacingMs: number;
  /** Targets that may be looked at again for confirmation, a second, and how many of them can be saved up. */
  readonly confirmationsPerSecond: number;
  /** How often this host's clock is compared with Redis's, ms. */
  readonly clockEveryMs: number;
}

export const ICMP_COLLECTOR_DEFAULTS: Omit<IcmpCollectorConfig, 'instance'> = {
  zones: null,
  fping: 'fping',
  tracepath: 'tracepath',
  traces: 4,
  concurrency: 16,
  pacingMs: 0.01,
  confirmationsPerSecond: 2_000,
  clockEveryMs: 30_000,
};
