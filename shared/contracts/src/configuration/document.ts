/**
 * One YAML file as plain values that remember where they stand. Aliases are followed by our own walk, so that
 * a "bomb" of nested anchors ends in a fault and not in a full memory, and duplicate keys name both places.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type Scalar } from 'yaml';
import { isTooDeep } from './depth.ts';
import {
  BAD_KEY,
  duplicateKey,
  EMPTY,
  MAX_ALIAS_VALUES,
  MAX_DEPTH,
  NO_TEXT,
  NOT_UTF8,
  SELF_ALIAS,
  TOO_DEEP,
  TOO_LARGE,
  TOO_MANY_ALIASES,
} from './document-complaints.ts';
import { type Complaint, type Fault, type Place, show } from './fault.ts';
import { explainYaml, explainYamlErrors } from './yaml-errors.ts';

/** A file as it was read. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What PostgreSQL cannot hold in a text: NUL, and halves of characters. Only escapes can write it, as files are UTF-8. */
const UNSTORABLE = /\0|\p{Cs}/u;

export type Path = readonly (string | number)[];

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
  channels: [
    ...['id', 'kind', 'port', 'tls', 'host', 'timeout', 'maxAttempts', 'inDoubt', 'limit', 'limit.messages', 'limit.per', 'template'],
    ...['allowLocal', 'method', 'contentType', 'longest'],
  ],
  credentials: ['id', 'version', 'auth.protocol', 'privacy.protocol'],
};

/** True where a value must never be shown: in a channel or a credential everything that could hold a secret. */
export function mayHoldSecret(path: Path): boolean {
  const harmless = HARMLESS[String(path[0])];
  return harmless !== undefined && !harmless.includes(path.slice(2).join('.'));
}

/** Reads one file of at most `limit` bytes: size, encoding, YAML. Never throws. */
export function readDocument(file: SourceFile, limit: number): SourceDocument {
  const decoded = decode(file, limit);
  const lines = new LineCounter();
  if (decoded.text === null) return new ParsedDocument(file.name, null, lines).refuse(decoded.complaint);
  if (decoded.text.trim() === '') return new ParsedDocument(file.name, null, lines).refuse(EMPTY);
  if (isTooDeep(decoded.text)) return new ParsedDocument(file.name, null, lines).refuse(TOO_DEEP);
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
    if (isScalar(node)) return this.scalar(node, path);
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

  private scalar(node: Scalar, path: Path): unknown {
    // What PostgreSQL cannot hold in a text: only escapes ("\\0") can write it, as files are UTF-8.
    if (typeof node.value === 'string' && UNSTORABLE.test(node.value)) this.complain(node, path, NO_TEXT);
    return typeof node.value === 'bigint' ? Number(node.value) : node.value;
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
      if (key === null || key === '__proto__' || UNSTORABLE.test(key)) this.complain(item.key, path, BAD_KEY);
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
