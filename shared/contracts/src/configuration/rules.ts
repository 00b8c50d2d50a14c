/** "any", "all" or "at least so many" of other objects, as parents and composites say it; references resolved, doubles told. */
import type { ObjectBody } from '../entities.ts';
import { type Item, isMapping } from './collect.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';

/** As it is written: one id, a list (any of them), or a mapping. */
export type RuleYaml =
  | string
  | readonly string[]
  | { readonly any: readonly string[] }
  | { readonly all: readonly string[] }
  | { readonly atLeast: number; readonly of: readonly string[] };

/** The words for what is named, and the code of a name that stands twice. */
export interface RuleWords {
  readonly twice: Complaint;
  readonly tooMany: (count: number) => Complaint;
}

export interface Rule {
  /** Local ids. */
  readonly ids: string[];
  readonly rule: ObjectBody['dependency']['rule'];
}

/** Reads the rule at `key` of an item. Faults go to `around.faults`. */
export function readRule(around: Surroundings, item: Item<unknown>, key: string, given: RuleYaml, words: RuleWords): Rule {
  const [names, path] = namesOf(given, key);
  const ids: string[] = [];
  names.forEach((name, i) => {
    const at = typeof given === 'string' ? path : [...path, i];
    const local = around.references.resolve('object', name, item, at);
    if (local === null) return;
    if (ids.includes(local)) around.faults.push(item.document.fault([...item.path, ...at], words.twice));
    else ids.push(local);
  });
  if (!isMapping(given) || 'any' in given) return { ids, rule: { require: 'any' } };
  if ('all' in given) return { ids, rule: { require: 'all' } };
  const distinct = new Set(names).size;
  if (given.atLeast > distinct) around.faults.push(item.document.fault([...item.path, key, 'atLeast'], words.tooMany(distinct)));
  return { ids, rule: { require: 'at-least', count: given.atLeast } };
}

function namesOf(given: RuleYaml, key: string): [readonly string[], Path] {
  if (typeof given === 'string') return [[given], [key]];
  if (!isMapping(given)) return [given as readonly string[], [key]];
  if ('any' in given) return [given.any, [key, 'any']];
  return 'all' in given ? [given.all, [key, 'all']] : [given.of, [key, 'of']];
}

export const PARENT_WORDS: RuleWords = {
  twice: {
    severity: 'warning',
    code: 'parent-twice',
    problem: text('the parent is named twice', '上级重复出现'),
    expected: text('each parent once', '每个上级只写一次'),
  },
  tooMany: (count) => ({
    code: 'at-least-too-many',
    problem: text(`more parents are required than there are (${count})`, `要求的上级数多于实际数量（${count}）`),
    expected: text(`at most ${count}`, `不大于 ${count}`),
  }),
};
