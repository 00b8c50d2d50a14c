import type { ObjectiveDays } from '@beacontower/contracts';
import { formatDuration, formatPercent, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import './availability.css';
import { burnPaths, burnPoints, floorOf, placeOf } from './burn-line.ts';
import { AVAILABILITY } from './words.ts';

const WIDTH = 600;
const HEIGHT = 220;

/** The budget of the period running down day by day, with the band in which the truth lies, against even use. */
export function BurnDown({ days }: { days: ObjectiveDays }) {
  const words = useWords(AVAILABILITY);
  const points = burnPoints(days);
  const last = points.at(-1);
  const part = (left: number) => (left < 0 ? `−${formatPercent(-left, 1)}` : formatPercent(left, 1));
  return (
    <section className="card burn-down" aria-label={words.burnDown}>
      <h2>{words.burnDown}</h2>
      {last === undefined ? <p>{words.forecast['not-observed']}</p> : null}
      {last === undefined ? null : (
        <>
          <p className="soft">{words.burnDownText(part(last.left), part(last.leftLeast), part(last.leftMost))}</p>
          <Plot days={days} />
        </>
      )}
      <Legend />
      <details>
        <summary>{words.asTable}</summary>
        <BurnTable days={days} />
      </details>
    </section>
  );
}

function Plot({ days }: { days: ObjectiveDays }) {
  const points = burnPoints(days);
  const frame = { width: WIDTH, height: HEIGHT, floor: floorOf(points) };
  const { line, band } = burnPaths(points, frame);
  const ticks = frame.floor < 0 ? [1, 0.5, 0, frame.floor] : [1, 0.75, 0.5, 0.25, 0];
  const date = (at: string) => formatTime(at, days.timeZone, 'date');
  const middle = new Date((Date.parse(days.from) + Date.parse(days.to)) / 2).toISOString();
  return (
    <div className="burn-plot" aria-hidden="true">
      <div className="burn-axis soft figures">
        {ticks.map((left) => (
          <span key={left} style={{ top: `${(placeOf(frame, 0, left)[1] / HEIGHT) * 100}%` }}>
            {`${Math.round(left * 100)}%`.replace('-', '−')}
          </span>
        ))}
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {ticks.map((left) => (
          <path
            key={left}
            className={left === 0 ? 'zero' : 'rule'}
            d={`M0 ${placeOf(frame, 0, left)[1]}H${WIDTH}`}
            vectorEffect="non-scaling-stroke"
          />
        ))}
        <path className="even" d={`M0 0L${WIDTH} ${placeOf(frame, 1, 0)[1]}`} vectorEffect="non-scaling-stroke" />
        <path className="doubt" d={band} />
        <path className="line" d={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="burn-dates soft figures">
        <span>{date(days.from)}</span>
        <span>{date(middle)}</span>
        <span>{formatTime(Date.parse(days.to) - 1, days.timeZone, 'date')}</span>
      </div>
    </div>
  );
}

function Legend() {
  const words = useWords(AVAILABILITY);
  return (
    <ul className="legend soft" aria-hidden="true">
      <li>
        <svg viewBox="0 0 24 12" aria-hidden="true">
          <path className="line" d="M0 6H24" />
        </svg>
        {words.estimate}
      </li>
      <li>
        <svg viewBox="0 0 24 12" aria-hidden="true">
          <path className="doubt" d="M0 0H24V12H0z" />
        </svg>
        {words.band}
      </li>
      <li>
        <svg viewBox="0 0 24 12" aria-hidden="true">
          <path className="even" d="M0 6H24" />
        </svg>
        {words.even}
      </li>
    </ul>
  );
}

function BurnTable({ days }: { days: ObjectiveDays }) {
  const words = useWords(AVAILABILITY);
  const { language } = useLanguage();
  return (
    <div className="table-wrap">
      <table className="data-table">
        <thead>
          <tr>
            <th scope="col">{words.date}</th>
            <th scope="col" className="end">
              {words.figure}
            </th>
            <th scope="col" className="end">
              {words.down}
            </th>
            <th scope="col" className="end">
              {words.unknown}
            </th>
            <th scope="col" className="end">
              {words.spent}
            </th>
            <th scope="col" className="end">
              {words.bounds}
            </th>
          </tr>
        </thead>
        <tbody>
          {days.items.map((day) => (
            <tr key={day.date}>
              <th scope="row" className="figures nowrap">
                {day.date}
              </th>
              <td className="end figures">{formatPercent(day.availability, 3)}</td>
              <td className="end figures">{formatDuration(day.downMs, language)}</td>
              <td className="end figures">{formatDuration(day.unknownMs, language)}</td>
              <td className="end figures">{formatDuration(day.consumedMs, language)}</td>
              <td className="end figures">
                {`${formatDuration(day.consumedLeastMs, language)} – ${formatDuration(day.consumedMostMs, language)}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
