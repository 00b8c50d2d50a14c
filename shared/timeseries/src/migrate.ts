import type { RowSlice, TimeSeriesStore } from './port.ts';

/** How far a migration is: every row before `until` is in the other store. */
export interface MigrationProgress {
  readonly until: number;
  readonly interfaceRows: number;
  readonly icmpRows: number;
  /** Rows among these that the other store left out: it does not keep any so old. */
  readonly refused: number;
}

/**
 * Copies the raw rows of `[from, to)` from one store into another, slice by slice in order of time. Rows that are there already
 * stay as they are, so that it may be done again from the start or from the `until` of the last progress.
 */
export async function migrate(
  source: Pick<TimeSeriesStore, 'rows'>,
  target: Pick<TimeSeriesStore, 'write'>,
  period: { readonly from: number; readonly to: number },
  onProgress: (progress: MigrationProgress) => void | Promise<void> = () => undefined,
): Promise<MigrationProgress> {
  let progress: MigrationProgress = { until: period.from, interfaceRows: 0, icmpRows: 0, refused: 0 };
  for await (const slice of source.rows(period)) {
    const { refused } = await target.write({ interfaces: slice.interfaces, icmp: slice.icmp, offsets: new Map() });
    progress = plus(progress, slice, refused);
    await onProgress(progress);
  }
  return { ...progress, until: period.to };
}

function plus(progress: MigrationProgress, { to, interfaces, icmp }: RowSlice, refused: number): MigrationProgress {
  return {
    until: to,
    interfaceRows: progress.interfaceRows + interfaces.count,
    icmpRows: progress.icmpRows + icmp.count,
    refused: progress.refused + refused,
  };
}
