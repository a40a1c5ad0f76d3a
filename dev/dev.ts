import { run } from './run.ts';
import { watchSources } from './watchSources.ts';

// `npm run dev`: `npm start` that follows changes of the sources and schemas. See watchSources.ts.
await run({ watch: watchSources });
