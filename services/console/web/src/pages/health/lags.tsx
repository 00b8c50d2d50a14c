import type { SelfReport } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { Duration } from '../../parts/since.tsx';
import { type Look, lookOf } from './scale.ts';
import { HEALTH } from './words.ts';

export type Facts = NonNullable<SelfReport['facts']>;

interface CardProps {
  readonly id: string;
  readonly title: string;
  readonly side?: ReactNode;
  /** As wide as the page. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One card of facts. */
export function Card({ id, title, side, wide = false, children }: CardProps) {
  return (
    <section className={wide ? 'card wide' : 'card'} aria-labelledby={id}>
      <div className="card-head">
        <h2 id={id}>{title}</h2>
        {side}
      </div>
      {children}
    </section>
  );
}

/** Nobody could be asked: not "nothing is wrong". */
export function Unknown() {
  return <span className="tag off health-unknown">{useWords(HEALTH).unknown}</span>;
}

/** A figure with a mark where it is worse than it should be. */
export function Judged({ look, children }: { look: Look; children: ReactNode }) {
  if (look === 'good') return <span>{children}</span>;
  return (
    <span className={`tag ${look}`}>
      <span aria-hidden="true">{look === 'bad' ? '✕' : '▲'}</span>
      {children}
    </span>
  );
}

/** How far each stage of the way from a probe to a message is behind. */
export function Lags({ facts }: { facts: Facts }) {
  const words = useWords(HEALTH);
  const { ticks, streams, record } = facts;
  return (
    <Card id="lags" title={words.lags}>
      <dl className="facts">
        <dt>{words.ticks}</dt>
        <dd>{ticks === null ? <Unknown /> : <Lag ms={ticks.worstOverdueMs} />}</dd>
        <dt>{words.newestTick}</dt>
        <dd>{ticks === null ? <Unknown /> : <Ago ms={ticks.newestAgeMs} />}</dd>
        {streams === null ? (
          <>
            <dt>{words.streams.observations}</dt>
            <dd>
              <Unknown />
            </dd>
          </>
        ) : (
          streams.map(({ stream, entries, lagMs, known }) => (
            <Stream key={stream} label={words.streams[stream]} entries={entries} lagMs={lagMs} known={known} />
          ))
        )}
        <dt>{words.commit}</dt>
        <dd>{record === null ? <Unknown /> : <Ago ms={record.newestCommitAgeMs} />}</dd>
        <dt>{words.undispatched}</dt>
        <dd>{record === null ? <Unknown /> : <Lag ms={record.undispatchedAgeMs} />}</dd>
        <dt>{words.overdue}</dt>
        <dd>{record === null ? <Unknown /> : <Lag ms={record.overdueDeliveryMs} />}</dd>
        <dt>{words.dead}</dt>
        <dd>
          {record === null ? <Unknown /> : <Judged look={record.deadDeliveries > 0 ? 'warn' : 'good'}>{record.deadDeliveries}</Judged>}
        </dd>
      </dl>
    </Card>
  );
}

function Stream({ label, entries, lagMs, known }: { label: string; entries: number; lagMs: number; known: boolean }) {
  const words = useWords(HEALTH);
  return (
    <>
      <dt>{label}</dt>
      <dd>
        {known ? (
          <>
            {words.entries(entries.toLocaleString('en'))} · {words.oldest} <Lag ms={lagMs} />
          </>
        ) : (
          <Unknown />
        )}
      </dd>
    </>
  );
}

const WARN_MS = 30_000;
const BAD_MS = 120_000;

function Lag({ ms }: { ms: number }) {
  return (
    <Judged look={lookOf(ms, WARN_MS, BAD_MS)}>
      <Duration ms={ms} />
    </Judged>
  );
}

/** How long ago something last happened; null: never yet. */
export function Ago({ ms }: { ms: number | null }) {
  const words = useWords(HEALTH);
  if (ms === null) return <span className="soft">{words.notEnough}</span>;
  const [before = '', after = ''] = words.ago('\u0000').split('\u0000');
  return (
    <span>
      {before}
      <Duration ms={ms} />
      {after}
    </span>
  );
}
