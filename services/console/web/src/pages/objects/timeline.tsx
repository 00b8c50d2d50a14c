import type { ObjectDetail } from '@beacontower/contracts';
import { useState } from 'react';
import { Link } from 'react-router';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { nameOf } from '../../i18n/name-of.ts';
import { Failure } from '../../parts/failure.tsx';
import { Figure } from '../../parts/figure.tsx';
import { Moment } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { objectAddress } from './address.ts';
import { OBJECT } from './object-words.ts';
import { useTimeline } from './queries.ts';
import { REASON_WORDS } from './reason-words.ts';
import type { Related } from './related.ts';
import { judgedUntil, type Reckoning, reckon, type Stretch, troubles } from './segments.ts';
import { StateStrip } from './state-strip.tsx';
import { useDirectory } from './use-directory.ts';
import { useObjects } from './use-objects.ts';
import type { HeldSpan } from './use-span.ts';

const SHOWN = 10;

/** The object's states over the time shown: drawn, added up, and each trouble in words. */
export function Timeline({ object, held }: { object: ObjectDetail; held: HeldSpan }) {
  const words = useWords(OBJECT);
  const { span, showBetween } = held;
  const { data, stretches, error, refetch } = useTimeline(object.id, span);
  return (
    <section className="card" aria-labelledby="states-title">
      <div className="object-section-head">
        <h2 id="states-title">{words.states}</h2>
        {data === undefined ? null : <Sums sums={reckon(stretches)} />}
        {data?.asOf ? (
          <span className="soft">
            {words.judgedUpTo} <Moment at={data.asOf} />
          </span>
        ) : null}
      </div>
      {error !== null && data === undefined ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      <StateStrip stretches={stretches} span={span} onSpan={showBetween} />
      {data === undefined ? null : (
        <Troubles own={object.id} stretches={troubles(stretches)} until={judgedUntil(stretches)} onSpan={showBetween} />
      )}
    </section>
  );
}

function Sums({ sums }: { sums: Reckoning }) {
  const words = useWords(OBJECT);
  const { language } = useLanguage();
  const time = (ms: number) => formatDuration(ms, language);
  const parts: readonly (readonly [string, string] | null)[] = [
    [words.down, sums.downMs === 0 ? time(0) : `${time(sums.downMs)} · ${words.times(sums.outages)}`],
    sums.degradedMs > 0 ? [words.degraded, time(sums.degradedMs)] : null,
    sums.unknownMs > 0 ? [words.unknown, time(sums.unknownMs)] : null,
    sums.excludedMs > 0 ? [words.excluded, time(sums.excludedMs)] : null,
  ];
  return (
    <dl className="object-sums">
      <div>
        <dt>{words.availability}</dt>
        <dd>
          <Figure value={sums.availability} lowest={sums.lowest} highest={sums.highest} />
        </dd>
      </div>
      {parts.map((part) =>
        part === null ? null : (
          <div key={part[0]}>
            <dt>{part[0]}</dt>
            <dd className="figures">{part[1]}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

interface TroublesProps {
  readonly own: string;
  readonly stretches: readonly Stretch[];
  readonly until: number;
  readonly onSpan: (from: number, to: number) => void;
}

function Troubles({ own, stretches, until, onSpan }: TroublesProps) {
  const words = useWords(OBJECT);
  const [shown, setShown] = useState(SHOWN);
  const seen = stretches.slice(0, shown);
  const causes = useObjects([...new Set(seen.flatMap(({ cause }) => (cause === null || cause === own ? [] : [cause])))]);
  if (stretches.length === 0) return <p className="soft">{words.noTrouble}</p>;
  return (
    <div className="object-table-ground">
      <table className="object-table">
        <thead>
          <tr>
            {[words.begin, words.length, words.state, words.reason, words.charged, words.zoomTo].map((head) => (
              <th key={head} scope="col">
                {head === words.zoomTo ? <span className="unseen">{head}</span> : head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {seen.map((stretch) => (
            <Trouble
              key={`${stretch.from}/${stretch.excluded}`}
              stretch={stretch}
              cause={causes.find(({ id }) => id === stretch.cause)}
              ongoing={stretch.to >= until}
              onSpan={onSpan}
            />
          ))}
        </tbody>
      </table>
      {stretches.length > shown ? (
        <button type="button" className="object-button" onClick={() => setShown(shown + 50)}>
          {words.more(stretches.length - shown)}
        </button>
      ) : null}
    </div>
  );
}

interface TroubleProps {
  readonly stretch: Stretch;
  /** The other object it follows from. */
  readonly cause: Related | undefined;
  readonly ongoing: boolean;
  readonly onSpan: TroublesProps['onSpan'];
}

function Trouble({ stretch, cause, ongoing, onSpan }: TroubleProps) {
  const words = useWords(OBJECT);
  const reasons = useWords(REASON_WORDS);
  const { language } = useLanguage();
  const { party } = useDirectory();
  const length = stretch.to - stretch.from;
  return (
    <tr>
      <td>
        <Moment at={stretch.from} />
        {stretch.uncertaintyMs > 0 ? (
          <span className="soft figures"> {words.plusMinus(formatDuration(stretch.uncertaintyMs, language))}</span>
        ) : null}
      </td>
      <td className="figures">
        {formatDuration(length, language)}
        {ongoing ? ` · ${words.ongoing}` : ''}
      </td>
      <td>
        <StateMark state={stretch.state} />
        {stretch.excluded ? <span className="maintenance-mark">{words.excludedMark}</span> : null}
      </td>
      <td>
        {reasons[stretch.reason]}
        {cause === undefined ? null : (
          <>
            {' · '}
            {words.follows} {cause.hidden ? cause.name : <Link to={objectAddress(cause.id)}>{nameOf(cause, language)}</Link>}
          </>
        )}
      </td>
      <td>{stretch.party === null ? '—' : party(stretch.party)}</td>
      <td>
        <button
          type="button"
          className="object-button"
          onClick={() => onSpan(stretch.from - Math.max(60_000, length), stretch.to + Math.max(60_000, length))}
        >
          {words.zoomTo}
        </button>
      </td>
    </tr>
  );
}
