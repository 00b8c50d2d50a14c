import { type DuckDBAppender, type DuckDBMaterializedResult, type DuckDBType } from '@duckdb/node-api';
import { type Column, type Columns, type Samples } from '../rows.ts';
/** The type of each column of a table, in the order of `LAYOUT`. */
export declare function typesOf(samples: Samples): readonly DuckDBType[];
/**
 * Writes rows into an appender chunk by chunk, whole columns at a time: no value becomes a BigInt. One chunk is used again and
 * again, since a new one per batch is memory that DuckDB does not give back.
 */
export declare class ChunkWriter {
    #private;
    constructor(samples: Samples);
    append(appender: DuckDBAppender, rows: Columns): void;
}
/** Constructors of typed arrays a result can be read into. */
export type Maker = Float64ArrayConstructor | Uint32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor;
/** A whole result as typed arrays; the query must give columns of just these widths and no NULL. */
export declare function readColumns(result: DuckDBMaterializedResult, makers: readonly Maker[]): Promise<{
    count: number;
    columns: Column[];
}>;
