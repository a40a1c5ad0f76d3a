import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { createRoot } from 'react-dom/client';
import { readConfig } from './config.ts';
import { Explorer } from './Explorer.tsx';
import { createSession } from './session.ts';

const root = createRoot(document.getElementById('explorer') as HTMLElement);

try {
  root.render(<Explorer config={await readConfig()} session={createSession()} />);
} catch (error) {
  root.render(<p className="failed">The explorer cannot start: {(error as Error).message}</p>);
}
