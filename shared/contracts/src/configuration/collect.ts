/** From parsed files to checked items, each of which knows its file and path. Semantic checks go on over whatever is whole. */
import { z } from 'zod';
import { type Path, pathText, type SourceDocument, valueAt } from './document.ts';
import { explainIssue, unknownKey } from './explain.ts';
import { type Fault, placeText, text } from './fault.ts';
import { DefaultsYaml, LIST_SECTIONS, LISTS, type ListItem, type ListSection, NodeYaml, OBJECT_SECTIONS, SECTIONS } from './schema.ts';

/**
 * One item of the configuration. An item at fault is not `whole`: its `value` lacks what was wrong (null when nothing useful is
 * left), so that the rest of it is still looked at and every fault is said at once; its id counts as known.
 */
export interface Item<T> {
  readonly document: SourceDocument;
  readonly path: Path;
  readonly id: string | null;
  readonly value: T | null;
  readonly whole: boolean;
}

/** The items of a section that have a value at all. */
export function whole<T>(items: readonly Item<T>[]): { item: Item<T>; value: T }[] {
  return items.flatMap((item) => (item.value === null ? [] : [{ item, value: item.value }]));
}

export type Items = { readonly [S in ListSection]: Item<ListItem<S>>[] };

export interface Collected {
  readonly node: Item<z.infer<typeof NodeYaml>> | null;
  readonly defaults: Item<DefaultsYaml> | null;
  readonly items: Items;
  readonly faults: Fault[];
}

export function collect(documents: readonly SourceDocument[]): Collected {
  const items = Object.fromEntries(LIST_SECTIONS.map((section) => [section, []])) as unknown as { [S in ListSection]: Item<ListItem<S>>[] };
  const faults: Fault[] = documents.flatMap((document) => document.faults);
  for (const document of documents) {
    if (document.value === undefined) continue;
    if (!isMapping(document.value)) {
      faults.push(document.fault([], { ...NOT_SECTIONS }));
      continue;
    }
    for (const key of Object.keys(document.value)) {
      if (!SECTIONS.includes(key)) faults.push(document.fault([key], unknownKey(key, SECTIONS), 'key'));
    }
    for (const section of LIST_SECTIONS) collectList(document, section, items[section] as Item<unknown>[], faults);
  }
  const node = single(documents, 'node', NodeYaml, faults);
  const defaults = single(documents, 'defaults', DefaultsYaml, faults);
  duplicateIds(items, faults);
  return { node, defaults, items, faults };
}

function collectList(document: SourceDocument, section: ListSection, into: Item<unknown>[], faults: Fault[]): void {
  const list = valueAt(document.value, [section]);
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) {
    faults.push(document.fault([section], NOT_A_LIST));
    return;
  }
  list.forEach((raw, i) => {
    into.push(check(document, [section, i], raw, LISTS[section], faults));
  });
}

function check<S extends z.ZodType>(document: SourceDocument, path: Path, raw: unknown, schema: S, faults: Fault[]): Item<z.infer<S>> {
  const exact = sortOf(schema, raw);
  const result = exact.safeParse(raw);
  const rawId = isMapping(raw) ? raw.id : undefined;
  const id = typeof rawId === 'string' ? rawId : null;
  if (result.success) return { document, path, id, value: result.data as z.infer<S>, whole: true };
  for (const issue of result.error.issues) {
    for (const explained of explainIssue(issue, raw, exact)) {
      faults.push(document.fault([...path, ...explained.path], explained.complaint, explained.at));
    }
  }
  const bad = new Set(
    result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
    ),
  );
  return { document, path, id, value: salvage(raw, exact, bad) as z.infer<S> | null, whole: false };
}

/** Of items of several sorts the schema of the one it is, so that only its own keys are known; the schema itself where that is not clear. */
function sortOf(schema: z.ZodType, raw: unknown): z.ZodType {
  if (!(schema instanceof z.ZodDiscriminatedUnion) || !isMapping(raw)) return schema;
  const { discriminator, options } = schema.def;
  const own = options.find((option) => {
    const sort: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined;
    return sort instanceof z.ZodLiteral && sort.values.has(raw[discriminator] as z.core.util.Literal);
  });
  return own instanceof z.ZodType ? own : schema;
}

const partials = new WeakMap<z.ZodObject, z.ZodType>();
/** Making a schema costs a millisecond: too much for each of ten thousand faulty items. */
function partialOf(schema: z.ZodObject): z.ZodType {
  const known = partials.get(schema) ?? schema.partial();
  partials.set(schema, known);
  return known;
}

/** Keys without which the rest of an item says nothing. */
const ESSENTIAL = ['id', 'targets', 'layers', 'steps', 'test'];

/** What is left of an item without its faulty keys. Only used to find more faults: nothing is made of a configuration that has one. */
function salvage<S extends z.ZodType>(raw: unknown, schema: S, bad: ReadonlySet<PropertyKey>): z.infer<S> | null {
  if (!isMapping(raw) || !(schema instanceof z.ZodObject)) return null;
  const needed = (schema as z.ZodType) === NodeYaml ? [] : ESSENTIAL;
  if (needed.some((key) => key in schema.shape && (bad.has(key) || raw[key] === undefined))) return null;
  const rest = Object.fromEntries(Object.entries(raw).filter(([key]) => !bad.has(key)));
  const result = partialOf(schema).safeParse(rest);
  return result.success ? (result.data as z.infer<S>) : null;
}

function single<S extends z.ZodType>(
  documents: readonly SourceDocument[],
  section: string,
  schema: S,
  faults: Fault[],
): Item<z.infer<S>> | null {
  const holders = documents.filter(
    (document) => isMapping(document.value) && document.value[section] !== undefined && document.value[section] !== null,
  );
  const [first, ...others] = holders;
  if (first === undefined) return null;
  const place = placeText(first.locate([section], 'key'));
  for (const other of others) {
    faults.push(
      other.fault(
        [section],
        {
          code: 'duplicate-section',
          problem: text(`"${section}" stands in two files`, `"${section}" 出现在两个文件中`),
          expected: text(`it only once; the first is at ${place}`, `只出现一次；首次出现在 ${place}`),
          found: null,
        },
        'key',
      ),
    );
  }
  return check(first, [section], valueAt(first.value, [section]), schema, faults);
}

/** Objects of all sorts share one space of ids, as their ids become global ones; every other section has its own. */
function duplicateIds(items: Items, faults: Fault[]): void {
  const spaces = new Map<string, Map<string, Item<unknown>>>();
  for (const section of LIST_SECTIONS) {
    const space = section in OBJECT_SECTIONS ? 'objects' : section;
    const seen = spaces.get(space) ?? new Map<string, Item<unknown>>();
    spaces.set(space, seen);
    for (const item of items[section] as Item<unknown>[]) {
      if (item.id === null) continue;
      const first = seen.get(item.id);
      if (first === undefined) {
        seen.set(item.id, item);
        continue;
      }
      const idPath = [...first.path, 'id'];
      const place = `${placeText(first.document.locate(idPath))} (${pathText(idPath)})`;
      faults.push(
        item.document.fault([...item.path, 'id'], {
          code: 'duplicate-id',
          problem: text(`the id "${item.id}" is used twice`, `标识 "${item.id}" 重复`),
          expected: text(`an id of its own; the first is at ${place}`, `唯一的标识；首次出现在 ${place}`),
        }),
      );
    }
  }
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

const NOT_SECTIONS = {
  code: 'wrong-type',
  problem: text('the file does not hold sections', '文件内容不是配置段'),
  expected: text('keys such as "node:" and "devices:" at the top', '顶层为 "node:"、"devices:" 等键'),
};
const NOT_A_LIST = {
  code: 'wrong-type',
  problem: text('the section is not a list', '该段不是列表'),
  expected: text('a list: each item on a line that begins with "-"', '列表：每项以 "-" 开头'),
};
