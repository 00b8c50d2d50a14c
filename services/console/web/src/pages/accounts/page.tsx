import { Link, useSearchParams } from 'react-router';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import './accounts.css';
import { AccountList } from './list.tsx';
import { Policy } from './policy.tsx';
import { AllSessions } from './sessions.tsx';
import { ACCOUNTS } from './words.ts';

const TABS = ['accounts', 'sessions', 'policy'] as const;
type Tab = (typeof TABS)[number];

/** People who may sign in: the system administrator makes accounts, the security administrator gives them rights and ends what must end. */
export default function AccountsPage() {
  const words = useWords(ACCOUNTS);
  const secures = useMay('security-administrator');
  const [query] = useSearchParams();
  const wanted = query.get('tab');
  const tab: Tab = secures && (wanted === 'sessions' || wanted === 'policy') ? wanted : 'accounts';
  return (
    <Page title={words.title}>
      {secures ? (
        <nav className="tab-row" aria-label={words.tabsLabel}>
          {TABS.map((each) => (
            <Link
              key={each}
              to={each === 'accounts' ? '/accounts' : `/accounts?tab=${each}`}
              aria-current={each === tab ? 'page' : undefined}
            >
              {words.tabs[each]}
            </Link>
          ))}
        </nav>
      ) : null}
      {tab === 'accounts' ? <AccountList /> : null}
      {tab === 'sessions' ? <AllSessions /> : null}
      {tab === 'policy' ? <Policy /> : null}
    </Page>
  );
}
