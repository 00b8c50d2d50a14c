/** Chapters 7 and 8: what a receiver takes of a log, each line once and in order. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { LogPlace } from '@beacontower/contracts';
import { hashOf, type MadeLine } from '../../protocol/chain.ts';
import { type Case, must, Unmet } from '../case.ts';
import { brief, refused } from '../wire.ts';
import type { Probe, ReceiverContext } from './probe.ts';
import { everyKind, introduction, transition } from './samples.ts';

const HOUR = 3_600_000;

export const LOG_CASES: readonly Case<ReceiverContext>[] = [
  {
    id: 'log.before-hello',
    chapter: 7,
    rule: { en: 'lines of an incarnation that was not introduced are refused', zh: '未经 hello 的世代的日志行被拒绝' },
    run: async ({ probe }) => said(refused(await probe.sendLines(probe.next(probe.opening()), randomUUID()), 'hello-needed')),
  },
  {
    id: 'log.opening-missing',
    chapter: 8,
    rule: { en: 'a log whose first line is not its incarnation is refused', zh: '首行不是世代声明的日志被拒绝' },
    async run({ probe }) {
      const line = probe.said('party', { id: 'x', name: 'x', nameEn: null, tier: 'other' });
      return said(refused(await probe.sendLines(probe.next(line)), 'envelope-invalid'));
    },
  },
  {
    id: 'log.opening',
    chapter: 7,
    rule: { en: 'the first line is taken, and acknowledged with its place', zh: '首行被接收，并以其位置确认' },
    async run({ probe }) {
      await probe.tell(probe.opening());
      return 'acknowledged 1';
    },
  },
  {
    id: 'log.every-kind',
    chapter: 8,
    rule: { en: 'a line of every kind is taken', zh: '各类日志行均被接收' },
    async run({ probe }) {
      for (const each of everyKind(probe)) {
        const lines = probe.next(each);
        const answer = await probe.sendLines(lines);
        if (answer.status !== 200) throw new Unmet(`${each.kind}: ${brief(answer)}`);
        probe.taken(lines, answer);
      }
      return `${probe.end.sequence} lines`;
    },
  },
  {
    id: 'log.uncompressed',
    chapter: 2,
    rule: { en: 'lines that are not compressed are taken', zh: '未压缩的日志行被接收' },
    async run({ probe }) {
      const lines = probe.next(introduction(probe, probe.object('plain')));
      const body = `${lines[0]?.line}\n`;
      const headers = { 'content-type': 'application/x-ndjson' };
      probe.taken(lines, await probe.wire.send({ method: 'POST', path: `/log?incarnation=${probe.incarnation}`, body, headers }));
      return 'taken';
    },
  },
  {
    id: 'log.own-form',
    chapter: 7,
    rule: {
      en: 'order of members and spaces are the sender’s choice: the hash is of the bytes',
      zh: '成员次序与空格由发送方决定：哈希按字节计算',
    },
    async run({ probe }) {
      const [made] = probe.next(introduction(probe, probe.object('own-form')));
      if (made === undefined) throw new TypeError('no line was made');
      const { payload, kind, ...rest } = JSON.parse(made.line);
      const line = JSON.stringify({ payload, ...rest, kind }, null, 1).replaceAll('\n', ' ');
      const other: MadeLine = { line, sequence: made.sequence, hash: hashOf(line) };
      probe.taken([other], await probe.sendLines([other]));
      return 'taken';
    },
  },
  {
    id: 'log.repeated',
    chapter: 7,
    rule: { en: 'a batch that is known to its end is acknowledged again, and applied once', zh: '已知批次重发，再次确认，只应用一次' },
    async run({ probe }) {
      const lines = probe.lines.slice(-3);
      probe.taken(lines, await probe.sendLines(lines));
      return `acknowledged ${probe.end.sequence} again`;
    },
  },
  {
    id: 'log.overlapping',
    chapter: 7,
    rule: { en: 'of a batch that begins with known lines the others are applied', zh: '含已知行的批次，仅应用其余行' },
    async run({ probe }) {
      const lines = [...probe.lines.slice(-3), ...probe.next(introduction(probe, probe.object('overlap')))];
      probe.taken(lines, await probe.sendLines(lines));
      return `acknowledged ${probe.end.sequence}`;
    },
  },
  {
    id: 'log.at-once',
    chapter: 7,
    rule: { en: 'the same batch sent twice at once is applied once', zh: '同一批次同时发送两次，只应用一次' },
    async run({ probe }) {
      const lines = probe.next(introduction(probe, probe.object('twice')));
      const [one, other] = await Promise.all([probe.sendLines(lines), probe.sendLines(lines)]);
      if (one.status === 200) probe.taken(lines, one);
      if (other.status === 200) probe.taken(lines, other);
      for (const answer of [one, other]) if (answer.status !== 200) refused(answer, 'busy', 'sequence-known');
      must(one.status === 200 || other.status === 200, 'neither was taken');
      return `${one.status} and ${other.status}`;
    },
  },
  {
    id: 'log.cut-off',
    chapter: 7,
    rule: { en: 'a batch that breaks off is not applied in part; sent again it is taken', zh: '中途断开的批次不会部分应用；重发后被接收' },
    async run({ probe }) {
      const lines = probe.next(
        introduction(probe, probe.object('cut')),
        transition(probe, probe.object('cut'), 'unknown', 'up', probe.day(49)),
      );
      const body = gzipSync(`${lines.map(({ line }) => line).join('\n')}\n`);
      const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
      const broken = new AbortController();
      await probe.wire
        .send({ method: 'POST', path: `/log?incarnation=${probe.incarnation}`, body: half(body, broken), headers, signal: broken.signal })
        .catch(() => undefined);
      await mustResumeAt(probe, probe.place);
      probe.taken(lines, await probe.sendLines(lines));
      return 'taken when sent again';
    },
  },
  {
    id: 'log.resume',
    chapter: 6,
    rule: { en: 'hello says the place that is applied', zh: 'hello 告知已应用的位置' },
    async run({ probe }) {
      await mustResumeAt(probe, probe.place);
      return `resume ${probe.end.sequence}`;
    },
  },
  {
    id: 'log.many',
    chapter: 7,
    rule: { en: 'a batch of 5,000 lines is taken', zh: '接收 5,000 行的批次' },
    async run({ probe, now }) {
      const object = probe.object('many');
      const day = probe.day(45);
      const changes = Array.from({ length: 4_999 }, (_each, index) =>
        transition(
          probe,
          object,
          index === 0 ? 'unknown' : index % 2 === 0 ? 'down' : 'up',
          index % 2 === 0 ? 'up' : 'down',
          day + index * 5_000 + HOUR,
        ),
      );
      const begun = now();
      await probe.tell(introduction(probe, object), ...changes);
      return `taken in ${now() - begun} ms`;
    },
  },
];

const said = ({ status, code }: { readonly status: number; readonly code: string }) => `${status} ${code}`;

/** What hello says is applied. */
export async function mustResumeAt(probe: Probe, place: LogPlace): Promise<void> {
  const { resume } = await probe.greet();
  must(
    (resume?.sequence ?? 0) === place.sequence && (resume === null || resume.hash === place.hash),
    `line ${resume?.sequence ?? 0} is applied instead of ${place.sequence}`,
  );
}

/** The first half of a body; then the connection is gone. */
async function* half(body: Buffer, broken: AbortController): AsyncGenerator<Buffer> {
  yield body.subarray(0, body.length / 2);
  setImmediate(() => broken.abort());
  await new Promise((resolve) => broken.signal.addEventListener('abort', resolve, { once: true }));
}
