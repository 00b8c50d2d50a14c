/** Since when something of the real world is so, as local dates: `[since, until)`. */
export interface DatedBody {
  readonly since: string | null;
  readonly until: string | null;
}

/** One version of an entity of the inventory; epoch ms, half-open, `validTo` null: still so. */
export interface BodyVersion<B extends DatedBody> {
  readonly body: B;
  readonly validFrom: number;
  readonly validTo: number | null;
}

/**
 * What an entity was at a moment, by what is known today; null when it was not there. Its newest version says since and until when it is, for
 * its whole life. The other facts are those of the version valid then; before the first version, those of the first, which counts only
 * where `since` says that it was there already. `versions` are of one entity, in order of time; `day` is the local date at `at`.
 */
export function presentAt<B extends DatedBody>(versions: readonly BodyVersion<B>[], at: number, day: string): B | null {
  const [first, newest] = [versions[0], versions[versions.length - 1]];
  if (first === undefined || newest === undefined) return null;
  const { since, until } = newest.body;
  if ((since !== null && day < since) || (until !== null && day >= until)) return null;
  if (at < first.validFrom) return since === null ? null : first.body;
  return versions.find((version) => version.validFrom <= at && (version.validTo === null || at < version.validTo))?.body ?? null;
}
