import { defineConfig } from 'vitest/config';

// Packages of ours are read as TypeScript source: nothing is built for a test. What is external (node_modules) is loaded by Node
// itself, which must not be told to prefer "import": a require() of a double package would then be handed its ESM half.
const conditions = ['@beacontower/source', 'node'];
const common = { resolve: { conditions }, ssr: { resolve: { conditions, externalConditions: conditions } } };

// One kind after the other: what measures time (acceptance) must not share the machine with the rest.
export default defineConfig({
  test: {
    // A file at a time on each core: by default one core is left idle, and most of these wait for servers.
    maxWorkers: '100%',
    projects: [
      {
        ...common,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          include: ['{shared,collectors,services,test}/**/src/**/*.test.ts'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**'],
          testTimeout: 10_000,
        },
      },
      {
        ...common,
        test: {
          name: 'integration',
          sequence: { groupOrder: 1 },
          include: ['{shared,collectors,services,test}/**/src/**/*.integration.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...common,
        test: {
          name: 'acceptance',
          sequence: { groupOrder: 2 },
          include: ['test/acceptance/*.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 600_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        ...common,
        test: {
          name: 'browser',
          sequence: { groupOrder: 3 },
          include: ['test/browser/*.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
