/** Events on their way to their answers: several are worked on at once, and the answers leave in the order of the events. */
export type AnswerQueue<Event> = {
  push(event: Event): void;
  /** Events that have come in so far. */
  readonly pushed: number;
  /** Events whose answers haven't left. */
  readonly waiting: number;
  /** Calls back once every answer has left: now, if none is under way. */
  whenEmpty(then: () => void): void;
  /** Nothing leaves any more. */
  stop(): void;
};

type Slot<Event> = { event: Event; text?: string };

/**
 * `answer` makes the text of an event, `atOnce` of them at the same time; `deliver` gets it with the number of its event, from 0 on.
 * How many may wait is for the caller to say: it knows who reads.
 */
export function createAnswerQueue<Event>({
  atOnce,
  answer,
  deliver,
}: {
  atOnce: number;
  /** Never rejects. */
  answer(event: Event): Promise<string>;
  deliver(text: string, number: number): void;
}): AnswerQueue<Event> {
  const slots: Slot<Event>[] = [];
  let pushed = 0;
  /** Of the slots, from the first on, those whose answers are being made or are ready. */
  let begun = 0;
  let running = 0;
  let stopped = false;
  let whenEmpty: (() => void) | undefined;

  function begin(): void {
    while (running < atOnce && begun < slots.length && !stopped) {
      const slot = slots[begun] as Slot<Event>;
      begun += 1;
      running += 1;
      void answer(slot.event).then((text) => {
        slot.text = text;
        running -= 1;
        leave();
        begin();
      });
    }
  }

  function leave(): void {
    while (!stopped && slots[0]?.text !== undefined) {
      const { text } = slots.shift() as { text: string };
      begun -= 1;
      deliver(text, pushed - slots.length - 1);
    }
    if (slots.length > 0 || stopped) return;
    const then = whenEmpty;
    whenEmpty = undefined;
    then?.();
  }

  return {
    push(event) {
      if (stopped) return;
      slots.push({ event });
      pushed += 1;
      begin();
    },
    get pushed() {
      return pushed;
    },
    get waiting() {
      return slots.length;
    },
    whenEmpty(then) {
      whenEmpty = then;
      if (running === 0) leave();
    },
    stop() {
      stopped = true;
      slots.length = 0;
    },
  };
}
