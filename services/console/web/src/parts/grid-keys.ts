/** Where the active row of a grid goes with a key; null: the key is not the grid's. `page` is how many rows are seen at once. */
export function rowAfterKey(key: string, active: number, count: number, page: number): number | null {
  const last = count - 1;
  const within = (row: number) => Math.min(last, Math.max(0, row));
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return within(active + 1);
    case 'ArrowUp':
    case 'k':
      return within(active < 0 ? 0 : active - 1);
    case 'PageDown':
      return within(active + page);
    case 'PageUp':
      return within(active - page);
    case 'Home':
      return within(0);
    case 'End':
      return within(last);
    default:
      return null;
  }
}

/** How a grid is sorted. */
export interface GridSort {
  readonly key: string;
  readonly descending: boolean;
}

/** The next sort when a heading is pressed: by it, then the other way round. */
export function nextSort(sort: GridSort | null, key: string): GridSort {
  return { key, descending: sort?.key === key ? !sort.descending : false };
}
