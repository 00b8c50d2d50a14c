import type { ExportOrder, SeriesQuestion } from '@beacontower/contracts';
import type { PackedRows } from '../rows.ts';
import type { Engine } from './engine.ts';
import type { Period } from './reading.ts';

/** What the thread of the store is asked; `now` is the caller's clock. */
export type Request =
  | { readonly op: 'open' | 'close' | 'offsets' | 'state' }
  | { readonly op: 'write'; readonly lots: readonly PackedRows[]; readonly offsets: ReadonlyMap<number, string>; readonly now: number }
  | { readonly op: 'series'; readonly question: SeriesQuestion; readonly now: number }
  | { readonly op: 'slice'; readonly period: Period }
  | { readonly op: 'maintain'; readonly now: number }
  | { readonly op: 'copy'; readonly order: ExportOrder };

/** What each request is answered with. */
export interface Answers {
  readonly open: undefined;
  readonly close: undefined;
  readonly offsets: Awaited<ReturnType<Engine['offsets']>>;
  readonly state: Awaited<ReturnType<Engine['state']>>;
  readonly write: Awaited<ReturnType<Engine['write']>>;
  readonly series: Awaited<ReturnType<Engine['series']>>;
  readonly slice: Awaited<ReturnType<Engine['slice']>>;
  readonly maintain: undefined;
  readonly copy: number;
}

/** From the thread: an answer, a refusal, or something to tell. */
export type Message =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string }
  | { readonly setAside: { readonly file: string; readonly to: string; readonly fault: string } };
