/** Chapter 11: the snapshot. */
import { randomUUID } from 'node:crypto';
import { type FederationCode, type Snapshot, SnapshotAnswer } from '@beacontower/contracts';
import { type BothWords, type Case, must } from '../case.ts';
import { accepted, refused } from '../wire.ts';
import type { Probe, ReceiverContext } from './probe.ts';
import { introduction, transition } from './samples.ts';

export const SNAPSHOT_CASES: readonly Case<ReceiverContext>[] = [
  {
    id: 'snapshot.taken',
    chapter: 11,
    rule: { en: 'a snapshot is taken, and says when the next is wanted', zh: '接收快照，并告知下次间隔' },
    async run({ probe }) {
      const object = probe.object('present');
      await probe.tell(introduction(probe, object), transition(probe, object, 'unknown', 'up', probe.day(44)));
      const sent = snapshotOf(probe, { states: [[object, 'up', probe.day(44), 'reported']] });
      const { version, nextMs } = accepted(await probe.wire.json('PUT', '/snapshot', sent), SnapshotAnswer);
      must(version === sent.version, `version ${version} instead of ${sent.version}`);
      return `version ${version}, next in ${nextMs} ms`;
    },
  },
  {
    id: 'snapshot.changes',
    chapter: 11,
    rule: { en: 'changes since the version acknowledged are taken', zh: '接收自上一已确认版本以来的变化' },
    async run({ probe }) {
      accepted(await probe.wire.json('PUT', '/snapshot', snapshotOf(probe, { base: probe.version })), SnapshotAnswer);
      return 'taken';
    },
  },
  {
    id: 'snapshot.ahead',
    chapter: 11,
    rule: {
      en: 'a snapshot that names lines still to come is taken: the present does not wait for the log',
      zh: '引用尚未送达日志行的快照也被接收：现状不等日志',
    },
    async run({ probe }) {
      accepted(await probe.wire.json('PUT', '/snapshot', snapshotOf(probe, { log: probe.end.sequence + 1 })), SnapshotAnswer);
      return 'taken';
    },
  },
  bad('snapshot.stale', 'snapshot-stale', { en: 'a version that is not above the one that is there', zh: '版本不高于现有版本' }, (probe) =>
    snapshotOf(probe, { version: probe.version }),
  ),
  bad(
    'snapshot.base',
    'snapshot-base-unknown',
    { en: 'changes since a version that is not there', zh: '所依据的基准版本不存在' },
    (probe) => {
      const version = probe.version + 1_000;
      return snapshotOf(probe, { version, base: version - 1 });
    },
  ),
  bad(
    'snapshot.incarnation',
    'hello-needed',
    { en: 'a snapshot of an incarnation that was not introduced', zh: '未经 hello 的世代的快照' },
    (probe) => snapshotOf(probe, { incarnation: randomUUID(), version: probe.version + 1_000 }),
  ),
  bad('snapshot.watermark', 'out-of-scope', { en: 'a watermark of a node that is not the sender’s', zh: '他人节点的水位' }, (probe) => {
    const until = { pinged: 0, all: 0, composed: 0 };
    return snapshotOf(probe, { version: probe.version + 1_000, observed: [{ node: 'some-other-node', until }] });
  }),
  bad('snapshot.state', 'out-of-scope', { en: 'the state of another node’s object', zh: '他人对象的状态' }, (probe) =>
    snapshotOf(probe, { version: probe.version + 1_000, states: [['some-other-node:core', 'down', probe.day(1), 'no-reply']] }),
  ),
  bad('snapshot.invalid', 'message-invalid', { en: 'a snapshot that is not of its schema', zh: '不符合结构的快照' }, (probe) => ({
    ...snapshotOf(probe, { version: probe.version + 1_000 }),
    states: 'all up' as never,
  })),
];

function snapshotOf(probe: Probe, changes: Partial<Snapshot> = {}): Snapshot {
  const at = Date.now();
  const until = { pinged: at - 1_000, all: at - 1_000, composed: at - 1_000 };
  const observed = [{ node: probe.identity.node, until }];
  const head = { incarnation: probe.incarnation, base: null, at, log: probe.end.sequence, observed, states: [] };
  return { ...head, version: changes.version ?? probe.nextVersion(), ...changes };
}

function bad(id: string, code: FederationCode, what: BothWords, make: (probe: Probe) => Snapshot): Case<ReceiverContext> {
  return {
    id,
    chapter: 11,
    rule: { en: `${what.en}: refused`, zh: `${what.zh}：拒绝` },
    async run({ probe }) {
      const { status, code: seen } = refused(await probe.wire.json('PUT', '/snapshot', make(probe)), code);
      return `${status} ${seen}`;
    },
  };
}
