/** What something is called; English only where somebody wrote it. */
export interface Names {
  readonly zh: string;
  readonly en: string | null;
}

export const NO_NAMES: ReadonlyMap<string, Names> = new Map();

/** A division by the name of the nearest that has one, and what lies below that by its path: `广东 / guangzhou`. */
export function divisionName(path: string, names: ReadonlyMap<string, Names>, language: 'zh' | 'en'): string {
  for (let end = path.length; end > 0; end = path.lastIndexOf('.', end - 1)) {
    const found = names.get(path.slice(0, end));
    if (found === undefined) continue;
    const name = language === 'en' ? (found.en ?? found.zh) : found.zh;
    const below = path.slice(end + 1).replaceAll('.', ' / ');
    return below === '' ? name : `${name} / ${below}`;
  }
  return path;
}
