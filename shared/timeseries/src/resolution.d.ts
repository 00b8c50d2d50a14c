import { type SeriesAnswer, type SeriesQuestion } from '@beacontower/contracts';
import type { Retention } from './port.ts';
export declare const SECOND = 1000;
export declare const MINUTE = 60000;
export declare const HOUR = 3600000;
export declare const DAY = 86400000;
export type Source = SeriesAnswer['source'];
/** What is kept beside raw rows: roll-ups by the length of their buckets. */
export declare const ROLLUPS: readonly [{
    readonly source: "5m";
    readonly bucketMs: number;
    readonly keep: "fiveMinutesMs";
}, {
    readonly source: "1h";
    readonly bucketMs: 3600000;
    readonly keep: "hourMs";
}];
export type Rollup = (typeof ROLLUPS)[number];
export interface Resolution {
    readonly step: number;
    readonly source: Source;
}
/** The step and the rows that answer a question; a finer one than is kept, or than fits in an answer, is widened. */
export declare function resolutionOf(question: SeriesQuestion, retention: Retention, now: number): Resolution;
/** Bucket length of a source; raw rows stand for themselves. */
export declare function bucketOf(source: Source): number;
/** Raw rows go by whole days, so the day in which the last of them lies is still whole. */
export declare function rawSince(retention: Retention, now: number): number;
export declare function dayOf(at: number): number;
