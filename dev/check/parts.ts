/** A part of the checks: a command that exits with 0 when all is well. */
export type Part = {
  name: string;
  what: string;
  /** Arguments of node, in the root folder. */
  command: string[];
  /** A run of jest: its tests are counted one by one, and a run without any test has failed. */
  tests?: boolean;
};

const script = (...args: string[]) => ['--import', 'tsx', ...args];

const jest = (project: string, ...args: string[]): string[] => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
  '--selectProjects',
  project,
  ...args,
];

/** Everything that `npm test` does, in its order: what the next parts build on, then what fails fastest. */
export const parts: Part[] = [
  { name: 'prepare', what: 'Prisma clients, the explorer and the SDK', command: ['dev/prepare.js'] },
  { name: 'lint', what: 'format and lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check'] },
  { name: 'types', what: 'types', command: ['node_modules/typescript7/bin/tsc'] },
  { name: 'generated', what: 'generated files are fresh', command: script('dev/generate.ts', '--check') },
  { name: 'licences', what: 'licences of dependencies', command: script('dev/licences.ts') },
  {
    name: 'database',
    what: 'migrations build what the schemas say',
    command: script('dev/database/checkSchemas.ts'),
  },
  { name: 'unit', what: 'unit tests', command: jest('unit', '--maxWorkers=2'), tests: true },
  { name: 'integration', what: 'integration tests', command: jest('integration', '--maxWorkers=2'), tests: true },
  // Each e2e test has a whole system to itself: two at once would only slow each other down.
  { name: 'e2e', what: 'end to end tests', command: jest('e2e', '--runInBand'), tests: true },
];
