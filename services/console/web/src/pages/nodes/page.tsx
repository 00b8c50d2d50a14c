import { Link, useSearchParams } from 'react-router';
import { READERS } from '../../api/readers.ts';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/cards.css';
import { Invitations } from './invitations.tsx';
import { NodeList } from './list.tsx';
import { Requests } from './requests.tsx';
import './nodes.css';
import { NODES } from './words.ts';

const TABS = ['nodes', 'invitations', 'requests'] as const;
type Tab = (typeof TABS)[number];

/** The nodes of the federation; who lets others in sees invitations and requests as well. */
export default function NodesPage() {
  const words = useWords(NODES);
  const reads = useMay(...READERS);
  const letsIn = useMay('system-administrator', 'security-administrator');
  const [query] = useSearchParams();
  const tabs = TABS.filter((tab) => (tab === 'nodes' ? reads : letsIn));
  const wanted = query.get('tab');
  const tab: Tab | undefined = tabs.find((each) => each === wanted) ?? (reads ? 'nodes' : 'requests');
  return (
    <Page title={words.title}>
      {tabs.length > 1 ? (
        <nav className="tab-row" aria-label={words.tabsLabel}>
          {tabs.map((each) => (
            <Link key={each} to={`/nodes?tab=${each}`} aria-current={each === tab ? 'page' : undefined}>
              {words.tabs[each]}
            </Link>
          ))}
        </nav>
      ) : null}
      {tab === 'nodes' ? <NodeList /> : null}
      {tab === 'invitations' ? <Invitations /> : null}
      {tab === 'requests' ? <Requests /> : null}
    </Page>
  );
}
