// The arrows of the architecture: domain ◄ contracts ◄ runtime, adapters ◄ collectors, services; only services/beacontower composes.
const TESTS = '\\.test\\.ts$';

/** Files of `from` may import from our own packages only those of `to` (and their own). */
function mayImport(name, comment, from, to) {
  return {
    name,
    comment,
    severity: 'error',
    from: { path: `^(${from})/src/`, pathNot: TESTS },
    to: { path: '^(shared|collectors|services|test)/', pathNot: `^(${[from, ...to].join('|')})/` },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle of modules cannot be understood, tested or started piece by piece.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    mayImport('domain-is-alone', 'The domain is pure: it knows none of the rest.', 'shared/domain', []),
    {
      name: 'domain-is-pure',
      comment: 'No I/O, no clock, no package in the domain.',
      severity: 'error',
      from: { path: '^shared/domain/src/', pathNot: TESTS },
      to: { dependencyTypes: ['core', 'npm'] },
    },
    mayImport('contracts-know-the-domain', 'Contracts know the domain only.', 'shared/contracts', ['shared/domain']),
    mayImport('runtime-is-low', 'The runtime knows the domain and the contracts only.', 'shared/runtime', [
      'shared/domain',
      'shared/contracts',
    ]),
    mayImport('adapters-are-apart', 'The database knows no queue.', 'shared/database', [
      'shared/domain',
      'shared/contracts',
      'shared/runtime',
    ]),
    mayImport('queue-is-apart', 'The queue knows no database.', 'shared/queue', ['shared/domain', 'shared/contracts', 'shared/runtime']),
    mayImport('mail-is-apart', 'What sends mail knows no store and no queue.', 'shared/mail', [
      'shared/domain',
      'shared/contracts',
      'shared/runtime',
    ]),
    mayImport('messages-are-words', 'What words a message is made of knows no store, no queue and no wire.', 'shared/messages', [
      'shared/domain',
      'shared/contracts',
    ]),
    mayImport('collectors-know-only-the-bus', 'Collectors hold no database and know no service.', 'collectors/[^/]+', [
      'collectors/sdk',
      'shared/(domain|contracts|runtime|queue)',
    ]),
    {
      name: 'services-never-meet',
      comment: 'Services meet through shared/contracts; only services/beacontower composes them.',
      severity: 'error',
      from: { path: '^services/(?!beacontower/)([^/]+)/src/' },
      to: { path: '^(services|collectors)/', pathNot: '^services/$1/' },
    },
    {
      name: 'nobody-imports-the-composition',
      comment: 'The composition root is the end of all arrows.',
      severity: 'error',
      from: { pathNot: '^services/beacontower/' },
      to: { path: '^services/beacontower/' },
    },
    {
      name: 'fixtures-are-for-tests',
      comment: 'shared/testing is not part of what runs.',
      severity: 'error',
      from: { path: '^(shared|collectors|services)/', pathNot: `${TESTS}|^shared/testing/|/(test-[^/]+|[^/]+\\.fixture)\\.ts$` },
      to: { path: '^shared/testing/' },
    },
    {
      name: 'packages-by-their-name',
      comment: 'Another package is imported by its name, never by a path into it.',
      severity: 'error',
      from: { path: '^(shared|collectors|services)/([^/]+)/' },
      to: { path: '^(shared|collectors|services)/', pathNot: ['^$1/$2/', '/src/index\\.ts$'] },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['@beacontower/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
