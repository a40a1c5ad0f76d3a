import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '#platform/root.ts';
import { checkLicences } from './licences/checkLicences.ts';
import { readPackages } from './licences/readPackages.ts';

const packages = readPackages(root);
const problems = checkLicences(packages, JSON.parse(readFileSync(join(root, 'licences.json'), 'utf8')));
for (const problem of problems) console.error(problem);
if (packages.length === 0 || problems.length > 0) process.exit(1);
console.log(`${packages.length} packages, all with a licence that licences.json allows`);
