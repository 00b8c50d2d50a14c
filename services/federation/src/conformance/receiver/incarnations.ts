/** Chapters 12 to 14: a restored back-up, marks, digests, and what comes downwards. */
import { DigestAnswer, DownwardAnswer, Marks } from '@beacontower/contracts';
import { type Case, must, Unmet } from '../case.ts';
import { accepted, refused } from '../wire.ts';
import { mustResumeAt } from './log.ts';
import type { ReceiverContext } from './probe.ts';
import { introduction } from './samples.ts';

export const INCARNATION_CASES: readonly Case<ReceiverContext>[] = [
  {
    id: 'incarnation.behind',
    chapter: 12,
    rule: { en: 'a sender that has less of its log than is applied is told so', zh: '发送方日志少于已应用部分时予以告知' },
    async run({ probe }) {
      const first = probe.lines[0];
      const { resume } = refused(await probe.sayHello({ log: { first: 1, last: 1, hash: first?.hash } }), 'history-differs');
      must(resume?.sequence === probe.end.sequence, `to go on from ${resume?.sequence} instead of ${probe.end.sequence}`);
      return `history-differs at ${resume.sequence}`;
    },
  },
  {
    id: 'incarnation.marks',
    chapter: 12,
    rule: {
      en: 'marks are places of the log, newest first, with the hashes of its lines',
      zh: '标记为日志的各个位置，新者在前，附各行哈希',
    },
    async run({ probe }) {
      const { marks } = accepted(await probe.wire.send({ method: 'GET', path: `/marks?incarnation=${probe.incarnation}` }), Marks);
      must(marks.length > 0, 'no place is remembered');
      must(marks[0]?.sequence === probe.end.sequence, `the newest is line ${marks[0]?.sequence} instead of ${probe.end.sequence}`);
      for (const [index, { sequence, hash }] of marks.entries()) {
        must(sequence < (marks[index - 1]?.sequence ?? Number.POSITIVE_INFINITY), 'they are not in order');
        must(sequence === 0 || probe.lines[sequence - 1]?.hash === hash, `line ${sequence} has another hash`);
      }
      return `${marks.length} marks`;
    },
  },
  {
    id: 'incarnation.new',
    chapter: 12,
    rule: { en: 'a new incarnation begins at the last common place', zh: '新世代自最后的共同位置开始' },
    async run({ probe }) {
      const place = probe.place;
      probe.beginAnew();
      const { resume, previous } = await probe.greet();
      must(resume === null, 'a place is applied of a log that is new');
      must(previous?.incarnation === place.incarnation && previous.sequence === place.sequence, 'the place of the one before is not said');
      await probe.tell(probe.opening(place, Date.now() - 60_000), introduction(probe, probe.object('after-restoration')));
      return `goes on from ${place.sequence}`;
    },
  },
  {
    id: 'incarnation.objects-known',
    chapter: 12,
    rule: { en: 'what the incarnation before told stays', zh: '前一世代所报内容予以保留' },
    async run({ probe }) {
      const at = probe.day(43);
      const change = {
        from: 'unknown' as const,
        to: 'up' as const,
        at,
        earliest: at,
        latest: at,
        reason: 'reported' as const,
        decidedAt: at,
      };
      await probe.tell(probe.said('transition', { object: probe.object('overlap'), check: null, resolutionMs: 0, ...change }, at));
      return 'its objects are known';
    },
  },
  {
    id: 'incarnation.superseded',
    chapter: 12,
    rule: { en: 'the incarnation before is not heard any more', zh: '前一世代不再被接受' },
    async run({ probe }) {
      const [older] = probe.before;
      if (older === undefined) throw new Unmet('there is no incarnation before');
      refused(await probe.sayHello({ incarnation: older.incarnation }), 'incarnation-superseded');
      refused(await probe.sendLines(probe.lines.slice(-1), older.incarnation), 'incarnation-superseded', 'hello-needed');
      await mustResumeAt(probe, probe.place);
      return 'incarnation-superseded';
    },
  },
  {
    id: 'incarnation.unknown-place',
    chapter: 12,
    rule: { en: 'an incarnation that goes on from a place nobody knows is refused', zh: '自未知位置续接的世代被拒绝' },
    async run({ probe }) {
      probe.beginAnew();
      await probe.greet();
      const nowhere = { incarnation: probe.before[0]?.incarnation ?? '', sequence: 7, hash: 'a'.repeat(64) };
      refused(await probe.sendLines(probe.next(probe.opening(nowhere, null))), 'history-differs');
      await probe.tell(probe.opening(null));
      return 'history-differs';
    },
  },
  {
    id: 'digests.form',
    chapter: 13,
    rule: { en: 'digests name the line up to which the record was digested', zh: '摘要说明其对应的日志位置' },
    async run({ probe }) {
      const date = new Date(probe.day(1)).toISOString().slice(0, 10);
      const { applied, digests } = accepted(await probe.wire.json('POST', '/digests', { from: date, to: date }), DigestAnswer);
      must(applied?.sequence === probe.end.sequence, `up to line ${applied?.sequence} instead of ${probe.end.sequence}`);
      return `${digests.length} buckets, line ${applied.sequence}`;
    },
  },
  {
    id: 'digests.invalid',
    chapter: 13,
    rule: { en: 'digests of no day, or of more than 31, are refused', zh: '日期无效或超过 31 天的摘要请求被拒绝' },
    async run({ probe }) {
      refused(await probe.wire.json('POST', '/digests', { from: 'yesterday', to: 'today' }), 'message-invalid');
      refused(await probe.wire.json('POST', '/digests', { from: '2026-01-01', to: '2026-12-31' }), 'message-invalid');
      return 'message-invalid';
    },
  },
  {
    id: 'downward.waits',
    chapter: 14,
    rule: {
      en: 'with nothing to hand down, the call waits as long as asked, and answers an empty list',
      zh: '无下行项时按所求时长等待，返回空列表',
    },
    async run({ probe }) {
      const { downward } = await probe.greet();
      const path = `/downward?after=${downward}&waitMs=1000`;
      // The first may be answered early: a receiver that begins to listen looks at once.
      accepted(await probe.wire.send({ method: 'GET', path }), DownwardAnswer);
      const begun = Date.now();
      const { items } = accepted(await probe.wire.send({ method: 'GET', path }), DownwardAnswer);
      const waited = Date.now() - begun;
      must(items.length === 0, `${items.length} items after the last`);
      must(waited >= 800 && waited < 20_000, `waited ${waited} ms instead of 1,000`);
      return `${waited} ms`;
    },
  },
  {
    id: 'downward.receipt-unknown',
    chapter: 14,
    rule: { en: 'a receipt for an item that is not the sender’s is refused', zh: '不属于发送方的下行项的回执被拒绝' },
    async run({ probe }) {
      const receipt = { number: 999_999_999, outcome: 'applied', code: null, detail: null, by: null, at: Date.now() };
      const { status, code } = refused(await probe.wire.json('POST', '/receipts', { receipts: [receipt] }), 'receipt-unknown');
      return `${status} ${code}`;
    },
  },
];
