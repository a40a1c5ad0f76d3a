import { expect, it } from '@jest/globals';
import { refuseConditionalRoot } from './refuseConditionalRoot.ts';

const variables = '($i: Boolean!)';
const refused = (query: string, operationName?: string) => () => refuseConditionalRoot({ query, operationName });

it.each([
  ['a space', ' '],
  ['a comma', ','],
  ['a comment', '#x\n'],
  ['a byte order mark', '\uFEFF'],
  ['nothing', ''],
])('refuses a condition with %s after the @', (_name, ignored) => {
  for (const name of ['skip', 'include']) {
    expect(refused(`subscription${variables} { a @${ignored}${name}(if: $i) }`)).toThrow(
      'cannot have @skip or @include',
    );
  }
});

it.each([
  ['in a fragment', `subscription${variables} { ...F } fragment F on Subscription { a @skip(if: $i) }`],
  ['at a fragment', `subscription${variables} { ...F @skip(if: $i) } fragment F on Subscription { a }`],
  ['beside the operation that is meant', `query Q { b } subscription S${variables} { a @skip(if: $i) }`],
  ['in the second subscription', `subscription Q { b } subscription S${variables} { a @skip(if: $i) }`],
])('refuses a condition %s', (_name, query) => {
  expect(refused(query, 'Q')).toThrow('cannot have @skip or @include');
});

it.each([
  ['a query', 'query subscription($i: Boolean!) { a @skip(if: $i) }'],
  ['the fields of a subscription', `subscription${variables} { a { b @skip(if: $i) } }`],
  ['another directive', 'subscription { a @other }'],
  ['what does not parse', 'subscription { a @skip('],
  ['fragments in a circle', 'subscription { ...F } fragment F on Subscription { ...F } query Q { a @skip(if: true) }'],
])('lets %s through', (_name, query) => {
  expect(refused(query)).not.toThrow();
});
