import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, round } from '../statistics.ts';
import type { EventSource } from './createEventSource.ts';
import type { Listeners } from './openListeners.ts';

/** What came of events that were sent. Times in milliseconds, from the subgraph's send to the client. */
export type EventsAnswer = { sent: number; received: number; seconds: number; p50: number; p99: number };

const answerOf = (sent: number, times: number[], seconds: number): EventsAnswer => ({
  sent,
  received: times.length,
  seconds,
  p50: round(percentile(times, 0.5)),
  p99: round(percentile(times, 0.99)),
});

/** How long the last events may take, in milliseconds. */
const PATIENCE_MS = 10_000;

/** As fast as it goes: each subscriber's next event is sent when it has the one before. */
export async function runClosed(source: EventSource, listeners: Listeners, events: number): Promise<EventsAnswer> {
  const times: number[] = [];
  const begin = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const late = setTimeout(resolve, 60_000);
    const send = (project: string) => {
      if (sent < events) {
        sent += 1;
        source.send(project, String(performance.now()));
      } else if (times.length === events) {
        clearTimeout(late);
        resolve();
      }
    };
    listeners.onEvent((project, cursor) => {
      times.push(performance.now() - Number(cursor));
      send(project);
    });
    for (const project of listeners.projects) send(project);
  });
  return answerOf(sent, times, (performance.now() - begin) / 1000);
}

/** At a steady rate, whatever comes back: to one subscriber after the other, in an order that jumps about. */
export async function runSteady(
  source: EventSource,
  listeners: Listeners,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<EventsAnswer> {
  const times: number[] = [];
  listeners.onEvent((_project, cursor) => times.push(performance.now() - Number(cursor)));
  const { projects } = listeners;
  const events = Math.round(perSecond * seconds);
  const begin = performance.now();
  for (let sent = 0; sent < events; ) {
    const due = Math.min(events, ((performance.now() - begin) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      source.send(projects[(sent * 7919) % projects.length] as string, String(performance.now()));
    }
    await sleep(1);
  }
  const deadline = performance.now() + PATIENCE_MS;
  while (times.length < events && performance.now() < deadline) await sleep(10);
  return answerOf(events, times, seconds);
}
