import type { CheckDetail, ObjectDetail } from '@beacontower/contracts';
import { Link } from 'react-router';
import { formatBps, formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Moment, Since } from '../../parts/since.tsx';
import { StateMark } from '../../parts/state-mark.tsx';
import { objectAddress } from './address.ts';
import { CHECK_WORDS } from './check-words.ts';
import { formatLoss, formatMs } from './figures.ts';
import { REASON_WORDS } from './reason-words.ts';

/** Every check of the object: its state, since when, why, where it is asked and what came of the newest look. */
export function Checks({ object }: { object: ObjectDetail }) {
  const words = useWords(CHECK_WORDS);
  return (
    <section className="card" aria-labelledby="checks-title">
      <h2 id="checks-title">{words.title}</h2>
      {object.checks.length === 0 ? (
        <p className="soft">{words.none}</p>
      ) : (
        <div className="object-table-ground">
          <table className="object-table">
            <thead>
              <tr>
                {[words.check, words.state, words.since, words.reason, words.where, words.every, words.latest].map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {object.checks.map((check) => (
                <Check key={check.id} check={check} own={object.kind === 'interface'} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Check({ check, own }: { check: CheckDetail; own: boolean }) {
  const words = useWords(CHECK_WORDS);
  const reasons = useWords(REASON_WORDS);
  const { language } = useLanguage();
  const shown = check.device !== null && check.interface !== null && !own ? `${check.device}/${check.interface}` : null;
  return (
    <tr>
      <th scope="row" title={check.id}>
        {shown === null ? words.name(check) : <Link to={objectAddress(shown)}>{words.name(check)}</Link>}
        {check.device === null ? null : (
          <span className="object-below">
            <Link to={objectAddress(check.device)}>{check.device}</Link>
          </span>
        )}
      </th>
      <td>
        <StateMark state={check.state} />
      </td>
      <td>
        <Since at={check.since} />
      </td>
      <td>
        {check.reason === null ? reasons['not-judged-yet'] : reasons[check.reason]}
        {check.detail === null ? null : (
          <span className="object-below object-met">
            {words.met2}: {check.detail.text} · <Moment at={check.detail.at} />
          </span>
        )}
      </td>
      <td className="figures">
        {check.address === null ? <span className="soft">{check.kind === 'interface' ? words.notShown : '—'}</span> : endpoint(check)}
        {check.zone === null ? null : <span className="object-below soft">{words.zone(check.zone)}</span>}
      </td>
      <td className="figures">{check.intervalMs === null ? '—' : formatDuration(check.intervalMs, language)}</td>
      <td>
        <Newest check={check} own={own} />
      </td>
    </tr>
  );
}

function endpoint({ address, port }: CheckDetail): string {
  if (port === null) return address ?? '—';
  return address?.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function Newest({ check: { kind, latest, traffic }, own }: { check: CheckDetail; own: boolean }) {
  const words = useWords(CHECK_WORDS);
  const at = latest?.at ?? traffic?.at ?? null;
  // An agent's answer is its state and reason; the counters of a circuit's end are those of the interface there.
  if (at === null)
    return <span className="soft">{kind === 'snmp' ? '—' : kind === 'interface' && !own ? words.seeInterface : words.nothing}</span>;
  return (
    <>
      {latest === null || latest === undefined ? null : (
        <span className="figures">
          {latest.rttAvgMs === null
            ? words.noReply
            : words.rtt(formatMs(latest.rttAvgMs), formatMs(latest.rttMinMs), formatMs(latest.rttMaxMs))}{' '}
          · {words.loss(formatLoss(latest.loss))}
        </span>
      )}
      {traffic === null || traffic === undefined ? null : (
        <span className="figures">
          {words.traffic(formatBps(traffic.inBps), formatBps(traffic.outBps))}
          <span className="object-below soft">{words.status(traffic.admin, traffic.oper)}</span>
        </span>
      )}
      <span className="object-below soft">
        <Moment at={at} />
      </span>
    </>
  );
}
