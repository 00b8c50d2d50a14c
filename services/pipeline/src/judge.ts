import type { Lease } from '@beacontower/database';
import type { State } from '@beacontower/domain';
import type { StreamRecord } from '@beacontower/queue';
import type { Effects, Partition } from './partition.ts';

/** For so long after somebody asked for a look, how far is judged is said this often, ms: the asker must know what is still unread. */
const ASKED_MS = 60_000;
const ASKED_SAY_MS = 200;

/** One partition this process judges: its memory, how far it has read, and how far that is committed. */
export class HeldPartition {
  readonly lease: Lease;
  readonly partition: Partition;
  /** Last entry judged. */
  offset: string;
  /** Last entry whose judgement PostgreSQL has; null while it has nothing of this partition. */
  committed: string | null;
  committedAt: number;
  /** When it was last said how far is judged, with a commit or without one. */
  saidAt: number;
  inventoryVersion: number;
  /** What the verdict board says at present. */
  verdicts: Map<number, State>;

  constructor(lease: Lease, partition: Partition, committed: string | null, now: number, inventoryVersion: number) {
    this.lease = lease;
    this.partition = partition;
    this.offset = committed ?? '0';
    this.committed = committed;
    this.committedAt = now;
    this.saidAt = now;
    this.inventoryVersion = inventoryVersion;
    this.verdicts = partition.verdicts();
  }

  /**
   * Whether it is time to commit: at once when there is something to say, and now and then when only the offset moved, since a
   * snapshot of many checks is not cheap. Between, how far is judged is said without one: every transition before it is committed.
   */
  due(now: number, { quietSayMs, quietCommitMs }: { quietSayMs: number; quietCommitMs: number }): 'commit' | 'say' | null {
    if (this.partition.hasEffects) return 'commit';
    if (this.offset === this.committed) return null;
    if (this.committed === null || now - this.committedAt >= quietCommitMs) return 'commit';
    const asked = now - this.partition.askedAt < ASKED_MS;
    return now - this.saidAt >= (asked ? Math.min(ASKED_SAY_MS, quietSayMs) : quietSayMs) ? 'say' : null;
  }
}

/** What one commit takes to PostgreSQL for one partition. */
export interface CommitUnit {
  readonly held: HeldPartition;
  readonly effects: Effects;
  readonly snapshot: Uint8Array;
  readonly watermark: number;
  readonly agentsWatermark: number | null;
  readonly offset: string;
}

/** What one transaction takes at most, by partitions: more would keep the process (and whoever waits for the first of it) busy too long. */
const EFFECTS_AT_ONCE = 15_000;

/** Divides partitions that are due into commits; one that has much to say goes alone. */
export function inCommits(due: readonly HeldPartition[]): HeldPartition[][] {
  const commits: HeldPartition[][] = [];
  let effects = 0;
  for (const held of due) {
    const last = commits.at(-1);
    effects += held.partition.effects;
    if (last && effects <= EFFECTS_AT_ONCE) last.push(held);
    else {
      commits.push([held]);
      effects = held.partition.effects;
    }
  }
  return commits;
}

/** Groups what was read by the partition it belongs to, in order. */
export function byPartition(records: readonly StreamRecord[], partitionOfStream: ReadonlyMap<string, number>): Map<number, StreamRecord[]> {
  const result = new Map<number, StreamRecord[]>();
  for (const record of records) {
    const partition = partitionOfStream.get(record.stream);
    if (partition === undefined) continue;
    const list = result.get(partition);
    if (list) list.push(record);
    else result.set(partition, [record]);
  }
  return result;
}
