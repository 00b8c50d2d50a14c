import type { ListedNode } from '@beacontower/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Duration, Moment } from '../../parts/since.tsx';
import { useDirectory } from '../objects/use-directory.ts';
import { readNodes } from './calls.ts';
import { HeadsTable } from './heads-table.tsx';
import { LinkTag } from './link-tag.tsx';
import { useNodeNews } from './use-nodes.ts';
import { NODES } from './words.ts';

/** Every node of one's divisions, this one first. */
export function NodeList() {
  const words = useWords(NODES);
  useNodeNews();
  const nodes = useInfiniteQuery({
    queryKey: ['nodes'],
    queryFn: ({ pageParam, signal }) => readNodes(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  });
  const all = nodes.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="stack">
      {nodes.isPending ? <Loading /> : null}
      {nodes.error === null ? null : <Failure error={nodes.error} onRetry={() => void nodes.refetch()} />}
      {all.length === 0 ? null : <NodeTable nodes={all} />}
      {nodes.data !== undefined && all.every(({ self }) => self) ? <p className="soft">{words.noneBelow}</p> : null}
      {nodes.hasNextPage ? (
        <button type="button" className="button" disabled={nodes.isFetchingNextPage} onClick={() => void nodes.fetchNextPage()}>
          {words.more}
        </button>
      ) : null}
    </div>
  );
}

function NodeTable({ nodes }: { nodes: readonly ListedNode[] }) {
  const words = useWords(NODES);
  const heads = [words.name, words.division, words.link, words.observedUntil, words.lag, words.version, words.certificateEnds];
  return (
    <HeadsTable label={words.title} heads={heads} last={words.objects}>
      {nodes.map((node) => (
        <NodeRow key={node.id} node={node} />
      ))}
    </HeadsTable>
  );
}

function NodeRow({ node }: { node: ListedNode }) {
  const words = useWords(NODES);
  const { nameOf } = useNaming();
  const { division } = useDirectory();
  const { link } = node;
  return (
    <tr>
      <th scope="row">
        <Link to={`/nodes/${encodeURIComponent(node.id)}`}>{nameOf(node)}</Link> <code className="soft">{node.id}</code>
        {link?.via == null ? null : <div className="soft">{words.via(link.via)}</div>}
      </th>
      <td title={node.division}>{division(node.division)}</td>
      <td>
        {link === null ? <span className="tag off">{words.own}</span> : <LinkTag link={link} />}
        {link?.refused == null ? null : (
          <div className="fault">
            {words.refused}: <code>{link.refused.code}</code>
          </div>
        )}
      </td>
      <td>
        <Moment at={node.self ? null : node.watermark} />
      </td>
      <td>{node.self ? '—' : <Duration ms={node.lagMs} />}</td>
      <td>{link?.software ?? '—'}</td>
      <td>
        <Moment at={link?.certificate?.notAfter ?? node.uplink?.certificateEndsAt ?? null} parts="minute" />
      </td>
      <td className="end figures">{link?.objects ?? '—'}</td>
    </tr>
  );
}
