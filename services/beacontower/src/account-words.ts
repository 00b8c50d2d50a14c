/** The words of `beacontower account`, in both languages. */
import type { AccountSummary, Language } from '@beacontower/contracts';

type State = AccountSummary['state'];

interface Words {
  readonly states: Readonly<Record<State, string>>;
  readonly headings: readonly [name: string, displayName: string, state: string, roles: string, divisions: string, lastSignIn: string];
  readonly none: string;
  readonly everywhere: string;
  readonly never: string;
  readonly made: (file: string) => string;
  readonly password: (name: string, password: string, until: string) => string;
  readonly done: Readonly<Record<'unlock' | 'disable' | 'enable' | 'rights' | 'second-factor', (name: string) => string>>;
  readonly from: (networks: string) => string;
  readonly anywhere: string;
}

export const ACCOUNT_WORDS: Readonly<Record<Language, Words>> = {
  en: {
    states: {
      active: 'active',
      locked: 'locked',
      disabled: 'disabled',
      'must-change': 'must change password',
      'no-rights': 'no rights yet',
    },
    headings: ['NAME', 'PERSON', 'STATE', 'ROLES', 'DIVISIONS', 'LAST SIGN-IN'],
    none: 'there is no account yet: beacontower account setup makes the first four',
    everywhere: 'all',
    never: 'never',
    made: (file) => `four accounts were made; their one-time passwords are in ${file}: hand them over in person, then delete it`,
    password: (name, password, until) => `${name}: ${password}\nshown this once, good until ${until}, to be changed at the first sign-in`,
    done: {
      unlock: (name) => `${name} may sign in again`,
      disable: (name) => `${name} is disabled and signed out everywhere`,
      enable: (name) => `${name} is not disabled any more`,
      rights: (name) => `${name} has these rights now, and signs in anew`,
      'second-factor': (name) => `${name} signs in by password alone until another second factor is set up`,
    },
    from: (networks) => `administrators may work from ${networks}`,
    anywhere: 'anywhere',
  },
  zh: {
    states: { active: '正常', locked: '已锁定', disabled: '已停用', 'must-change': '待更改口令', 'no-rights': '未授权' },
    headings: ['账号', '姓名', '状态', '角色', '管辖区划', '上次登录'],
    none: '尚无账号：beacontower account setup 可创建最初的四个',
    everywhere: '全部',
    never: '从未',
    made: (file) => `已创建四个账号，一次性口令写在 ${file}：请当面交给本人，然后删除该文件`,
    password: (name, password, until) => `${name}：${password}\n仅显示这一次，有效期至 ${until}，首次登录须更改`,
    done: {
      unlock: (name) => `${name} 可以重新登录`,
      disable: (name) => `${name} 已停用，其全部会话已结束`,
      enable: (name) => `${name} 已恢复使用`,
      rights: (name) => `${name} 的权限已更改，需重新登录`,
      'second-factor': (name) => `${name} 暂以口令登录，直到重新绑定第二因子`,
    },
    from: (networks) => `管理员可从以下网络登录：${networks}`,
    anywhere: '任意地址',
  },
};

/** What `beacontower account --help` says. */
export const ACCOUNT_DETAILS: readonly string[] = [
  'account setup                       make the first four accounts, where there is none',
  'account create NAME --display-name PERSON [--email ADDRESS] [--role ROLE]… [--division PATH]…',
  'account list                        every account with its state, roles and divisions',
  'account reset-password NAME         a one-time password; the only way for security and audit administrators',
  'account unlock NAME                 after too many failures',
  'account disable NAME, enable NAME   signed out everywhere; may sign in again',
  'account rights NAME [--role ROLE]… [--division PATH]…   exactly these; none takes all away',
  'account reset-second-factor NAME    the telephone is lost',
  'account administration-from [NETWORK]…   where administrators may work from; none: anywhere',
  '',
  '--role ROLE      viewer, operator, duty-manager, system-administrator, security-administrator, audit-administrator',
  '                 (at most one of the last three)',
  '--division PATH  dotted path such as cn.gd, or all; may be repeated',
  '--data DIR       data directory of the node (default: as for up)',
];
