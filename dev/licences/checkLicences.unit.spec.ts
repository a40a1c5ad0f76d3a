import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { checkLicences, type LicencePolicy } from './checkLicences.ts';
import { allowsExpression } from './licenceExpression.ts';
import { readPackages } from './readPackages.ts';

const policy: LicencePolicy = {
  allowed: { MIT: '', ISC: '', 'Apache-2.0': '' },
  exceptions: {
    odd: { licence: 'Elastic-2.0', reason: 'a reason' },
    'native-*': { licence: null, reason: 'a reason' },
  },
};
const fine = [
  { name: 'plain', version: '1.0.0', licence: 'MIT' },
  { name: 'odd', version: '1.0.0', licence: 'Elastic-2.0' },
  { name: 'native-linux', version: '1.0.0', licence: null },
];

describe('checkLicences', () => {
  it('accepts allowed licences and excepted packages', () => {
    expect(checkLicences(fine, policy)).toEqual([]);
  });

  it.each([
    ['a licence that is not allowed', 'GPL-3.0-only', /^bad@2\.0\.0 has the licence GPL-3\.0-only/],
    ['a package without a licence', null, /^bad@2\.0\.0 declares no licence/],
    ['what is no expression', 'SEE LICENSE IN LICENSE.txt', /^bad@2\.0\.0 has the licence SEE/],
    ['a licence that only contains an allowed name', 'MIT AND GPL-3.0-only', /GPL-3\.0-only/],
    ['a name that every object has', 'constructor', /constructor/],
  ])('refuses %s', (_, licence, message) => {
    const problems = checkLicences([...fine, { name: 'bad', version: '2.0.0', licence }], policy);
    expect(problems).toEqual([expect.stringMatching(message)]);
  });

  it('excepts a package for the named licence only', () => {
    const changed = fine.map((one) => (one.name === 'odd' ? { ...one, licence: 'SSPL-1.0' } : one));
    expect(checkLicences(changed, policy)).toEqual([
      expect.stringMatching(/^odd@1\.0\.0 has the licence SSPL-1\.0/),
      expect.stringMatching(/exception for odd .* is not needed/),
    ]);
  });

  it('refuses an exception that nothing needs', () => {
    expect(checkLicences(fine.slice(0, 2), policy)).toEqual([expect.stringMatching(/native-\* \(none\).* not needed/)]);
  });

  it('finds the packages of this project fine', () => {
    const packages = readPackages(root);
    expect(packages.length).toBeGreaterThan(100);
    expect(checkLicences(packages, JSON.parse(readFileSync(join(root, 'licences.json'), 'utf8')))).toEqual([]);
  });
});

describe('allowsExpression', () => {
  const allowed = (id: string) => ['MIT', 'ISC', 'GPL-2.0-only WITH Classpath-exception-2.0'].includes(id);

  it.each([
    ['MIT', true],
    ['GPL-3.0-only', false],
    ['(MIT OR GPL-3.0-only)', true],
    ['GPL-3.0-only OR (MIT AND ISC)', true],
    ['MIT and GPL-3.0-only', false],
    ['GPL-3.0-only AND MIT OR ISC', true],
    ['GPL-2.0-only WITH Classpath-exception-2.0', true],
    ['GPL-2.0-only', false],
  ])('%s: %s', (expression, result) => {
    expect(allowsExpression(expression, allowed)).toBe(result);
  });

  it.each(['', 'MIT OR', '(MIT', 'MIT)', 'MIT ISC', 'OR'])('refuses %j', (expression) => {
    expect(() => allowsExpression(expression, allowed)).toThrow(SyntaxError);
  });
});
