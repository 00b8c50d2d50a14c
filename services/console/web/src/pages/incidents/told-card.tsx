import type { IncidentDetail } from '@beacontower/contracts';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Moment } from '../../parts/since.tsx';
import { IncidentDeliveries } from '../deliveries/incident-deliveries.tsx';
import { DETAIL } from './detail-words.ts';
import { RoutingWhy } from './routing-why.tsx';
import { WHY } from './routing-words.ts';
import { useTelling } from './timeline-lines.tsx';

/** Who was told by which channel, what became of it; and, opened, each message with what its receiver answered. */
export function ToldCard({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const telling = useTelling();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [asking, setAsking] = useState(false);
  const why = useWords(WHY);
  const mayAct = useMay('operator', 'duty-manager');
  const { told, taken } = incident;
  return (
    <section className="card" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{words.told}</h2>
        {told.length === 0 ? null : <Link to={`/deliveries?incident=${incident.id}`}>{words.allMessages}</Link>}
      </header>
      {told.length === 0 && !taken ? <p className="soft">{words.toldBelow}</p> : null}
      {told.length === 0 && taken ? (
        <p className="nobody-told">
          <strong>{words.toldNobody}</strong> <span className="soft">{words.toldNobodyHint}</span>
        </p>
      ) : null}
      {told.length === 0 ? null : (
        <div className="table-scroll">
          <table className="told">
            <thead>
              <tr>
                <th scope="col">{words.contact}</th>
                <th scope="col">{words.channel}</th>
                <th scope="col">{words.outcome}</th>
                <th scope="col">{words.firstAt}</th>
              </tr>
            </thead>
            <tbody>
              {told.map((one) => (
                <tr key={`${one.contact} ${one.channel}`}>
                  <td>{one.name ?? one.contact}</td>
                  <td className="figures">{one.channel}</td>
                  <td>
                    <Outcome told={one} />
                    {one.steps.length === 0 ? null : <span className="soft told-steps">{one.steps.map(telling.step).join(' · ')}</span>}
                  </td>
                  <td>
                    <Moment at={one.firstAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {told.length === 0 ? null : (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{words.messages}</summary>
          {open ? <IncidentDeliveries incident={incident.id} /> : null}
        </details>
      )}
      {mayAct && taken && incident.state !== 'closed' ? (
        <details open={asking} onToggle={(event) => setAsking(event.currentTarget.open)}>
          <summary>{why.title}</summary>
          {asking ? <RoutingWhy incident={incident.id} /> : null}
        </details>
      ) : null}
    </section>
  );
}

function Outcome({ told }: { told: IncidentDetail['told'][number] }) {
  const words = useWords(DETAIL);
  const { delivered, uncertain, underWay, withheld, failed } = told;
  return (
    <span className="outcomes">
      {failed > 0 ? <strong className="outcome-bad">✕ {words.failed(failed)}</strong> : null}
      {uncertain > 0 ? <span className="outcome-unsure">? {words.uncertain(uncertain)}</span> : null}
      {underWay > 0 ? <span>… {words.underWay(underWay)}</span> : null}
      {withheld > 0 ? <span>‖ {words.withheld(withheld)}</span> : null}
      {delivered > 0 ? <span className="outcome-good">✓ {words.delivered(delivered)}</span> : null}
    </span>
  );
}
