import { type Rollup } from '../resolution.ts';
import { type Samples } from '../rows.ts';
/** Written into every file; a file without it is not ours. */
export declare const FORMAT = "beacontower-samples";
export declare const FORMAT_VERSION = 1;
export declare function quote(text: string): string;
/** `2026-11-22` of a day, `2026-11` of the month in which it lies. */
export declare const dayName: (day: number) => string;
export declare const monthName: (at: number) => string;
/** The hour of the day in which a row lies: 0 to 23. */
export declare const hourOf: (at: number) => number;
/** Rows of an hour as they came, until the hour is over and they go, in order, to the day's table. */
export declare const freshTable: (samples: Samples, hour: number) => string;
export declare function rawColumns(samples: Samples): string;
/** `touched`: checks of which rows came after the day was rolled up. */
export declare const DAY_SCHEMA: readonly string[];
/** `progress`: the check from which a day is still to be rolled up; NULL when it is done. */
export declare function rollupSchema({ source }: Rollup): readonly string[];
/** The select list that makes a roll-up's rows out of raw rows, or out of the rows of a finer roll-up. */
export declare function rollupSelect(samples: Samples, bucketMs: number, from: 'raw' | 'rolled'): string;
/** Rows that say nothing of a rate or of loss are in no roll-up. */
export declare const ROLLABLE: Readonly<Record<Samples, string>>;
/** Fields as doubles, NULL as NaN: what `readColumns` takes. */
export declare function asDoubles(fields: readonly string[]): string;
/** All columns of raw rows as `LAYOUT` has them. */
export declare function asRows(samples: Samples): string;
/** The columns of an export, for other programs: times as timestamps, units in the names, status in its two parts. */
export declare function asExported(samples: Samples): string;
