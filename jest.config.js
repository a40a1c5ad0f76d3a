/** Everything runs on real servers: `globalSetup` starts one Postgres with a migrated template database per subgraph. */
const common = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript', tsx: true } }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/.data', '<rootDir>/dist'],
};

export default {
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/**/*.unit.spec.ts'] },
    {
      ...common,
      displayName: 'integration',
      testMatch: ['<rootDir>/**/*.int.spec.ts'],
      globalSetup: '<rootDir>/platform/testing/globalSetup.ts',
      globalTeardown: '<rootDir>/platform/testing/globalTeardown.ts',
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/{e2e,bench}/**/*.e2e.spec.ts'] },
  ],
};
