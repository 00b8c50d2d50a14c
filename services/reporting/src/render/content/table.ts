import type { Bilingual } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';
import type { Cell, Column, Table } from './content.ts';

/** A column: its heading, what is in it, how wide it is beside the others, and its cell of a row. */
export type Field<Row> = readonly [heading: Bilingual, kind: Cell['kind'], weight: number, cell: (row: Row) => Cell];

/** A column of a table. */
export function column(heading: Bilingual, kind: Cell['kind'], weight: number, language: Language): Column {
  return { heading: heading[language], kind, weight };
}

/** Columns and rows of a table, a field beside its heading so that they cannot fall out of step. */
export function tabulate<Row>(rows: readonly Row[], language: Language, fields: readonly Field<Row>[]): Pick<Table, 'columns' | 'rows'> {
  return {
    columns: fields.map(([heading, kind, weight]) => column(heading, kind, weight, language)),
    rows: rows.map((row) => fields.map(([, , , cell]) => cell(row))),
  };
}
