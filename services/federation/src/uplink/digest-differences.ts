/** Which days and buckets of the record differ for sure, while both sides go on writing. Pure. */

/** A day and a bucket of a record, and how it looks. */
export interface Digested {
  readonly date: string;
  readonly bucket: number;
  readonly digest: string;
}

/** By day and bucket, where two records differ: how each looks; undefined: it has nothing there. */
export type Differences = ReadonlyMap<string, { readonly own: string | undefined; readonly other: string | undefined }>;

export function differencesOf(own: readonly Digested[], other: readonly Digested[]): Differences {
  const [ours, theirs] = [byPlace(own), byPlace(other)];
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter((place) => ours.get(place) !== theirs.get(place));
  return new Map(differing.map((place) => [place, { own: ours.get(place), other: theirs.get(place) }]));
}

/**
 * What differs for sure: at the first look as at the second, before which all was applied above that was on record here at the first; and what is
 * on record here is the same at both. What changed between the two may have been under way.
 */
export function settled(first: Differences, second: Differences): Differences {
  return new Map([...second].filter(([place, { own }]) => first.has(place) && first.get(place)?.own === own));
}

const byPlace = (record: readonly Digested[]): Map<string, string> =>
  new Map(record.map(({ date, bucket, digest }) => [`${date} ${bucket}`, digest]));
