import { z } from 'zod';
import { text } from '../configuration/fault.ts';
import { type CellFault, type CellSettings, cellFaults, moment, oneOf, optionalWords, refuseCell, words } from './cells.ts';
import type { OutageColumn } from './columns.ts';

/** What a line says of its span: an outage, a stretch nobody looked at, or that the record of the object is complete in it. */
export const RECORDED_STATES = ['down', 'degraded', 'unknown', 'complete'] as const;
export type RecordedState = (typeof RECORDED_STATES)[number];

/** One line of the CSV of outages. Times in epoch ms; what is empty is null. */
export interface OutageRow {
  readonly object: string;
  readonly from: number;
  readonly to: number;
  readonly state: RecordedState;
  readonly causeCategory: string | null;
  readonly chargedParty: string | null;
  readonly causeObject: string | null;
  /** Lines that name the same one are one incident. */
  readonly incident: string | null;
  readonly planned: boolean;
  readonly note: string | null;
  /** Each edge lies within so many ms of its time, before or after; null: as the command says. */
  readonly edgeMs: number | null;
}

const ID = text('the id of an object, such as gd:core-1 or core-1', '对象标识，如 gd:core-1 或 core-1');
const STATES = text('down, degraded, unknown or complete', 'down（中断）、degraded（降级）、unknown（未知）或 complete（记录完整）');
const YES_NO = text('yes or no', 'yes（是）或 no（否）');
const LONGEST_EDGE_S = 86_400;

const edge = z
  .string()
  .default('')
  .transform((value, context): number | null => {
    const written = value.trim();
    if (written === '') return null;
    const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(written) ? Number(written) : Number.NaN;
    if (seconds <= LONGEST_EDGE_S) return Math.round(seconds * 1000);
    return refuseCell(
      context,
      'bad-edge',
      text('not a number of seconds', '不是秒数'),
      text(`0 to ${LONGEST_EDGE_S}`, `0 至 ${LONGEST_EDGE_S}`),
    );
  });

/** The schema of a line; made once for a file, since a time may need the zone of the command. */
export function outageRowSchema(settings: CellSettings) {
  return z
    .object({
      object: words(256, ID),
      from: moment(settings),
      to: moment(settings),
      state: oneOf(
        [
          ['down', ['down', '中断', '不可用', '故障']],
          ['degraded', ['degraded', '降级', '劣化']],
          ['unknown', ['unknown', '未知', '未监测']],
          ['complete', ['complete', '完整', '记录完整']],
        ] as const satisfies readonly (readonly [RecordedState, readonly string[]])[],
        'down',
        STATES,
      ),
      causeCategory: optionalWords(100, text('at most 100 characters', '不超过 100 个字符')),
      chargedParty: optionalWords(128, text('the id of a party', '责任方标识')),
      causeObject: optionalWords(256, ID),
      incident: optionalWords(128, text('at most 128 characters', '不超过 128 个字符')),
      planned: oneOf(
        [
          [true, ['yes', 'y', 'true', '1', '是', '计划内']],
          [false, ['no', 'n', 'false', '0', '否', '计划外']],
        ],
        false,
        YES_NO,
      ),
      note: optionalWords(1000, text('at most 1000 characters', '不超过 1000 个字符')),
      edgeSeconds: edge,
    })
    .superRefine((row, context) => checkSpan(row, settings.now, context));
}

/** Refuses a span that is empty, the wrong way round, or not over yet; shared by both kinds of files. */
export function checkSpan(
  row: { readonly from: number | null; readonly to: number | null },
  now: number,
  context: z.RefinementCtx,
  mayBeOpen = false,
): void {
  const refuse = (path: 'from' | 'to', code: string, problem: ReturnType<typeof text>, expected: ReturnType<typeof text>) =>
    context.addIssue({ code: 'custom', path: [path], message: problem.en, params: { complaint: { code, problem, expected } } });
  const time = text('a time', '时间');
  if (row.from === null) refuse('from', 'empty', text('is empty', '为空'), time);
  if (row.to === null && !mayBeOpen) refuse('to', 'empty', text('is empty', '为空'), time);
  if (row.from !== null && row.to !== null && row.to === row.from)
    refuse('to', 'zero-length', text('a span of zero length', '时长为零'), text('a time after from', '晚于开始的时间'));
  if (row.from !== null && row.to !== null && row.to < row.from)
    refuse('to', 'ends-before-it-begins', text('ends before it begins', '结束早于开始'), text('a time after from', '晚于开始的时间'));
  for (const path of ['from', 'to'] as const) {
    if ((row[path] ?? 0) > now)
      refuse(path, 'in-the-future', text('lies in the future', '在将来'), text('a time that is past', '已过去的时间'));
  }
}

/** One line as a row, or everything that is wrong with it. */
export function readOutageRow(
  schema: ReturnType<typeof outageRowSchema>,
  cells: Readonly<Record<string, string>>,
): OutageRow | CellFault<OutageColumn>[] {
  const read = schema.safeParse(cells);
  if (!read.success) return cellFaults<OutageColumn>(read.error, cells);
  const { edgeSeconds, ...row } = read.data;
  return { ...row, from: row.from as number, to: row.to as number, edgeMs: edgeSeconds };
}
