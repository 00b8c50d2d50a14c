import type { IncidentCapture, IncidentDetail } from '@beacontower/contracts';
import { useId } from 'react';
import { Link } from 'react-router';
import { formatBps, formatPercent } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { Moment } from '../../parts/since.tsx';
import { drawingOf, type Samples, samplesOf, type Way, wayOf } from './capture-read.ts';
import { DETAIL } from './detail-words.ts';

/** What was looked at when it was opened, before anybody came. */
export function CaptureList({ incident: { captures, kind, home } }: { incident: Pick<IncidentDetail, 'captures' | 'kind' | 'home'> }) {
  const words = useWords(DETAIL);
  const id = useId();
  if (captures.length === 0 && kind !== 'outage') return null;
  return (
    <section className="card" aria-labelledby={id}>
      <h2 id={id}>{words.captures}</h2>
      {captures.length === 0 ? <p className="soft">{home === null ? words.captureNone : words.captureAt(home)}</p> : null}
      {captures.map((capture) => (
        <Capture key={`${capture.kind} ${capture.target}`} capture={capture} />
      ))}
    </section>
  );
}

function Capture({ capture }: { capture: IncidentCapture }) {
  const words = useWords(DETAIL);
  const { kind, target, state, error, body, doneAt, askedAt } = capture;
  const way = kind === 'traceroute' ? wayOf(body) : null;
  const samples = kind === 'samples' ? samplesOf(body) : null;
  return (
    <div className="capture">
      <p className="capture-head">
        <strong>{kind === 'traceroute' ? words.traceroute(target) : words.samplesOf(target)}</strong>{' '}
        <span className="soft">
          <Moment at={doneAt ?? askedAt} parts="clock" />
        </span>
      </p>
      {state === 'asked' ? <p className="soft">{words.asked}</p> : null}
      {state === 'failed' ? (
        <p className="soft">
          {words.failedCapture}
          {error === null ? '' : `: ${error}`}
        </p>
      ) : null}
      {way === null ? null : <WayTable way={way} />}
      {samples === null ? null : <SampleView samples={samples} target={target} />}
    </div>
  );
}

function WayTable({ way }: { way: Way }) {
  const words = useWords(DETAIL);
  return (
    <>
      <p className={way.reached ? 'soft' : 'not-reached'}>
        {way.reached ? words.reached : words.notReached}
        {way.by === null ? '' : ` · ${words.by(way.by)}`}
        {way.note === null ? '' : ` · ${way.note}`}
      </p>
      <table className="hops">
        <thead className="unseen">
          <tr>
            <th scope="col">{words.hop}</th>
            <th scope="col">{words.address}</th>
            <th scope="col">{words.rtt}</th>
          </tr>
        </thead>
        <tbody>
          {way.hops.map((hop, index) => (
            <tr key={hop.ttl} className={index === way.last && !way.reached ? 'last-hop' : undefined}>
              <td className="figures soft">{hop.ttl}</td>
              <td className="figures">
                {hop.address ?? <span className="soft">{words.hopSilent}</span>}
                {index === way.last && !way.reached ? <span className="hop-note"> ◀ {words.lastAnswer}</span> : null}
                {hop.note === null ? null : <span className="soft"> {hop.note}</span>}
              </td>
              <td className="figures end">{hop.rttMs === null ? '' : `${hop.rttMs.toFixed(2)} ms`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const WIDTH = 480;
const HEIGHT = 84;

function SampleView({ samples, target }: { samples: Samples; target: string }) {
  const words = useWords(DETAIL);
  if (samples.of === 'interfaces') return <InterfaceTable samples={samples} />;
  if (samples.rtt.length + samples.loss.length === 0) return <p className="soft">{words.noSamples}</p>;
  const { line, band, losses, highest } = drawingOf(samples, WIDTH, HEIGHT);
  const lost = samples.loss.filter(([, , avg]) => avg > 0).length;
  const share = samples.loss.length === 0 ? null : lost / samples.loss.length;
  const means = samples.rtt.map(([, , avg]) => avg);
  const mean = means.length === 0 ? null : means.reduce((sum, value) => sum + value, 0) / means.length;
  const label = `${target}: ${words.rtt} ${mean === null ? '—' : `${mean.toFixed(2)} ms`}, ${words.lossOf(formatPercent(share, 0))}`;
  return (
    <figure className="samples">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        {losses.map((loss) => (
          <rect key={loss.x} className="sample-loss" x={loss.x - 2} y={HEIGHT - 4 - loss.height} width={4} height={loss.height} />
        ))}
        <path className="sample-band" d={band} />
        <path className="sample-line" d={line} />
      </svg>
      <figcaption className="soft">
        <span>
          {words.rtt} {mean === null ? '—' : `${mean.toFixed(2)} ms`} (≤ {highest.toFixed(2)} ms)
        </span>
        <span className={lost > 0 ? 'lossy' : undefined}>▮ {words.lossOf(formatPercent(share, 0))}</span>
      </figcaption>
    </figure>
  );
}

function InterfaceTable({ samples }: { samples: Extract<Samples, { of: 'interfaces' }> }) {
  const words = useWords(DETAIL);
  return (
    <>
      <p className="soft">{words.interfaces(samples.interfaces.length, samples.total)}</p>
      <table className="hops">
        <tbody>
          {samples.interfaces.map(({ object, name, traffic }) => (
            <tr key={object}>
              <td>
                <Link to={`/objects/${encodeURIComponent(object)}`}>{name}</Link>
              </td>
              <td className="soft">{`${traffic.admin}/${traffic.oper}`}</td>
              <td className="figures end">
                ↓ {formatBps(traffic.inBps)} ↑ {formatBps(traffic.outBps)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
