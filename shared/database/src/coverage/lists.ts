/** The dated lists of divisions in `config/divisions`: data with a source, a licence and a date, read when first asked for. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COVERAGE_LEVELS, type DatedList, type ListedDivision } from '@beacontower/domain';
import { z } from 'zod';

/** Where the lists lie that come with the system. */
export const DIVISION_LISTS = fileURLToPath(new URL('../../../../config/divisions/', import.meta.url));

const text = z.string().min(1);
const count = z.number().int().nonnegative();
/** A file of `config/divisions` (docs/coverage.md). */
const ListFile = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]+$/),
    kind: z.enum(['divisions', 'corps']),
    name: text,
    nameEn: text,
    date: z.iso.date(),
    source: text,
    licence: text,
    countsEn: text,
    countsZh: text,
    assumptions: z.array(z.strictObject({ id: text, textZh: text, textEn: text })),
    convertedAt: z.iso.date(),
    counts: z.strictObject({ province: count, city: count, county: count }),
    divisions: z.array(z.tuple([z.string().regex(/^(\d{6}|[A-Z][A-Z0-9]{2,15})$/), text, z.enum(COVERAGE_LEVELS), text.nullable()])),
  })
  .superRefine(checkDivisions);
type ListFile = z.infer<typeof ListFile>;

/** A list with everything that has to be said beside its numbers. */
export interface DivisionList extends DatedList, Omit<ListFile, 'divisions' | 'id' | 'kind' | 'date'> {
  readonly divisions: readonly ListedDivision[];
}

// A list that is not what it says of itself would make a figure wrong without a word.
function checkDivisions(
  list: { kind: string; counts: Record<string, number>; divisions: [string, string, string, string | null][] },
  context: z.RefinementCtx,
) {
  const fail = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
  const codes = new Set<string>();
  list.divisions.forEach(([code, , , parent], index) => {
    if (codes.has(code)) fail(['divisions', index], `the code ${code} is there twice`);
    codes.add(code);
    if (list.kind === 'corps' && /^\d/.test(code))
      fail(['divisions', index], `${code} could be taken for a code of GB/T 2260; an internal one begins with a letter`);
    if (parent === code) fail(['divisions', index], `${code} lies below itself`);
  });
  list.divisions.forEach(([code, , , parent], index) => {
    if (parent !== null && !codes.has(parent)) fail(['divisions', index], `${parent}, above ${code}, is not in the list`);
  });
  for (const level of COVERAGE_LEVELS) {
    const found = list.divisions.filter((division) => division[2] === level).length;
    if (found !== list.counts[level]) fail(['counts', level], `says ${list.counts[level]}, but the list has ${found}`);
  }
}

const read = new Map<string, Promise<readonly DivisionList[]>>();

/** Every list of a directory, by id. Read once a process: the files come with the release. Rejects with the file and what is wrong in it. */
export function readDivisionLists(directory = DIVISION_LISTS): Promise<readonly DivisionList[]> {
  let lists = read.get(directory);
  if (lists === undefined) {
    lists = readAll(directory);
    read.set(directory, lists);
    lists.catch(() => read.delete(directory));
  }
  return lists;
}

async function readAll(directory: string): Promise<DivisionList[]> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map(async (name) => parseList(name, await readFile(join(directory, name), 'utf8'))));
}

function parseList(name: string, content: string): DivisionList {
  const parsed = ListFile.safeParse(JSON.parse(content));
  if (!parsed.success) throw new Error(`config/divisions/${name}: ${z.prettifyError(parsed.error)}`);
  const { divisions, ...facts } = parsed.data;
  return { ...facts, divisions: divisions.map(([code, title, level, parent]) => ({ code, name: title, level, parent })) };
}
