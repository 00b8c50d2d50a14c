import type { ObjectDetail } from '@beacontower/contracts';
import { Link, useParams } from 'react-router';
import { ApiError } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import { shortId } from './address.ts';
import { Checks } from './checks.tsx';
import { Facts } from './facts.tsx';
import { Head } from './head.tsx';
import { Latency } from './latency.tsx';
import './object.css';
import { OBJECT } from './object-words.ts';
import { useObject } from './queries.ts';
import { RangeBar } from './range-bar.tsx';
import { Records } from './records.tsx';
import { Relations } from './relations.tsx';
import { Timeline } from './timeline.tsx';
import { Traffic } from './traffic.tsx';
import { useSpan } from './use-span.ts';

/** Everything known of one object: what it is, how it does and did, why, and whom it concerns. */
export default function ObjectPage() {
  const { id = '' } = useParams();
  const words = useWords(OBJECT);
  const { data, error, refetch, dataUpdatedAt } = useObject(id);
  if (data !== undefined) return <Shown key={data.id} object={data} staleSince={error === null ? null : dataUpdatedAt} />;
  return (
    <Page title={shortId(id)}>
      {error instanceof ApiError && error.status === 404 ? (
        <EmptyState title={words.notFound}>
          <Link to="/objects">{words.toList}</Link>
        </EmptyState>
      ) : error === null ? (
        <Loading />
      ) : (
        <Failure error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  );
}

function Shown({ object, staleSince }: { object: ObjectDetail; staleSince: number | null }) {
  const held = useSpan(object);
  const families = ([4, 6] as const).filter((family) => object.checks.some((check) => check.kind === 'icmp' && check.family === family));
  const ends = object.checks.filter(({ kind }) => kind === 'interface').length;
  return (
    <Page title={useNaming().nameOf(object)}>
      <div className="object-page">
        <Head object={object} staleSince={staleSince} />
        <RangeBar held={held} />
        <Timeline object={object} held={held} />
        {families.length > 0 ? <Latency object={object} families={families} held={held} /> : null}
        {ends > 0 ? <Traffic object={object} ends={ends} held={held} /> : null}
        <Checks object={object} />
        <Relations object={object} />
        <Records object={object} />
        <Facts object={object} />
      </div>
    </Page>
  );
}
