import { run } from './run.ts';

// `npm start`: the whole system on this machine. See run.ts.
await run();
