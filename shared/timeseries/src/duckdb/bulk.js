import { BIGINT, DuckDBDataChunk, UBIGINT, UINTEGER, USMALLINT, UTINYINT, } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { LAYOUT, NO_REPLY } from "../rows.js";
const CHUNK_ROWS = 2_048;
const WORD = 0x1_0000_0000;
/** Columns in which `NO_REPLY` stands for NULL. */
const REPLIES = new Set(['rttMin', 'rttAvg', 'rttMax', 'jitter']);
/** The type of each column of a table, in the order of `LAYOUT`. */
export function typesOf(samples) {
    return LAYOUT[samples].map(({ name, make }) => {
        if (make === Float64Array)
            return name === 'at' ? BIGINT : UBIGINT;
        if (make === Uint32Array)
            return UINTEGER;
        return make === Uint16Array ? USMALLINT : UTINYINT;
    });
}
/**
 * Writes rows into an appender chunk by chunk, whole columns at a time: no value becomes a BigInt. One chunk is used again and
 * again, since a new one per batch is memory that DuckDB does not give back.
 */
export class ChunkWriter {
    #samples;
    #chunk;
    #words = new Uint32Array(2 * CHUNK_ROWS);
    #valid = new Uint8Array(CHUNK_ROWS / 8);
    constructor(samples) {
        this.#samples = samples;
        this.#chunk = DuckDBDataChunk.create(typesOf(samples));
    }
    append(appender, rows) {
        for (let start = 0; start < rows.count; start += CHUNK_ROWS) {
            const count = Math.min(CHUNK_ROWS, rows.count - start);
            this.#chunk.reset();
            this.#chunk.rowCount = count;
            for (const [index, column] of rows.columns.entries())
                this.#fill(index, column, start, count);
            appender.appendDataChunk(this.#chunk);
        }
    }
    #fill(index, column, start, count) {
        const vector = duckdb.data_chunk_get_vector(this.#chunk.chunk, index);
        let unknown = false;
        if (column instanceof Float64Array) {
            unknown = this.#wide(column, start, count);
            duckdb.copy_data_to_vector(vector, 0, this.#words.buffer, 0, count * 8);
        }
        else {
            const size = column.BYTES_PER_ELEMENT;
            duckdb.copy_data_to_vector(vector, 0, column.buffer, column.byteOffset + start * size, count * size);
            if (REPLIES.has(LAYOUT[this.#samples][index]?.name ?? ''))
                unknown = this.#noReplies(column, start, count);
        }
        if (!unknown)
            return;
        duckdb.vector_ensure_validity_writable(vector);
        duckdb.copy_data_to_vector_validity(vector, 0, this.#valid.buffer, 0, Math.ceil(count / 64) * 8);
    }
    /** Doubles that are whole numbers, as 64 bits each; what is not a number is NULL. Says whether there was one. */
    #wide(column, start, count) {
        let unknown = false;
        for (let i = 0; i < count; i++) {
            const value = column[start + i] ?? Number.NaN;
            if (value >= 0) {
                this.#words[2 * i] = value >>> 0;
                this.#words[2 * i + 1] = value / WORD;
            }
            else {
                unknown = this.#unset(i, unknown);
                this.#words[2 * i] = 0;
                this.#words[2 * i + 1] = 0;
            }
        }
        return unknown;
    }
    #noReplies(column, start, count) {
        let unknown = false;
        for (let i = 0; i < count; i++)
            if (column[start + i] === NO_REPLY)
                unknown = this.#unset(i, unknown);
        return unknown;
    }
    #unset(row, begun) {
        if (!begun)
            this.#valid.fill(0xff);
        this.#valid[row >> 3] = (this.#valid[row >> 3] ?? 0) & ~(1 << (row & 7));
        return true;
    }
}
/** A whole result as typed arrays; the query must give columns of just these widths and no NULL. */
export async function readColumns(result, makers) {
    const chunks = await result.fetchAllChunks();
    const count = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
    const columns = makers.map((make) => new make(count));
    let offset = 0;
    for (const chunk of chunks) {
        const rows = chunk.rowCount;
        for (const [index, column] of columns.entries()) {
            const size = column.BYTES_PER_ELEMENT;
            const data = duckdb.vector_get_data(duckdb.data_chunk_get_vector(chunk.chunk, index), rows * size);
            new Uint8Array(column.buffer, offset * size, rows * size).set(data.subarray(0, rows * size));
        }
        offset += rows;
    }
    return { count, columns };
}
//# sourceMappingURL=bulk.js.map