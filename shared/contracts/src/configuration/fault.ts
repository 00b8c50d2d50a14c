/** A sentence in the two languages of the system. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}
export type Language = keyof Text;

/** Where something stands in a configuration file. `line` and `column` count from 1; `path` is such as `devices[3].addresses.ipv6`. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

/** One thing wrong (`error`) or doubtful (`warning`) in the configuration. `found` is null where a secret may stand. */
export interface Fault extends Place {
  readonly severity: 'error' | 'warning';
  /** A stable name of the sort of fault, for machines. */
  readonly code: string;
  readonly problem: Text;
  readonly found: string | null;
  readonly expected: Text;
}

/** What is said of a fault before it is known where it stands. */
export interface Complaint {
  readonly severity?: 'error' | 'warning';
  readonly code: string;
  readonly problem: Text;
  readonly expected: Text;
  /** Overrides the value found at the place; null says nothing of it. */
  readonly found?: string | null;
}

export const text = (en: string, zh: string): Text => ({ en, zh });

/** Shows a value found in a configuration, shortened to one line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value !== null && typeof value === 'object') return `a mapping of ${Object.keys(value).slice(0, 5).join(', ') || 'nothing'}`;
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > 80 ? `${shown.slice(0, 77)}…` : shown;
}

/** `place` as `file:line:column`. */
export const placeText = (place: Place): string => `${place.file}:${place.line}:${place.column}`;

/** A fault in words: one line of place and problem, one line of what was found and what was expected. */
export function describeFault(fault: Fault, language: Language): string {
  const words =
    language === 'zh'
      ? { error: '错误', warning: '警告', found: '实际', expected: '应为', colon: '：', next: '；' }
      : { error: 'error', warning: 'warning', found: 'found', expected: 'expected', colon: ': ', next: '; ' };
  const path = fault.path === '' ? '' : `${fault.path}${words.colon}`;
  const head = `${placeText(fault)} ${words[fault.severity]}${words.colon}${path}${fault.problem[language]}`;
  const found = fault.found === null ? '' : `${words.found}${words.colon}${fault.found}${words.next}`;
  const expected = fault.expected[language];
  // "did you mean …?" is a question, not a thing that was expected.
  return `${head}\n    ${found}${/[?？]$/.test(expected) ? '' : `${words.expected}${words.colon}`}${expected}`;
}

/** Order of faults for reading: by file, line, column; errors before warnings at the same place. */
export function compareFaults(a: Fault, b: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column || a.severity.localeCompare(b.severity) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
}
