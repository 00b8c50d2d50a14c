import type { NodeDetail } from '@beacontower/contracts';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { Moment } from '../../parts/since.tsx';
import { useNow } from '../../parts/use-now.ts';
import { NODES } from './words.ts';

/** Days of which the node says something else than the record here. */
export function Differences({ differences }: { differences: NodeDetail['differences'] }) {
  const words = useWords(NODES);
  const { classes } = useWords(COMMON);
  const named = classes as Readonly<Record<string, string | undefined>>;
  return (
    <Table title={words.differences} hint={words.differencesHint} heads={[words.date, words.division, words.class]}>
      {differences.map((each) => (
        <tr key={`${each.date} ${each.division} ${each.class}`}>
          <td>{each.date}</td>
          <td>{each.division}</td>
          <td>{named[each.class] ?? each.class}</td>
        </tr>
      ))}
    </Table>
  );
}

/** What it showed, or shows, here. */
export function Certificates({ certificates }: { certificates: NodeDetail['certificates'] }) {
  const words = useWords(NODES);
  const now = useNow();
  return (
    <Table title={words.certificates} heads={[words.serial, words.begun, words.certificateEnds, words.state]}>
      {certificates.map(({ serial, notBefore, notAfter, revokedAt }) => (
        <tr key={serial}>
          <td>
            <code>{serial}</code>
          </td>
          <td>
            <Moment at={notBefore} parts="minute" />
          </td>
          <td>
            <Moment at={notAfter} parts="minute" />
          </td>
          <td>{revokedAt !== null ? words.revoked : Date.parse(notAfter) < now ? words.expired : words.good}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Its log, and those that a restored back-up left behind. */
export function Incarnations({ incarnations }: { incarnations: NodeDetail['incarnations'] }) {
  const words = useWords(NODES);
  return (
    <Table title={words.incarnations} heads={[words.incarnation, words.begun, words.superseded, words.lines]}>
      {incarnations.map(({ incarnation, begunAt, supersededAt, sequence }) => (
        <tr key={incarnation}>
          <td>
            <code>{incarnation}</code>
          </td>
          <td>
            <Moment at={begunAt} />
          </td>
          <td>{supersededAt === null ? words.current : <Moment at={supersededAt} />}</td>
          <td className="figures">{sequence}</td>
        </tr>
      ))}
    </Table>
  );
}

interface TableProps {
  readonly title: string;
  readonly hint?: string;
  readonly heads: readonly string[];
  readonly children: ReactNode;
}

function Table({ title, hint, heads, children }: TableProps) {
  return (
    <Scroll className="card node-table" label={title}>
      <table className="plain-table">
        <caption>
          {title}
          {hint === undefined ? null : <span className="soft"> {hint}</span>}
        </caption>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  );
}
