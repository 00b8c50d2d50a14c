/** From zod's issues to complaints in plain words. */
import { z } from 'zod';
import { CHANNEL_KINDS } from './channel-schema.ts';
import { type Path, valueAt } from './document.ts';
import { type Complaint, type Text, text } from './fault.ts';
import { nearest } from './suggest.ts';
import { complaintOf } from './values.ts';

export interface Explained {
  readonly path: Path;
  readonly at: 'key' | 'value';
  readonly complaint: Complaint;
}

const TYPES: Readonly<Record<string, Text>> = {
  string: text('text (put a number in quotes, so that it stays as it is written)', '文本（数字请加引号，以保持原样）'),
  number: text('a number', '数字'),
  int: text('a whole number', '整数'),
  array: text('a list', '列表'),
  object: text('a mapping of keys to values', '键值映射'),
  record: text('a mapping of keys to values', '键值映射'),
  tuple: text('a list of two', '含两项的列表'),
  boolean: text('true or false', 'true 或 false'),
};

const UNIONS: Readonly<Record<string, Text>> = {
  parents: text(
    'a list of ids, or {any: [ids]}, {all: [ids]} or {atLeast: k, of: [ids]}',
    '标识列表，或 {any: [标识]}、{all: [标识]}、{atLeast: k, of: [标识]}',
  ),
  combines: text(
    '{any: [ids]}, {all: [ids]} or {atLeast: k, of: [ids]}, at least one id',
    '{any: [标识]}、{all: [标识]} 或 {atLeast: k, of: [标识]}，至少一个标识',
  ),
  period: text(
    'day, week, month, quarter, half-year, year, or {rolling: 30d}',
    'day、week、month、quarter、half-year、year，或 {rolling: 30d}',
  ),
  close: text('by-hand, or {after: 5d}', 'by-hand，或 {after: 5d}'),
  warnings: text(
    'default, none, or a list of {severity, long, short, rate}',
    'default、none，或由 {severity, long, short, rate} 组成的列表',
  ),
  holidays: text('the id of a list of holidays such as cn, or a list of such ids', '节假日表标识（如 cn），或由其组成的列表'),
  spans: text('a list of spans such as ["08:30-12:00"], or off', '时段列表，如 ["08:30-12:00"]，或 off'),
  limit: text('{messages: 20, per: 1m}, or none', '{messages: 20, per: 1m}，或 none'),
  calendar: text(
    'the id of a calendar, or {id: office-hours, when: inside} (or outside)',
    '日历标识，或 {id: office-hours, when: inside}（或 outside）',
  ),
  test: text(
    'restart, {state: down}, or {metric: utilisation, above: 80%, clear: 70%}',
    'restart、{state: down}，或 {metric: utilisation, above: 80%, clear: 70%}',
  ),
  above: text('a limit such as 80% or 150ms', '阈值，如 80% 或 150ms'),
  below: text('a limit such as 80% or 150ms', '阈值，如 80% 或 150ms'),
  clear: text('a limit such as 80% or 150ms', '阈值，如 80% 或 150ms'),
  ends: text(
    'two ends, each {object: id}, {object: id, interface: name} or {place: words}',
    '两端，各为 {object: 标识}、{object: 标识, interface: 接口名} 或 {place: 文字}',
  ),
};
const SNMP_FORMS = text(
  'true, the id of a credential, or a mapping such as {credential: id, interval: 60s}',
  'true、凭据标识，或形如 {credential: 标识, interval: 60s} 的映射',
);
/** What tells the sorts of an item apart, and what there is. */
const SORTS: Readonly<Record<string, string>> = { kind: CHANNEL_KINDS.join(', '), version: '1, 2c, 3' };

/** One issue may be several complaints: each unknown key is its own. `value` is what was parsed, `schema` what with. */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown, schema: z.core.$ZodType): Explained[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? part.toString() : part));
  const missing = typeof path.at(-1) === 'string' && valueAt(value, path) === undefined;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], at: 'key', complaint: unknownKey(key, known) }));
  }
  const meant = issue.code === 'invalid_union' ? branchMeant(issue) : null;
  if (meant !== null) {
    return meant.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] }, value, schema));
  }
  const complaint = complaintOf(issue) ?? standard(issue, path);
  if (!missing) return [{ path, at: 'value', complaint }];
  const name = String(path.at(-1));
  const problem = text(`"${name}" is missing`, `缺少 "${name}"`);
  return [{ path, at: 'value', complaint: { code: 'missing-key', problem, expected: complaint.expected, found: null } }];
}

/** The issues of the one form of a value that it has by its shape, when only something inside is wrong; null when that is not clear. */
function branchMeant(issue: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] | null {
  const [meant, ...others] = issue.errors.filter((inner) => inner.length > 0 && inner.every((one) => one.path.length > 0));
  return meant !== undefined && others.length === 0 ? meant : null;
}

export function unknownKey(key: string, known: readonly string[]): Complaint {
  // A sort of the item that is not this one may know the key.
  const others = new Set(known.filter((name) => name !== key));
  const near = nearest(key, others);
  const list = [...others].sort().join(', ');
  return {
    code: 'unknown-key',
    problem: text(`the key "${key}" is not known`, `未知的键 "${key}"`),
    expected: near === null ? text(`one of ${list}`, `以下之一：${list}`) : text(`did you mean "${near}"?`, `是否想写 "${near}"？`),
    found: key,
  };
}

function standard(issue: z.core.$ZodIssue, path: Path): Complaint {
  const wrongType = text('the value is of the wrong type', '值的类型不对');
  switch (issue.code) {
    case 'invalid_type':
      return {
        code: 'wrong-type',
        problem: wrongType,
        expected: path.length === 1 && path[0] === 'snmp' ? SNMP_FORMS : (TYPES[issue.expected] ?? text(issue.expected, issue.expected)),
      };
    case 'invalid_value': {
      const values = issue.values.map(String).join(', ');
      return {
        code: 'bad-value',
        problem: text('the value is not one of the known ones', '值不在允许范围内'),
        expected: text(`one of ${values}`, `以下之一：${values}`),
      };
    }
    case 'too_small':
      return {
        code: 'too-small',
        problem: text('the value is too small', '值过小'),
        expected:
          issue.inclusive === false
            ? text(`more than ${issue.minimum}`, `大于 ${issue.minimum}`)
            : limit('at least', '不小于', issue.minimum, issue.origin),
      };
    case 'too_big':
      return {
        code: 'too-big',
        problem: text('the value is too large', '值过大'),
        expected: limit('at most', '不大于', issue.maximum, issue.origin),
      };
    case 'invalid_union':
      return unionComplaint(issue, path, wrongType);
    default:
      return { code: 'bad-value', problem: text('the value cannot be used', '值不可用'), expected: text(issue.message, issue.message) };
  }
}

function unionComplaint(issue: z.core.$ZodIssueInvalidUnion, path: Path, problem: Text): Complaint {
  const sorts = SORTS[String(path.at(-1))];
  if (sorts !== undefined) {
    return {
      code: 'bad-value',
      problem: text('the value is not one of the known ones', '值不在允许范围内'),
      expected: text(`one of ${sorts}`, `以下之一：${sorts}`),
    };
  }
  const name = [...path].reverse().find((part) => typeof part === 'string' && part in UNIONS);
  return { code: 'wrong-type', problem, expected: UNIONS[String(name)] ?? text(issue.message, issue.message) };
}

function limit(en: string, zh: string, value: number | bigint, origin: string): Text {
  return origin === 'array' ? text(`${en} ${value} in the list`, `列表${zh} ${value} 项`) : text(`${en} ${value}`, `${zh} ${value}`);
}

/** The keys a schema knows at a path. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return keysAt(schema.unwrap(), path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => keysAt(option as z.core.$ZodType, path));
  if (schema instanceof z.ZodPipe) return keysAt(schema.def.out, path);
  const [head, ...rest] = path;
  if (schema instanceof z.ZodObject) {
    const inner: unknown = head === undefined ? undefined : schema.shape[head];
    return head === undefined ? Object.keys(schema.shape) : inner === undefined ? [] : keysAt(inner as z.core.$ZodType, rest);
  }
  if (schema instanceof z.ZodArray) return keysAt(schema.element as z.core.$ZodType, rest);
  if (schema instanceof z.ZodTuple) return keysAt(schema.def.items[0] as z.core.$ZodType, rest);
  return [];
}
