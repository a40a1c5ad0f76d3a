/** The width of the column. */
const MOST_CHARACTERS = 700;
const MOST_OF_A_NAME = 80;

/** What is named when the actor has no account any more, or was the system. */
const NOBODY_KNOWN = 'Somebody';

/** The parts of a title: who did it (null: nobody that we know), and the task. */
export type TitleParts = { actor: string | null; task: { key: string; title: string } };

/** `Ada assigned WEB-42 Fix the header to you` */
export function assignmentTitle(parts: TitleParts): string {
  return compose(parts, 'assigned', ' to you');
}

/** `Ada commented on WEB-42 Fix the header` */
export function commentTitle(parts: TitleParts): string {
  return compose(parts, 'commented on', '');
}

/** Only the task's title gives way when it gets long, so that the sentence keeps its end. */
function compose({ actor, task }: TitleParts, verb: string, end: string): string {
  const beginning = `${clip(oneLine(actor ?? '') || NOBODY_KNOWN, MOST_OF_A_NAME)} ${verb} ${oneLine(task.key)} `;
  const room = MOST_CHARACTERS - [...beginning].length - [...end].length;
  return beginning + clip(oneLine(task.title), room) + end;
}

/**
 * Line breaks and other controls become spaces. What overrides the direction of writing is taken out: it could make the
 * line read differently from what it says (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing).
 */
function oneLine(text: string): string {
  return text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
}

const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * At most `most` characters as Postgres counts them (code points), the last one then `…`. Never cuts what a reader sees as
 * one character, such as an emoji of several code points.
 */
function clip(text: string, most: number): string {
  if ([...text].length <= most) return text;
  let clipped = '';
  let length = 0;
  for (const { segment } of characters.segment(text)) {
    length += [...segment].length;
    if (length > most - 1) break;
    clipped += segment;
  }
  return `${clipped.trimEnd()}…`;
}
