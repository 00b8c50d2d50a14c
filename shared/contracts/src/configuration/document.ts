/**
 * One YAML file as plain values that remember where they stand. Aliases are followed by our own walk, so that
 * a "bomb" of nested anchors ends in a fault and not in a full memory, and duplicate keys name both places.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { type Complaint, type Fault, type Place, show, text } from './fault.ts';
import { explainYaml, explainYamlErrors } from './yaml-errors.ts';

/** A file as it was read. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Path = readonly (string | number)[];

/** Largest configuration accepted, all files together: about 120,000 objects; reading it takes 2 GB of memory, as positions are kept. */
export const MAX_BYTES = 16 * 1024 * 1024;
/** Values that aliases may add to a file: far above honest use, far below what hurts. */
const MAX_ALIAS_VALUES = 2_000_000;
const MAX_DEPTH = 64;

/** A parsed file. `value` is undefined when the file could not be understood. */
export interface SourceDocument {
  readonly name: string;
  readonly value: unknown;
  readonly faults: readonly Fault[];
  /** Where the value at `path` stands (`at: 'key'` for its key); the nearest enclosing value when it is missing. */
  locate(path: Path, at?: 'key' | 'value'): Place;
  fault(path: Path, complaint: Complaint, at?: 'key' | 'value'): Fault;
}

/** `devices[3].addresses.ipv6` */
export function pathText(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');
}

const HARMLESS: Readonly<Record<string, readonly string[]>> = {
  channels: ['id', 'kind', 'port', 'tls', 'host', 'timeout', 'maxAttempts', 'inDoubt'],
  credentials: ['id', 'version', 'protocol'],
};

/** True where a value must never be shown: in a channel or a credential everything that could hold a secret. */
export function mayHoldSecret(path: Path): boolean {
  const harmless = HARMLESS[String(path[0])];
  return harmless !== undefined && !harmless.includes(String(path.at(-1)));
}

/** Reads one file of at most `limit` bytes: size, encoding, YAML. Never throws. */
export function readDocument(file: SourceFile, limit: number): SourceDocument {
  const decoded = decode(file, limit);
  const lines = new LineCounter();
  if (decoded.text === null) return new ParsedDocument(file.name, null, lines).refuse(decoded.complaint);
  if (decoded.text.trim() === '') return new ParsedDocument(file.name, null, lines).refuse(EMPTY);
  try {
    const parsed = parseDocument(decoded.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
    return new ParsedDocument(file.name, parsed, lines).read(decoded.text);
  } catch {
    // The parser recurses; only absurd nesting makes it run out of stack.
    return new ParsedDocument(file.name, null, lines).refuse(TOO_DEEP);
  }
}

class ParsedDocument implements SourceDocument {
  readonly name: string;
  readonly faults: Fault[] = [];
  value: unknown;
  private readonly parsed: Document.Parsed | null;
  private readonly lines: LineCounter;
  private readonly anchors = new Map<Node, { value: unknown; size: number }>();
  private readonly open = new Set<Node>();
  private values = 0;
  private aliasValues = 0;
  private exhausted = false;

  constructor(name: string, parsed: Document.Parsed | null, lines: LineCounter) {
    this.name = name;
    this.parsed = parsed;
    this.lines = lines;
  }

  refuse(complaint: Complaint): this {
    this.faults.push(this.fault([], complaint));
    return this;
  }

  read(source: string): this {
    const parsed = this.parsed;
    if (parsed === null) return this;
    if (parsed.errors.length > 0) {
      for (const { offset, complaint } of explainYamlErrors(parsed, source)) {
        this.faults.push(finish(this.placeAt(offset, ''), complaint, null));
      }
      return this;
    }
    if (parsed.contents === null || (isScalar(parsed.contents) && parsed.contents.value === null)) return this.refuse(EMPTY);
    this.value = this.plain(parsed.contents, []);
    return this;
  }

  locate(path: Path, at: 'key' | 'value' = 'value'): Place {
    let node: unknown = this.parsed?.contents ?? null;
    let offset = offsetOf(node) ?? 0;
    for (let i = 0; i < path.length; i++) {
      const part = path[i];
      node = this.resolve(node);
      const pair = isMap(node) ? node.items.find((item) => keyText(item) === String(part)) : undefined;
      const key = pair === undefined ? null : offsetOf(pair.key);
      node = isSeq(node) && typeof part === 'number' ? node.items[part] : pair?.value;
      const wanted = at === 'key' && i === path.length - 1 ? key : offsetOf(node);
      if (wanted === null && key === null) break;
      offset = wanted ?? key ?? offset;
    }
    return this.placeAt(offset, pathText(path));
  }

  fault(path: Path, complaint: Complaint, at: 'key' | 'value' = 'value'): Fault {
    const place = this.locate(path, at);
    const found = path.length === 0 || mayHoldSecret(path) ? null : (this.numberAsWritten(path) ?? show(valueAt(this.value, path)));
    return finish(place, complaint, found);
  }

  /** A number as it stands in the file: YAML drops leading zeros, which a person looks for. */
  private numberAsWritten(path: Path): string | null {
    let node: unknown = this.parsed?.contents;
    for (const part of path) {
      const whole = this.resolve(node);
      node = isMap(whole) || isSeq(whole) ? whole.get(part, true) : null;
    }
    const scalar = this.resolve(node);
    return isScalar(scalar) && typeof scalar.value === 'number' ? (scalar.source ?? null) : null;
  }

  private placeAt(offset: number, path: string): Place {
    const { line, col } = this.lines.lineStarts.length === 0 ? { line: 1, col: 1 } : this.lines.linePos(offset);
    return { file: this.name, line: Math.max(1, line), column: Math.max(1, col), path };
  }

  private complain(node: unknown, path: Path, complaint: Complaint): void {
    this.faults.push(finish(this.placeAt(offsetOf(node) ?? 0, pathText(path)), complaint, null));
  }

  private resolve(node: unknown): unknown {
    return isAlias(node) && this.parsed !== null ? node.resolve(this.parsed) : node;
  }

  private plain(node: unknown, path: (string | number)[]): unknown {
    this.values++;
    if (this.exhausted || node === null || node === undefined) return null;
    if (isScalar(node)) return typeof node.value === 'bigint' ? Number(node.value) : node.value;
    if (isAlias(node)) return this.follow(node, path);
    if (path.length > MAX_DEPTH) {
      this.complain(node, path, TOO_DEEP);
      return null;
    }
    const from = this.values;
    this.open.add(node as Node);
    const value = isSeq(node) ? this.list(node.items, path) : isMap(node) ? this.mapping(node.items, path) : null;
    this.open.delete(node as Node);
    if ((isSeq(node) || isMap(node)) && node.anchor !== undefined) this.anchors.set(node, { value, size: this.values - from + 1 });
    return value;
  }

  /** The value behind an alias is shared, not copied; only its size is counted, as every reader would walk it again. */
  private follow(alias: Node, path: Path): unknown {
    const target = this.resolve(alias) as Node | undefined;
    if (target === undefined || this.open.has(target)) {
      this.complain(alias, path, target === undefined ? explainYaml('BAD_ALIAS') : SELF_ALIAS);
      return null;
    }
    if (isScalar(target)) return target.value;
    const known = this.anchors.get(target);
    if (known === undefined) return null;
    this.values += known.size;
    this.aliasValues += known.size;
    if (this.aliasValues <= MAX_ALIAS_VALUES) return known.value;
    if (!this.exhausted) this.complain(alias, path, TOO_MANY_ALIASES);
    this.exhausted = true;
    return null;
  }

  private list(items: readonly unknown[], path: (string | number)[]): unknown[] {
    return items.map((item, i) => {
      path.push(i);
      const value = this.plain(item, path);
      path.pop();
      return value;
    });
  }

  private mapping(items: readonly Pair[], path: (string | number)[]): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    const seen = new Map<string, Pair>();
    for (const item of items) {
      const key = keyText(item);
      path.push(key ?? '?');
      const first = key === null ? undefined : seen.get(key);
      if (key === null || key === '__proto__') this.complain(item.key, path, BAD_KEY);
      else if (first !== undefined) this.complain(item.key, path, duplicateKey(key, this.placeAt(offsetOf(first.key) ?? 0, '')));
      else {
        seen.set(key, item);
        result[key] = this.plain(item.value, path);
      }
      path.pop();
    }
    return result;
  }
}

function finish(place: Place, complaint: Complaint, found: string | null): Fault {
  const { severity, code, problem, expected } = complaint;
  return {
    severity: severity ?? 'error',
    code,
    ...place,
    problem,
    expected,
    found: complaint.found === undefined ? found : complaint.found,
  };
}

function keyText(pair: Pair): string | null {
  return isScalar(pair.key) && ['string', 'number', 'boolean'].includes(typeof pair.key.value) ? String(pair.key.value) : null;
}

function offsetOf(node: unknown): number | null {
  const range = node !== null && typeof node === 'object' && 'range' in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null;
}

/** The plain value at `path`, undefined when there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const part of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}

function decode(file: SourceFile, limit: number): ({ text: string } & { complaint?: never }) | { text: null; complaint: Complaint } {
  if (file.bytes.length > limit) {
    return { text: null, complaint: TOO_LARGE };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(file.bytes) };
  } catch {
    return { text: null, complaint: NOT_UTF8 };
  }
}

const EMPTY: Complaint = {
  code: 'empty-file',
  problem: text('the file is empty', '文件为空'),
  expected: text('at least one section, such as "node:" or "devices:"', '至少一个配置段，例如 "node:" 或 "devices:"'),
};
const NOT_UTF8: Complaint = {
  code: 'not-utf-8',
  problem: text('the file is not UTF-8 text', '文件不是 UTF-8 文本'),
  expected: text('UTF-8 (save the file again with that encoding; GBK is not accepted)', 'UTF-8 编码（请另存为 UTF-8；不接受 GBK）'),
};
const TOO_LARGE: Complaint = {
  code: 'too-large',
  problem: text('the configuration is too large', '配置过大'),
  expected: text(`at most ${MAX_BYTES / 1024 / 1024} MiB in all files together`, `全部文件合计不超过 ${MAX_BYTES / 1024 / 1024} MiB`),
};
const TOO_DEEP: Complaint = {
  code: 'too-deep',
  problem: text('values are nested too deep', '嵌套层次过深'),
  expected: text(`at most ${MAX_DEPTH} levels`, `不超过 ${MAX_DEPTH} 层`),
};
const TOO_MANY_ALIASES: Complaint = {
  code: 'alias-limit',
  problem: text('aliases (*name) repeat too much', '别名 (*name) 展开过多'),
  expected: text(`at most ${MAX_ALIAS_VALUES} values added by aliases in one file`, `每个文件由别名展开的值不超过 ${MAX_ALIAS_VALUES} 个`),
};
const SELF_ALIAS: Complaint = {
  code: 'alias-of-itself',
  problem: text('an alias (*name) stands inside the value it repeats', '别名 (*name) 位于它所引用的值之内'),
  expected: text('an alias of a value that stands before it', '引用在它之前已结束的值'),
};
const BAD_KEY: Complaint = {
  code: 'bad-key',
  problem: text('a key is not plain text', '键不是普通文本'),
  expected: text('a name as key', '以名称作为键'),
};
const duplicateKey = (key: string, first: Place): Complaint => ({
  code: 'duplicate-key',
  problem: text(`the key "${key}" stands twice in one mapping`, `同一映射中键 "${key}" 出现两次`),
  expected: text(
    `each key once; the first is at line ${first.line}, column ${first.column}`,
    `每个键只出现一次；首次出现在第 ${first.line} 行第 ${first.column} 列`,
  ),
});
