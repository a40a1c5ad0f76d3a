import { expect, it } from '@jest/globals';
import { featuresOf } from '../features.ts';

const none = { consumerMetadata: false, filterSubjects: false, termReason: false };
const all = { consumerMetadata: true, filterSubjects: true, termReason: true };

it.each([
  ['2.9.10', none],
  ['2.9.99', none],
  ['1.99.99', none],
  ['2.10.0', { ...all, termReason: false }],
  ['2.10.3', { ...all, termReason: false }],
  ['2.10.4', all],
  ['2.10.12', all],
  ['2.12.0-RC.1', all],
  ['2.12.1', all],
  ['v2.12.1', all],
  ['3.0.0', all],
  ['10.0.0', all],
  ['', none],
  ['nonsense', none],
  [undefined, none],
])('a server of version %s has what it has', (version, features) => {
  expect(featuresOf(version)).toEqual(features);
});
