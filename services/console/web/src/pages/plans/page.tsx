import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { Page } from '../../parts/page.tsx';
import '../deliveries/deliveries.css';
import '../incidents/detail.css';
import '../incidents/incidents.css';
import { Duty } from './duty.tsx';
import { MaintenanceList } from './maintenance.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import './plans.css';
import { SilenceList } from './silences.tsx';
import { PLANS, TABS, type Tab } from './words.ts';

/**
 * Planned work, silences and duty. The address says which (`tab`), and may begin a new one: `new=1` with `object` and `division`, any
 * number of them.
 */
export default function PlansPage() {
  const words = useWords(PLANS);
  const [parameters, setParameters] = useSearchParams();
  const tab = TABS.find((one) => one === parameters.get('tab')) ?? 'maintenance';
  const [active, setActive] = useState(false);
  const mayPlan = useMay('operator', 'duty-manager');
  const making = mayPlan && parameters.get('new') === '1' && tab !== 'duty';
  const go = (next: Tab, make = false) =>
    setParameters({ ...(next === 'maintenance' ? {} : { tab: next }), ...(make ? { new: '1' } : {}) }, { replace: true });
  return (
    <Page
      title={words.title}
      actions={
        mayPlan && tab !== 'duty' ? (
          <button type="button" className="button primary" onClick={() => go(tab, true)}>
            {tab === 'maintenance' ? words.newMaintenance : words.newSilence}
          </button>
        ) : null
      }
    >
      <div className="filters">
        <fieldset className="segments">
          <legend className="unseen">{words.tabsLabel}</legend>
          {TABS.map((one) => (
            <label key={one} className={one === tab ? 'segment chosen' : 'segment'}>
              <input type="radio" name="tab" checked={one === tab} onChange={() => go(one)} />
              {words.tabs[one]}
            </label>
          ))}
        </fieldset>
        {tab === 'duty' ? null : (
          <label className="filter-check">
            <input type="checkbox" checked={active} onChange={({ target }) => setActive(target.checked)} />
            {words.active}
          </label>
        )}
      </div>
      {tab === 'maintenance' ? <MaintenanceList active={active} /> : null}
      {tab === 'silences' ? <SilenceList active={active} /> : null}
      {tab === 'duty' ? <Duty /> : null}
      {making ? (
        <PlanDialog
          key={tab}
          sort={tab === 'maintenance' ? 'maintenance' : 'silence'}
          objects={parameters.getAll('object')}
          divisions={parameters.getAll('division')}
          onClose={() => go(tab)}
        />
      ) : null}
    </Page>
  );
}
