import type { SelfFacts } from '@beacontower/contracts';

/** A node that works; a test changes what it is about. */
export function workingFacts(change: Partial<SelfFacts> = {}): SelfFacts {
  return {
    windowMs: 120_000,
    roles: ['alerting', 'api', 'collector-icmp', 'pipeline', 'scheduler'].map((role) => ({
      role,
      instance: 'main/x',
      status: 'ok',
      detail: null,
      ageMs: 900,
    })),
    silentRoles: [],
    rounds: [{ kind: 'icmp', zone: 'centre', due: 12, run: 12, blind: 0, late: 0, missed: 0 }],
    ticks: { shards: 8, newestAgeMs: 2_000, worstOverdueMs: -3_000 },
    streams: [
      { stream: 'observations', entries: 3, lagMs: 4_000, known: true },
      { stream: 'samples', entries: 3, lagMs: 4_000, known: true },
    ],
    queues: [{ queue: 'rounds-icmp-centre', waiting: 0, active: 1, delayed: 0, failed: 0 }],
    record: { newestCommitAgeMs: 3_000, undispatchedAgeMs: 0, overdueDeliveryMs: 0, deadDeliveries: 0 },
    store: { engine: 'duckdb', writes: 10, writeMeanMs: 12, failures: 0, dropped: 0, lastSuccessAgeMs: 900, bytes: 4_096 },
    redis: { usedBytes: 1_000_000, limitBytes: null, evicts: false, persistent: true, persistenceFails: false },
    clock: { offsetMs: 0, ahead: [] },
    disk: { freeBytes: 50 * 2 ** 30, totalBytes: 100 * 2 ** 30 },
    federation: null,
    ...change,
  };
}
