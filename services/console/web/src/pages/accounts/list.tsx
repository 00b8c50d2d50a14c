import type { AccountSummary, OneTimePassword } from '@beacontower/contracts';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { useMay } from '../../api/session.tsx';
import { useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { Moment } from '../../parts/since.tsx';
import '../../parts/cards.css';
import { Field } from '../../parts/field.tsx';
import { Rights } from '../me/rights.tsx';
import { AccountDialog } from './account-dialog.tsx';
import { readAccounts } from './calls.ts';
import { CreateDialog } from './create-dialog.tsx';
import { OneTimeDialog } from './one-time-dialog.tsx';
import { StateTag } from './state-tag.tsx';
import { ACCOUNTS } from './words.ts';

/** Every account in one's divisions; one opens it to act on it. */
export function AccountList() {
  const words = useWords(ACCOUNTS);
  const queries = useQueryClient();
  const creates = useMay('system-administrator');
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const [creating, setCreating] = useState(false);
  const [given, setGiven] = useState<OneTimePassword | null>(null);
  const q = useDeferredValue(typed.trim());
  const accounts = useInfiniteQuery({
    queryKey: ['accounts', q],
    queryFn: ({ pageParam, signal }) => readAccounts(q, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });
  const all = accounts.data?.pages.flatMap(({ items }) => items) ?? [];
  const opened = all.find(({ id }) => id === open) ?? null;
  const changed = () => queries.invalidateQueries({ queryKey: ['accounts'] });
  const showPassword = (password: OneTimePassword) => {
    setOpen(null);
    setCreating(false);
    setGiven(password);
    void changed();
  };
  return (
    <div className="stack">
      <div className="toolbar">
        <Field label={words.search} value={typed} onChange={setTyped} autoComplete="off" required={false} maxLength={100} />
        {creates ? (
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            {words.create}
          </button>
        ) : null}
      </div>
      {accounts.isPending ? <Loading /> : null}
      {accounts.error === null ? null : <Failure error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.data && all.length === 0 ? <EmptyState title={q === '' ? words.noneYet : words.none} /> : null}
      {all.length === 0 ? null : <AccountTable accounts={all} onOpen={({ id }) => setOpen(id)} />}
      {accounts.hasNextPage ? (
        <button type="button" className="button" disabled={accounts.isFetchingNextPage} onClick={() => void accounts.fetchNextPage()}>
          {words.loadMore}
        </button>
      ) : null}
      <AccountDialog account={opened} onClose={() => setOpen(null)} onChanged={changed} onPassword={showPassword} />
      <CreateDialog open={creating} onClose={() => setCreating(false)} onCreated={showPassword} />
      <OneTimeDialog given={given} onClose={() => setGiven(null)} />
    </div>
  );
}

function AccountTable({ accounts, onOpen }: { accounts: readonly AccountSummary[]; onOpen: (account: AccountSummary) => void }) {
  const words = useWords(ACCOUNTS);
  const common = useWords(COMMON);
  return (
    <Scroll className="card" label={words.tabs.accounts}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.displayName}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.rights}</th>
            <th scope="col">{words.factor}</th>
            <th scope="col">{words.lastSignIn}</th>
            <th scope="col" className="end">
              {words.sessions}
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <th scope="row">
                <button type="button" className="account-name" aria-label={words.open(account.name)} onClick={() => onOpen(account)}>
                  {account.name}
                </button>
              </th>
              <td>{account.displayName}</td>
              <td>
                <StateTag account={account} />
              </td>
              <td>
                {account.roles.map((role) => common.roles[role]).join('、')} <Rights divisions={account.divisions} />
              </td>
              <td>{account.external ? words.external : account.secondFactor ? words.factorOn : words.factorOff}</td>
              <td>{account.lastSignInAt === null ? words.never : <Moment at={account.lastSignInAt} parts="minute" />}</td>
              <td className="end figures">{account.sessions}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
