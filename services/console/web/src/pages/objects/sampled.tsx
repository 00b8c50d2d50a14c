import type { ReactNode } from 'react';
import { ApiError } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { Failure } from '../../parts/failure.tsx';
import { SAMPLES } from './sample-words.ts';

/** What an answer with samples looks like to whoever asked for it. */
export interface Asked {
  readonly error: unknown;
  readonly isPending: boolean;
  readonly refetch: () => unknown;
}

/** Why there is nothing to draw, where there is nothing; else what is below. The height is kept, so that nothing jumps. */
export function Sampled({
  asked,
  empty,
  height,
  children,
}: {
  asked: readonly Asked[];
  empty: boolean;
  height: number;
  children: ReactNode;
}) {
  const words = useWords(SAMPLES);
  const failed = asked.find(({ error }) => error !== null);
  if (failed !== undefined && empty) {
    if (failed.error instanceof ApiError && failed.error.code === 'samples-unavailable')
      return (
        <p role="alert" className="object-away">
          {words.away}
        </p>
      );
    return <Failure error={failed.error} onRetry={failed.refetch} />;
  }
  if (!empty) return children;
  return (
    <p className="soft object-nothing" style={{ minHeight: height }}>
      {asked.some(({ isPending }) => isPending) ? '…' : words.none}
    </p>
  );
}
