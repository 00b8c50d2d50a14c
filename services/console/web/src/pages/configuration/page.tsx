import { Link, useSearchParams } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import '../../parts/dialog.css';
import '../../parts/cards.css';
import '../../parts/form.css';
import './configuration.css';
import { InForce } from './in-force.tsx';
import { Plan } from './plan.tsx';
import { CONFIGURATION } from './words.ts';

/** What the node runs by, and what another configuration would change. */
export default function ConfigurationPage() {
  const words = useWords(CONFIGURATION);
  const [query] = useSearchParams();
  const tab = query.get('tab') === 'plan' ? 'plan' : 'inForce';
  return (
    <Page title={words.title}>
      <nav className="tab-row" aria-label={words.tabsLabel}>
        <Link to="/configuration" aria-current={tab === 'inForce' ? 'page' : undefined}>
          {words.tabs.inForce}
        </Link>
        <Link to="/configuration?tab=plan" aria-current={tab === 'plan' ? 'page' : undefined}>
          {words.tabs.plan}
        </Link>
      </nav>
      {tab === 'plan' ? <Plan /> : <InForce />}
    </Page>
  );
}
