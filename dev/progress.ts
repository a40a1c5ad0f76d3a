import { styleText } from 'node:util';
import { Listr } from 'listr2';
import type { Step } from './steps.ts';

type Outcome = { kind: 'done'; detail: string; ms: number } | { kind: 'failed' } | { kind: 'not reached' };

const inBrackets = (ms: number, detail: string): string =>
  `(${(ms / 1000).toFixed(1)} s${detail ? `, ${detail}` : ''})`;

/** A progress list: `step` reports to it, `finished` resolves when the list has been drawn to its end. */
export type Progress = { step: Step; end(): Promise<void> };

/** One line a step, with its time. On a terminal all lines are there from the start; else a line comes when its step ends. */
export function createProgress(titles: string[], terminal: boolean, stopped: AbortSignal): Progress {
  const isGivenUp: IsGivenUp = (error) => stopped.aborted || (error as Error).name === 'AbortError';
  return terminal ? drawnList(titles, isGivenUp) : plainLines(isGivenUp);
}

/** Whether a step has not failed by itself, but ended because the start was stopped or another step has failed. */
type IsGivenUp = (error: unknown) => boolean;

function plainLines(isGivenUp: IsGivenUp): Progress {
  const step: Step = async (title, work) => {
    const start = performance.now();
    let detail = '';
    try {
      const result = await work((text) => {
        detail = text;
      });
      console.log(`✔ ${title} ${inBrackets(performance.now() - start, detail)}`);
      return result;
    } catch (error) {
      const how = isGivenUp(error) ? '↓' : '✖';
      console.log(`${how} ${title} ${inBrackets(performance.now() - start, how === '✖' ? 'failed' : 'given up')}`);
      throw error;
    }
  };
  return { step, end: async () => {} };
}

function drawnList(titles: string[], isGivenUp: IsGivenUp): Progress {
  const lines = new Map(
    titles.map((title) => {
      let report: (outcome: Outcome) => void = () => {};
      const outcome = new Promise<Outcome>((resolve) => {
        report = resolve;
      });
      return [title, { report, outcome }] as const;
    }),
  );
  const list = new Listr(
    [...lines].map(([title, { outcome }]) => ({
      title,
      task: async (_context, task) => {
        const result = await outcome;
        if (result.kind === 'failed') throw new Error(title);
        if (result.kind === 'not reached') task.skip();
        else task.title = `${title} ${styleText('gray', inBrackets(result.ms, result.detail))}`;
      },
    })),
    {
      rendererOptions: { showErrorMessage: false, collapseSkips: false, showSkipMessage: false },
      registerSignalListeners: false,
    },
  );
  // What failed is told in full by whoever started the work.
  const drawn = list.run().then(
    () => {},
    () => {},
  );
  const step: Step = async (title, work) => {
    const start = performance.now();
    let detail = '';
    const report = lines.get(title)?.report;
    try {
      const result = await work((text) => {
        detail = text;
      });
      report?.({ kind: 'done', detail, ms: performance.now() - start });
      return result;
    } catch (error) {
      report?.({ kind: isGivenUp(error) ? 'not reached' : 'failed' });
      throw error;
    }
  };
  const end = async () => {
    for (const { report } of lines.values()) report({ kind: 'not reached' });
    await drawn;
  };
  return { step, end };
}
