/** What devices answer that do not keep to the rules. */
import { encode, encodeOid, TAG } from './ber.ts';
import type { Hostility } from './hostility.ts';
import { compareIds, FixedSource, isUnder, type Oid, oid, type Source, type Tree, type Variable } from './tree.ts';

const NO_SUCH_OBJECT = new FixedSource(Uint8Array.from([TAG.noSuchObject, 0]));
const WRONG = new FixedSource(encode(TAG.octets, Buffer.from('not a number', 'utf8')));
const NUMBERS: readonly number[] = [TAG.counter32, TAG.gauge32, TAG.ticks, TAG.counter64];

/** The value such a device gives for this variable. */
export function bentSource(hostile: Hostility, ids: readonly number[], source: Source): Source | 'genErr' {
  if (hostile.genErr !== undefined && isUnder(ids, oid(hostile.genErr).ids)) return 'genErr';
  if (hostile.noSuchObject !== undefined && isUnder(ids, oid(hostile.noSuchObject).ids)) return NO_SUCH_OBJECT;
  if (hostile.wrongTypes && NUMBERS.includes(source.tag)) return WRONG;
  return source;
}

/** The variable such a device names as the next. */
export function bentNext({ endless, loop }: Hostility, tree: Tree, ids: readonly number[]): Variable | undefined {
  const position = tree.after(ids);
  const honest = tree.variables[position];
  if (endless !== undefined) {
    const column = oid(endless).ids;
    const inside = honest !== undefined && isUnder(honest.oid.ids, column);
    const last = tree.variables[position - 1];
    if (!inside && isUnder(ids, column) && last !== undefined) return { oid: oneMore(ids, column), source: last.source };
  }
  if (loop !== undefined) {
    const column = oid(loop).ids;
    const first = tree.after(column);
    const fourth = tree.variables[first + 3];
    const reached = fourth === undefined || compareIds(honest?.oid.ids ?? ids, fourth.oid.ids) >= 0;
    if (isUnder(ids, column) && reached && ids.length > column.length) return tree.variables[first];
  }
  return honest;
}

/** The identifier after this one in the column. It is not kept among the known ones: there is no end of them. */
function oneMore(ids: readonly number[], column: readonly number[]): Oid {
  const index = ids.length > column.length ? (ids[column.length] as number) + 1 : 1;
  const made = [...column, index];
  return { text: made.join('.'), ids: made, encoded: encodeOid(made) };
}
