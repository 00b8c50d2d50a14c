import type { RoutingExplanationView } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { send } from '../../api/client.ts';
import { useNames } from '../../api/use-names.ts';
import { useWords } from '../../i18n/language.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Moment } from '../../parts/since.tsx';
import { DELIVERIES } from '../deliveries/words.ts';
import { Refusal } from './refusal.tsx';
import { WHY } from './routing-words.ts';

type Told = RoutingExplanationView['told'][number];

/** Were it told now: who and why, why not the others, and who comes next while nobody acknowledges. Nothing is sent. */
export function RoutingWhy({ incident }: { incident: string }) {
  const words = useWords(WHY);
  const { data, error, isPending } = useQuery({
    queryKey: ['/routing/explain', incident],
    queryFn: ({ signal }) => send<RoutingExplanationView>('POST', '/routing/explain', { incident }, { signal }),
    staleTime: 10_000,
  });
  if (isPending) return <Loading />;
  if (data === undefined) return <Refusal error={error} />;
  const { told, notTold, escalation, repeats, unmanned, unknown, nobody } = data;
  return (
    <div className="why">
      {nobody ? <p className="nobody-told">{words.nobody}</p> : null}
      <ul>
        {told.map((one) => (
          <li key={one.contact}>
            <strong>{one.name ?? one.contact}</strong> <Because told={one} />
          </li>
        ))}
      </ul>
      {escalation.length === 0 ? null : (
        <>
          <h3>{words.next}</h3>
          <ol>
            {escalation.map(({ at, escalation: name, stepNumber, contacts }) => (
              <li key={`${name} ${stepNumber} ${at}`}>
                <Moment at={at} /> {words.step(name, stepNumber + 1)}{' '}
                {contacts.length === 0 ? (
                  <span className="nobody-told">{words.nobody}</span>
                ) : (
                  contacts.map((one) => one.name ?? one.contact).join(', ')
                )}
              </li>
            ))}
          </ol>
        </>
      )}
      {repeats.length === 0 ? null : (
        <p className="soft">{repeats.map(({ route, everyMs }) => words.repeats(route, Math.round(everyMs / 60_000))).join(' · ')}</p>
      )}
      {unmanned.length === 0 ? null : <p className="nobody-told">{words.unmanned(unmanned.join(', '))}</p>}
      {unknown.length === 0 ? null : <p className="nobody-told">{words.unknown(unknown.join(', '))}</p>}
      <NotTold notTold={notTold} />
    </div>
  );
}

function Because({ told }: { told: Told }) {
  const words = useWords(WHY);
  const delivery = useWords(DELIVERIES);
  const { because, targets, withheld, at } = told;
  const why = [
    because.route === null ? null : delivery.route(because.route),
    because.byDefault ? delivery.byDefault : null,
    because.rota === null ? null : delivery.rota(because.rota),
    because.nobodyOnDuty ? delivery.nobodyOnDuty : null,
  ].filter((one) => one !== null);
  return (
    <>
      <span className="soft">{why.join(' · ')}</span>{' '}
      {targets
        .map(
          ({ channel, address, fallbacks }) =>
            `${channel}${address === null ? '' : ` ${address}`}${fallbacks.map((one) => ` → ${one.channel}`).join('')}`,
        )
        .join(', ')}
      {withheld === null ? null : (
        <span className="delivery-held">
          {' '}
          {delivery.withheldBy[withheld.reason]}
          {at === null ? null : (
            <>
              {' '}
              {words.goesAt} <Moment at={at} parts="minute" />
            </>
          )}
        </span>
      )}
    </>
  );
}

function NotTold({ notTold }: { notTold: RoutingExplanationView['notTold'] }) {
  const words = useWords(WHY);
  const { person } = useNames();
  if (notTold.length === 0) return null;
  return (
    <>
      <h3>{words.others}</h3>
      <ul>
        {notTold.map(({ contact, name, why, route, verdict, rota }) => (
          <li key={`${contact} ${route ?? ''} ${rota ?? ''}`}>
            {name ?? person(contact)}{' '}
            <span className="soft">
              {words.why[why]}
              {verdict === null ? '' : `: ${words.verdicts[verdict]}`}
              {route === null ? '' : ` (${route})`}
              {rota === null ? '' : ` (${rota})`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
