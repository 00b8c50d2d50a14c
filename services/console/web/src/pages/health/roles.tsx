import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Ago, Card, type Facts, Judged, Unknown } from './lags.tsx';
import { HEALTH } from './words.ts';

const LOOKS = { ok: ['good', '●'], starting: ['off', '◌'], degraded: ['warn', '▲'], failed: ['bad', '✕'] } as const;

/** Every role that spoke, and those that ought to have. */
export function Roles({ facts }: { facts: Facts }) {
  const words = useWords(HEALTH);
  return (
    <Card id="roles" title={words.roles} wide>
      <Scroll label={words.roles}>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{words.role}</th>
              <th scope="col">{words.instance}</th>
              <th scope="col">{words.state}</th>
              <th scope="col">{words.detail}</th>
              <th scope="col" className="end">
                {words.heard}
              </th>
            </tr>
          </thead>
          <tbody>
            {facts.silentRoles.map((role) => (
              <tr key={role}>
                <th scope="row">{role}</th>
                <td>—</td>
                <td>
                  <span className="tag bad">
                    <span aria-hidden="true">✕</span>
                    {words.silent}
                  </span>
                </td>
                <td />
                <td className="end">—</td>
              </tr>
            ))}
            {facts.roles.map(({ role, instance, status, detail, ageMs }) => (
              <tr key={`${role} ${instance}`}>
                <th scope="row">{role}</th>
                <td className="figures">{instance}</td>
                <td>
                  <span className={`tag ${LOOKS[status][0]}`}>
                    <span aria-hidden="true">{LOOKS[status][1]}</span>
                    {words.statuses[status]}
                  </span>
                </td>
                <td>{detail ?? ''}</td>
                <td className="end">
                  <Ago ms={ageMs} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </Card>
  );
}

/** Rounds of each kind and zone: how many came due, and what became of them. */
export function Rounds({ facts }: { facts: Facts }) {
  const words = useWords(HEALTH);
  const { language } = useLanguage();
  return (
    <Card
      id="rounds"
      title={words.rounds}
      side={<span className="soft">{words.roundsOver(formatDuration(facts.windowMs, language))}</span>}
    >
      {facts.rounds.length === 0 ? (
        <p className="soft health-none">{words.noRounds}</p>
      ) : (
        <Scroll label={words.rounds}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{words.kind}</th>
                <th scope="col">{words.zone}</th>
                {(['due', 'run', 'late', 'missed', 'blind'] as const).map((each) => (
                  <th key={each} scope="col" className="end">
                    {words[each]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {facts.rounds.map(({ kind, zone, due, run, late, missed, blind }) => (
                <tr key={`${kind} ${zone}`}>
                  <th scope="row">{kind}</th>
                  <td>{zone}</td>
                  <td className="end figures">{due}</td>
                  <td className="end figures">{run}</td>
                  {[late, missed, blind].map((count, index) => (
                    <td key={['late', 'missed', 'blind'][index]} className="end figures">
                      <Judged look={count > 0 ? 'warn' : 'good'}>{count}</Judged>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}

/** What waits to be taken. */
export function Queues({ facts }: { facts: Facts }) {
  const words = useWords(HEALTH);
  return (
    <Card id="queues" title={words.queues}>
      {facts.queues === null ? (
        <Unknown />
      ) : (
        <Scroll label={words.queues}>
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">{words.queue}</th>
                {(['waiting', 'active', 'delayed', 'failedJobs'] as const).map((each) => (
                  <th key={each} scope="col" className="end">
                    {words[each]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {facts.queues.map(({ queue, waiting, active, delayed, failed }) => (
                <tr key={queue}>
                  <th scope="row">{queue}</th>
                  <td className="end figures">{waiting}</td>
                  <td className="end figures">{active}</td>
                  <td className="end figures">{delayed}</td>
                  <td className="end figures">
                    <Judged look={failed > 0 ? 'warn' : 'good'}>{failed}</Judged>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </Card>
  );
}
