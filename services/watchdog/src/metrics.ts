import type { SelfReport } from '@beacontower/contracts';
import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** What the node says of itself as a whole, for those who read metrics. */
export function createSelfMetrics(registry: Registry) {
  const status = gauge(registry, 'self_working', '1 while the node works from the round to the alert');
  const findings = gauge(registry, 'self_findings', 'Things that are wrong with this node, by code and severity', ['code', 'severity']);
  const rounds = gauge(registry, 'self_rounds', 'Rounds within the window, by kind, zone and what became of them', [
    'kind',
    'zone',
    'what',
  ]);
  const entries = gauge(registry, 'self_stream_entries', 'Entries nobody has committed or stored yet, by stream', ['stream']);
  const lag = gauge(registry, 'self_stream_lag_milliseconds', 'Age of the oldest of them', ['stream']);
  const jobs = gauge(registry, 'self_queue_jobs', 'Jobs in each queue, by place', ['queue', 'place']);
  const tick = gauge(registry, 'self_tick_age_milliseconds', 'Since the newest closed tick was over');
  const commit = gauge(registry, 'self_commit_age_milliseconds', 'Since the newest commit of a judge');
  const write = gauge(registry, 'self_store_write_milliseconds', 'Mean time of a write to the store of samples within the window');
  const offset = gauge(registry, 'self_clock_offset_milliseconds', "Redis's time less this host's");
  const disk = gauge(registry, 'self_disk_free_bytes', 'Room on the disk of the data directory');
  return {
    looks: durations(registry, 'self_look', 'How long a look at everything took'),
    beats: counter(registry, 'self_heartbeats', 'Heartbeats by how they ended', ['result']),
    show({ status: said, findings: found, facts }: SelfReport): void {
      status.set(said === 'ok' || said === 'degraded' ? 1 : 0);
      for (const all of [findings, rounds, entries, lag, jobs]) all.reset();
      for (const { code, severity } of found) findings.inc({ code, severity });
      if (facts === null) return;
      for (const { kind, zone, ...counts } of facts.rounds)
        for (const [what, count] of Object.entries(counts)) rounds.set({ kind, zone, what }, count);
      for (const each of facts.streams ?? []) {
        entries.set({ stream: each.stream }, each.entries);
        lag.set({ stream: each.stream }, each.lagMs);
      }
      for (const { queue, ...places } of facts.queues ?? [])
        for (const [place, count] of Object.entries(places)) jobs.set({ queue, place }, count);
      if (facts.ticks?.newestAgeMs != null) tick.set(facts.ticks.newestAgeMs);
      if (facts.record?.newestCommitAgeMs != null) commit.set(facts.record.newestCommitAgeMs);
      if (facts.store?.writeMeanMs != null) write.set(facts.store.writeMeanMs);
      if (facts.clock) offset.set(facts.clock.offsetMs);
      if (facts.disk) disk.set(facts.disk.freeBytes);
    },
  };
}

export type SelfMetrics = ReturnType<typeof createSelfMetrics>;
