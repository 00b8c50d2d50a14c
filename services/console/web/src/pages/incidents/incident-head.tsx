import type { IncidentDetail } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { useSession } from '../../api/session.tsx';
import { useNames } from '../../api/use-names.ts';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { SeverityMark } from '../../parts/severity-mark.tsx';
import { Duration, Moment, Since } from '../../parts/since.tsx';
import { ClockMark } from './clock-mark.tsx';
import { DETAIL } from './detail-words.ts';
import { OwnerMark } from './owner-mark.tsx';
import { CATEGORIES } from './words.ts';

/** What, where, since when, who has it: what one must see in two seconds. */
export function IncidentHead({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const common = useWords(COMMON);
  const { node } = useSession();
  const { division } = useNames();
  const { titleOf } = useNaming();
  const { severity, state, startedAt, startedEarliest, startedLatest, resolvedAt, kind } = incident;
  const full = (at: string) => formatTime(at, node.timeZone);
  return (
    <header className={`card incident-head severity-head-${severity}${resolvedAt === null ? '' : ' over'}`}>
      <div className="incident-what">
        <p className="incident-marks">
          <SeverityMark severity={severity} />
          <span className={`incident-state incident-${state}`}>{common.incidentStates[state]}</span>
          <span className="soft">{common.incidentKinds[kind]}</span>
        </p>
        <p className="incident-title">{titleOf(incident)}</p>
        <p className="soft">
          {division(incident.division)} · {common.classes[incident.class]}
        </p>
      </div>
      <Fact label={resolvedAt === null ? words.lasting : words.lasted} large>
        {resolvedAt === null ? <Since at={startedAt} /> : <Duration ms={Date.parse(resolvedAt) - Date.parse(startedAt)} />}
        <span className="soft fact-note" title={words.beganBetween(full(startedEarliest), full(startedLatest))}>
          {words.began} <Moment at={startedAt} />
        </span>
      </Fact>
      <Fact label={words.owner} large>
        <OwnerMark incident={incident} />
      </Fact>
      <Deadlines incident={incident} />
      <Rest incident={incident} />
    </header>
  );
}

function Fact({ label, large = false, children }: { label: string; large?: boolean; children: ReactNode }) {
  return (
    <div className={large ? 'fact large' : 'fact'}>
      <span className="fact-label soft">{label}</span>
      <div className="fact-value">{children}</div>
    </div>
  );
}

function Deadlines({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const { response, repair, toAcknowledgeMs, toRepairMs } = incident.clocks;
  if (response === null && repair === null && toAcknowledgeMs === null && toRepairMs === null) return null;
  return (
    <Fact label={words.clocks}>
      {response === null ? null : <ClockMark which="response" {...response} />}
      {repair === null ? null : <ClockMark which="repair" {...repair} />}
      {toAcknowledgeMs === null ? null : (
        <span className="soft fact-note">
          {words.toAcknowledge} <Duration ms={toAcknowledgeMs} />
        </span>
      )}
      {toRepairMs === null ? null : (
        <span className="soft fact-note">
          {words.toRepair} <Duration ms={toRepairMs} />
        </span>
      )}
    </Fact>
  );
}

function Rest({ incident }: { incident: IncidentDetail }) {
  const words = useWords(DETAIL);
  const categories: Readonly<Record<string, string | undefined>> = useWords(CATEGORIES);
  const { person, party } = useNames();
  const { firstReceiver, causeCategory, chargedParty, closedAt, resolvedAt } = incident;
  return (
    <dl className="incident-rest">
      {firstReceiver === null ? null : <Pair term={words.firstReceiver}>{person(firstReceiver)}</Pair>}
      <Pair term={words.party}>{incident.party === null ? '—' : party(incident.party)}</Pair>
      {causeCategory === null ? null : <Pair term={words.category}>{categories[causeCategory] ?? causeCategory}</Pair>}
      {closedAt === null ? null : <Pair term={words.chargedTo}>{chargedParty === null ? words.ownParty : party(chargedParty)}</Pair>}
      {incident.condition === null ? null : <Pair term={words.condition}>{incident.condition}</Pair>}
      {incident.objective === null ? null : <Pair term={words.objective}>{incident.objective}</Pair>}
      <Pair term={words.opened}>
        <Moment at={incident.openedAt} />
      </Pair>
      {resolvedAt === null ? null : (
        <Pair term={words.ended}>
          <Moment at={resolvedAt} />
        </Pair>
      )}
      {closedAt === null ? null : (
        <Pair term={words.closedAt}>
          <Moment at={closedAt} />
        </Pair>
      )}
    </dl>
  );
}

function Pair({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="soft">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
