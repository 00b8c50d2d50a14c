import type { IcmpRows, InterfaceRows } from './port.ts';
/** The two tables of samples. */
export declare const SAMPLES: readonly ["interfaces", "icmp"];
export type Samples = (typeof SAMPLES)[number];
/** In a column of round-trip times: there was no reply. */
export declare const NO_REPLY = 4294967295;
export type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array;
type ColumnMaker = Float64ArrayConstructor | Uint32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor;
interface ColumnLayout {
    readonly name: string;
    readonly make: ColumnMaker;
}
/** The columns of each kind of row in the order in which they travel and are stored. */
export declare const LAYOUT: Readonly<Record<Samples, readonly ColumnLayout[]>>;
/** Rows as a list of columns in the order of `LAYOUT`. */
export interface Columns {
    readonly samples: Samples;
    readonly count: number;
    readonly columns: readonly Column[];
}
/** Room for `count` rows. */
export declare function makeColumns(samples: Samples, count: number): Columns;
export declare function columnsOfInterfaces(rows: InterfaceRows): Columns;
export declare function columnsOfIcmp(rows: IcmpRows): Columns;
/** The same columns under their names. */
export declare function interfaceRows({ count, columns }: Columns): InterfaceRows;
export declare function icmpRows({ count, columns }: Columns): IcmpRows;
/** Room for `count` rows of interfaces, all zero. */
export declare const makeInterfaceRows: (count: number) => InterfaceRows;
/** Room for `count` rows of ICMP, all zero. */
export declare const makeIcmpRows: (count: number) => IcmpRows;
/** The rows at `indices`, in that order; the same object when that is all of them. */
export declare function takeRows(rows: Columns, indices: readonly number[]): Columns;
/** The column of check keys and that of times. */
export declare function keysOf({ columns }: Columns): {
    readonly check: Uint32Array;
    readonly at: Float64Array;
};
/** Several lots of rows of one kind, one after the other. */
export declare function joinRows(samples: Samples, lots: readonly Columns[]): Columns;
/** Rows copied into one block of memory, which can be handed to another thread while the caller keeps its own. */
export interface PackedRows {
    readonly samples: Samples;
    readonly count: number;
    readonly block: ArrayBuffer;
}
export declare function packRows({ samples, count, columns }: Columns): PackedRows;
export declare function unpackRows({ samples, count, block }: PackedRows): Columns;
export {};
