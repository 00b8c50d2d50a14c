/** Chapters 10 and 13: what lines did to the record, as its digests show it. Each case has a day and an object of its own. */
import { createHash } from 'node:crypto';
import { DigestAnswer } from '@beacontower/contracts';
import type { Said } from '../../protocol/chain.ts';
import { type BothWords, type Case, must } from '../case.ts';
import { accepted } from '../wire.ts';
import type { Probe, ReceiverContext } from './probe.ts';
import { change, introduction, outage, transition } from './samples.ts';

const HOUR = 3_600_000;
type Change = ReturnType<typeof change>;

interface Effect {
  readonly told: readonly (readonly Said[])[];
  /** What is in force of the object on that day then. */
  readonly left: readonly Change[];
}

export const EFFECT_CASES: readonly Case<ReceiverContext>[] = [
  effect(
    'effect.transitions',
    40,
    { en: 'transitions are in the record as they were told', zh: '状态变化按所报入档' },
    (probe, object, day) => ({
      told: [
        [
          up(probe, object, day),
          transition(probe, object, 'up', 'down', day + HOUR),
          transition(probe, object, 'down', 'up', day + 2 * HOUR),
        ],
      ],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect('effect.known', 39, { en: 'a transition that is known is there once', zh: '已知的状态变化只有一条' }, (probe, object, day) => ({
    told: [
      [up(probe, object, day), transition(probe, object, 'up', 'down', day + HOUR)],
      [transition(probe, object, 'up', 'down', day + HOUR)],
    ],
    left: [change('unknown', 'up', day), change('up', 'down', day + HOUR)],
  })),
  effect(
    'effect.late',
    38,
    { en: 'a transition told late is put in its place in the past', zh: '迟到的状态变化归入其过去的位置' },
    (probe, object, day) => ({
      told: [
        [up(probe, object, day), transition(probe, object, 'down', 'up', day + 2 * HOUR)],
        [transition(probe, object, 'up', 'down', day + HOUR)],
      ],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect(
    'effect.revision',
    37,
    { en: 'a revision takes the place of what was said of its stretch', zh: '修订取代该时段内原有内容' },
    (probe, object, day) => ({
      told: [
        [
          up(probe, object, day),
          transition(probe, object, 'up', 'down', day + HOUR),
          transition(probe, object, 'down', 'up', day + 2 * HOUR),
        ],
        [
          revision(probe, object, day + HOUR, day + 3 * HOUR, [
            change('up', 'down', day + HOUR + 60_000),
            change('down', 'up', day + HOUR + 120_000),
          ]),
        ],
      ],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR + 60_000), change('down', 'up', day + HOUR + 120_000)],
    }),
  ),
  effect(
    'effect.withdrawn',
    36,
    { en: 'an outage that was none is taken back by a revision without transitions', zh: '误报的中断由空修订撤回' },
    (probe, object, day) => ({
      told: [
        [up(probe, object, day), outage(probe, object, day + HOUR, day + 2 * HOUR)],
        [revision(probe, object, day + HOUR, day + 2 * HOUR + 1, [])],
      ],
      left: [change('unknown', 'up', day)],
    }),
  ),
  effect(
    'effect.outage',
    35,
    { en: 'an outage is down from its beginning to its end', zh: '中断：自起点至终点为中断状态' },
    (probe, object, day) => ({
      told: [[up(probe, object, day), outage(probe, object, day + HOUR, day + 2 * HOUR)]],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect(
    'effect.outage-ended',
    34,
    { en: 'an open outage told again with its end is one outage', zh: '先报未结束、再报终点的是同一中断' },
    (probe, object, day) => ({
      told: [[up(probe, object, day), outage(probe, object, day + HOUR, null)], [outage(probe, object, day + HOUR, day + 2 * HOUR)]],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect(
    'effect.outage-again',
    33,
    { en: 'an outage told again alike is one outage', zh: '同一中断重复上报，只有一条' },
    (probe, object, day) => ({
      told: [
        [up(probe, object, day), outage(probe, object, day + HOUR, day + 2 * HOUR)],
        [outage(probe, object, day + HOUR, day + 2 * HOUR)],
      ],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect(
    'effect.outage-shortened',
    32,
    { en: 'an outage told again with an earlier end has that end', zh: '中断改报更早的终点，以后者为准' },
    (probe, object, day) => ({
      told: [
        [up(probe, object, day), outage(probe, object, day + HOUR, day + 3 * HOUR)],
        [outage(probe, object, day + HOUR, day + 2 * HOUR)],
      ],
      left: [change('unknown', 'up', day), change('up', 'down', day + HOUR), change('down', 'up', day + 2 * HOUR)],
    }),
  ),
  effect(
    'effect.outages-reversed',
    31,
    { en: 'outages told in reverse are all there', zh: '倒序上报的中断全部入档' },
    (probe, object, day) => ({
      told: [
        [up(probe, object, day), outage(probe, object, day + 3 * HOUR, day + 4 * HOUR)],
        [outage(probe, object, day + HOUR, day + 2 * HOUR)],
      ],
      left: [
        change('unknown', 'up', day),
        change('up', 'down', day + HOUR),
        change('down', 'up', day + 2 * HOUR),
        change('up', 'down', day + 3 * HOUR),
        change('down', 'up', day + 4 * HOUR),
      ],
    }),
  ),
];

const up = (probe: Probe, object: string, day: number) => transition(probe, object, 'unknown', 'up', day);

function revision(probe: Probe, object: string, from: number, to: number, transitions: Change[]): Said {
  return probe.said('revision', { object, check: null, resolutionMs: 0, from, to, transitions }, from);
}

function effect(
  id: string,
  ago: number,
  rule: BothWords,
  make: (probe: Probe, object: string, day: number) => Effect,
): Case<ReceiverContext> {
  return {
    id,
    chapter: 10,
    rule,
    async run({ probe }) {
      const object = probe.object(id);
      // Away from midnight: an edge of another case never lies in this day.
      const { told, left } = make(probe, object, probe.day(ago) + HOUR);
      await probe.tell(introduction(probe, object));
      for (const lines of told) await probe.tell(...lines);
      const date = new Date(probe.day(ago)).toISOString().slice(0, 10);
      const { digests } = accepted(await probe.wire.json('POST', '/digests', { from: date, to: date }), DigestAnswer);
      const bucket = (createHash('sha256').update(object).digest()[0] ?? 0) % 64;
      const found = digests.find((each) => each.bucket === bucket && each.date === date);
      must(digests.length === 1 && found !== undefined, `${digests.length} buckets of ${date} instead of bucket ${bucket} alone`);
      must(found.transitions === left.length, `${found.transitions} transitions instead of ${left.length}`);
      must(found.digest === digestOf(object, left), `${left.length} transitions, but others than were told`);
      return `${left.length} transitions, as told`;
    },
  };
}

/** SHA-256 of the lines of a bucket that holds this object alone (chapter 13). */
function digestOf(object: string, changes: readonly Change[]): string {
  const lines = changes.map(
    ({ at, earliest, latest, from, to, reason }) => `${[object, at, from, to, earliest, latest, reason].join('\t')}\n`,
  );
  const sorted = lines.map((line) => Buffer.from(line)).sort(Buffer.compare);
  return createHash('sha256').update(Buffer.concat(sorted)).digest('hex');
}
