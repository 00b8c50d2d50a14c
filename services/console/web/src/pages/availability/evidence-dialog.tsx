import type { ObjectiveOutage, Observations, RecordedTransition } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { address, get } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { useNaming } from '../../i18n/name-of.ts';
import { COMMON } from '../../i18n/words.ts';
import { Dialog } from '../../parts/confirm-dialog.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import '../../parts/tables.css';
import { AVAILABILITY } from './words.ts';

/** How far round an outage what was recorded is shown. */
const ROUND_MS = 900_000;

/** What was recorded round an outage, revisions included, and the way to keep it. */
export function EvidenceDialog({ outage, onClose }: { outage: ObjectiveOutage; onClose: () => void }) {
  const words = useWords(AVAILABILITY);
  const common = useWords(COMMON);
  const path = `/objects/${encodeURIComponent(outage.object)}/evidence`;
  const end = outage.to === null ? Date.now() : Date.parse(outage.to);
  const span = {
    from: new Date(Date.parse(outage.from) - ROUND_MS).toISOString(),
    to: new Date(Math.ceil((end + ROUND_MS) / 60_000) * 60_000).toISOString(),
  };
  const found = useQuery({
    queryKey: [path, outage.from, outage.to],
    queryFn: ({ signal }) => get<Observations>(path, { ...span, limit: 500 }, signal),
  });
  return (
    <Dialog
      open
      title={words.evidenceOf(useNaming().nameOf(outage))}
      onClose={onClose}
      actions={
        <>
          <Link className="button" to={`/objects/${encodeURIComponent(outage.object)}`}>
            {words.openObject}
          </Link>
          <a
            className="button"
            href={address(path, { ...span, limit: 1000 })}
            download={`${outage.object.replaceAll(/[^\w.-]/g, '-')}-evidence.json`}
          >
            {words.download}
          </a>
          <button type="button" className="button" onClick={onClose}>
            {common.close}
          </button>
        </>
      }
    >
      <p className="soft">{words.evidenceHint}</p>
      {found.isPending ? <Loading /> : null}
      {found.error ? <Failure error={found.error} onRetry={() => void found.refetch()} /> : null}
      {found.data ? <Recorded items={found.data.items} object={outage.object} /> : null}
    </Dialog>
  );
}

function Recorded({ items, object }: { items: readonly RecordedTransition[]; object: string }) {
  const words = useWords(AVAILABILITY);
  const common = useWords(COMMON);
  const { node } = useSession();
  const time = (at: string) => formatTime(at, node.timeZone);
  return (
    <table className="data-table dense">
      <thead>
        <tr>
          {[words.stateChange, words.check, words.from, words.between, words.recorded].map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {items.map((each) => (
          <tr key={each.id}>
            <td className="keep">
              {`${common.states[each.from]} → `}
              <strong className={`state-${each.to}`}>{common.states[each.to]}</strong>
            </td>
            <td className="figures">{each.check === null ? words.itself : each.check.replace(`${object}/`, '')}</td>
            <td className="figures">{time(each.at)}</td>
            <td className="figures">{`${formatTime(each.earliest, node.timeZone, 'clock')} – ${formatTime(each.latest, node.timeZone, 'clock')}`}</td>
            <td className="figures">
              {time(each.recordedAt)}
              {each.supersededAt === null ? null : (
                <span className="soft" title={each.replacedBy ?? ''}>
                  {` · ${words.superseded} ${time(each.supersededAt)}`}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
