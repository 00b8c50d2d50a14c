import type { IncidentDetail } from '@beacontower/contracts';
import { useMemo, useState } from 'react';
import { Link, Navigate, useNavigate, useParams } from 'react-router';
import { ApiError } from '../../api/client.ts';
import { useMay } from '../../api/session.tsx';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { ActBar } from './act-bar.tsx';
import { BlastCard } from './blast-card.tsx';
import { CaptureList } from './captures.tsx';
import { CauseCardView } from './cause-card.tsx';
import './detail.css';
import { DETAIL } from './detail-words.ts';
import { FactsCard } from './facts-card.tsx';
import { IncidentHead } from './incident-head.tsx';
import './incidents.css';
import { useNames } from '../../api/use-names.ts';
import { StaleNote } from '../../parts/stale-note.tsx';
import { useKeys } from '../../parts/use-keys.ts';
import { KeysHelp } from './keys-help.tsx';
import { IncidentLinks } from './links.tsx';
import { Members } from './members.tsx';
import { namesOf } from './names-of.ts';
import { TiersCard } from './tiers-card.tsx';
import { TimelineCard } from './timeline-card.tsx';
import { ToldCard } from './told-card.tsx';
import { useActing } from './use-acting.tsx';
import { useIncident } from './use-incident.ts';
import { QUEUE } from './words.ts';

/** One incident: what happened, whom it cuts off, what is at hand, who was told, and what can be done. */
export default function IncidentPage() {
  const words = useWords(DETAIL);
  const { id: key = '' } = useParams();
  const { data, error, isPending, refetch, dataUpdatedAt } = useIncident(key);
  // One address for each: acts and events know it by its id.
  if (data !== undefined && data.id !== key) return <Navigate to={`/incidents/${data.id}`} replace />;
  if (data !== undefined) return <Detail incident={data} staleAt={error === null ? null : dataUpdatedAt} />;
  const missing = error instanceof ApiError && (error.status === 404 || error.status === 400);
  return (
    <Page title={words.title(/^\d+$/.test(key) ? key : '…')}>
      {isPending ? <Loading /> : null}
      {missing ? (
        <EmptyState title={words.missing}>
          <Link to="/incidents">{words.back}</Link>
        </EmptyState>
      ) : null}
      {error !== null && !missing ? <Failure error={error} onRetry={() => void refetch()} /> : null}
    </Page>
  );
}

function Detail({ incident, staleAt }: { incident: IncidentDetail; staleAt: number | null }) {
  const words = useWords(DETAIL);
  const queue = useWords(QUEUE);
  const navigate = useNavigate();
  const { me } = useNames();
  const mayAct = useMay('operator', 'duty-manager');
  const acting = useActing(incident, me);
  const [help, setHelp] = useState(false);
  const back = () => void navigate('/incidents');
  useKeys({ ...acting.keys, u: back, '?': () => setHelp(true) });
  const { language } = useLanguage();
  const names = useMemo(() => namesOf(incident, language), [incident, language]);
  return (
    <Page
      title={words.title(incident.number)}
      actions={
        <>
          <Link className="button" to="/incidents">
            {words.back} <span className="key">U</span>
          </Link>
          <button type="button" className="button" onClick={() => setHelp(true)}>
            {queue.keys} <kbd>?</kbd>
          </button>
        </>
      }
    >
      {staleAt === null ? null : <StaleNote at={staleAt} text={words.stale} />}
      <IncidentHead incident={incident} />
      {mayAct ? <ActBar incident={incident} me={me} onAct={acting.start} /> : null}
      <IncidentLinks incident={incident} />
      <div className="incident-columns">
        <div>
          <TimelineCard incident={incident} names={names} mayComment={mayAct} />
          <ToldCard incident={incident} />
        </div>
        <div>
          <CauseCardView incident={incident} />
          <TiersCard incident={incident} />
          <FactsCard incident={incident} />
          <BlastCard incident={incident} />
          <CaptureList incident={incident} />
          <Members incident={incident} />
        </div>
      </div>
      {acting.dialog}
      <KeysHelp open={help} onClose={() => setHelp(false)} />
    </Page>
  );
}
