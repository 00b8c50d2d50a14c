/** Milliseconds as people read them: three digits that tell, `0.008 ms`, `12.4 ms`, `1,204 ms`. Null is a dash. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '—';
  if (ms === 0) return '0 ms';
  const digits = ms < 0.1 ? 3 : ms < 10 ? 2 : ms < 100 ? 1 : 0;
  return `${Number(ms.toFixed(digits)).toLocaleString('en-US')} ms`;
}

/** A share lost, never rounded down to nothing: one of a thousand is 0.1 %, not 0 %. */
export function formatLoss(fraction: number | null): string {
  if (fraction === null) return '—';
  if (fraction > 0 && fraction < 0.0001) return '<0.01%';
  const percent = fraction * 100;
  return `${Number(percent.toFixed(percent < 1 ? 2 : percent < 10 ? 1 : 0))}%`;
}

/** So many a second; `0` is none at all. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return '—';
  if (perSecond === 0) return '0/s';
  if (perSecond < 0.01) return '<0.01/s';
  return `${Number(perSecond.toFixed(perSecond < 10 ? 2 : 0)).toLocaleString('en-US')}/s`;
}
