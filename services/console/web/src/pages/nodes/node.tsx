import type { NodeDetail } from '@beacontower/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { ApiError } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/cards.css';
import NotFound from '../not-found/page.tsx';
import { readNode } from './calls.ts';
import { LinkCard, UplinkCard } from './link-card.tsx';
import { Below, Landing, Told } from './seen.tsx';
import './nodes.css';
import { Certificates, Differences, Incarnations } from './record.tsx';
import { useNodeNews } from './use-nodes.ts';
import { NODES } from './words.ts';

/** One node: how its link stands, what it told last, and beside it what is seen of its landing device from here. */
export default function NodePage() {
  const { id = '' } = useParams();
  const words = useWords(NODES);
  const { nameOf } = useNaming();
  useNodeNews();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['nodes', id],
    queryFn: ({ signal }) => readNode(id, signal),
    refetchInterval: 5_000,
    placeholderData: keepPreviousData,
  });
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Page title={data === undefined ? words.title : nameOf(data)}>
      {isPending ? <Loading /> : null}
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : <Cards node={data} />}
    </Page>
  );
}

function Cards({ node }: { node: NodeDetail }) {
  return (
    <div className="stack">
      <div className="cards">
        {node.link === null ? <UplinkCard uplink={node.uplink} /> : <LinkCard node={node} link={node.link} />}
        {node.self ? null : <Landing landing={node.landing} />}
        {node.told === null ? null : <Told told={node.told} at={node.link?.presentAt ?? null} isSilent={node.link?.state === 'silent'} />}
        {node.below.length === 0 ? null : <Below below={node.below} />}
      </div>
      {node.differences.length === 0 ? null : <Differences differences={node.differences} />}
      {node.certificates.length === 0 ? null : <Certificates certificates={node.certificates} />}
      {node.incarnations.length === 0 ? null : <Incarnations incarnations={node.incarnations} />}
    </div>
  );
}
