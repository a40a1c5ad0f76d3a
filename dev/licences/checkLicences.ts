import { allowsExpression } from './licenceExpression.ts';

/** licences.json: SPDX ids that any package may have, and packages that are fine for a reason of their own. */
export type LicencePolicy = {
  /** SPDX id → what kind it is. */
  allowed: Record<string, string>;
  /** Package (or `prefix*`) → the licence that it has (null: none is declared) and why it is fine. */
  exceptions: Record<string, { licence: string | null; reason: string }>;
};

/** A dependency; the licence as its manifest declares it. */
export type LicensedPackage = { name: string; version: string; licence: string | null };

/** What is wrong with the licences of `packages`, one line a problem; an exception that nothing needs is one too. */
export function checkLicences(packages: LicensedPackage[], policy: LicencePolicy): string[] {
  const problems: string[] = [];
  const used = new Set<string>();
  const allowed = (id: string) => Object.hasOwn(policy.allowed, id);
  for (const { name, version, licence } of packages) {
    if (licence !== null && isAllowed(licence, allowed)) continue;
    const exception = Object.keys(policy.exceptions).find((pattern) => covers(pattern, name));
    if (exception !== undefined && policy.exceptions[exception]?.licence === licence) used.add(exception);
    else if (licence === null) problems.push(`${name}@${version} declares no licence`);
    else problems.push(`${name}@${version} has the licence ${licence}, which licences.json does not allow`);
  }
  for (const [name, { licence, reason }] of Object.entries(policy.exceptions)) {
    if (!used.has(name))
      problems.push(`The exception for ${name} (${licence ?? 'none'}) in licences.json is not needed`);
    if (!reason.trim()) problems.push(`The exception for ${name} in licences.json gives no reason`);
  }
  return [...new Set(problems)];
}

function isAllowed(licence: string, allowed: (id: string) => boolean): boolean {
  try {
    return allowsExpression(licence, allowed);
  } catch {
    return false;
  }
}

const covers = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
