import { divisionCovers } from '@beacontower/domain';

/** The divisions a caller may see, as dotted paths; the empty string covers all, an empty list nothing. */
export type Scope = readonly string[];

/** Whether the scope covers a division. */
export function scopeCovers(scope: Scope, division: string): boolean {
  return scope.some((covered) => divisionCovers(covered, division));
}

/** Whether the scope and a division have anything in common: one covers the other. */
export function scopeTouches(scope: Scope, division: string): boolean {
  return scope.some((covered) => divisionCovers(covered, division) || divisionCovers(division, covered));
}

/** Collects WHERE conditions and their values; values never become part of the SQL text. */
export class Conditions {
  readonly #conditions: string[] = [];
  readonly values: unknown[] = [];

  /** The placeholder of a new value. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  add(condition: string): void {
    this.#conditions.push(condition);
  }

  /** `column = value`, when a value is given. */
  equal(column: string, value: string | number | undefined): void {
    if (value !== undefined) this.add(`${column} = ${this.value(value)}`);
  }

  /** The column's division is one of `divisions` or below. */
  within(column: string, divisions: Scope): void {
    if (!divisions.includes('')) this.add(this.coverage(column, divisions));
  }

  /** The same as an expression, to be used inside another. */
  coverage(column: string, divisions: Scope): string {
    if (divisions.includes('')) return 'true';
    const exact = this.value(divisions);
    const below = this.value(divisions.map((division) => `${escapeLike(division)}.%`));
    return `(${column} = ANY (${exact}::text[]) OR ${column} LIKE ANY (${below}::text[]))`;
  }

  /**
   * The row `p` with its `objects` and `divisions` concerns the scope: a division of it covers, or is covered by, one of the
   * scope's, or one of its objects lies in the scope; or it names neither, and so concerns everybody.
   */
  concerning(scope: Scope): void {
    if (scope.includes('')) return;
    const own = this.value(scope);
    this.add(
      `(EXISTS (SELECT 1 FROM unnest(p.divisions) AS d (path), unnest(${own}::text[]) AS s (path)
          WHERE d.path = s.path OR starts_with(d.path, s.path || '.') OR starts_with(s.path, d.path || '.'))
        OR EXISTS (SELECT 1 FROM inventory i WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.id = ANY (p.objects)
          AND ${this.coverage('i.division', scope)})
        OR cardinality(p.objects) + cardinality(p.divisions) = 0)`,
    );
  }

  /** `WHERE …`, or nothing. */
  toString(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }
}

/** Text that LIKE takes literally. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
