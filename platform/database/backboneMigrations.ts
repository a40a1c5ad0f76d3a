/**
 * The migrations that make what platform/ works on: events, outbox, inbox … (docs/adr/0003-backbone-outside-prisma.md).
 * Every subgraph has all of them, under these names; `npm run db:diff` copies what one lacks.
 */
export const backboneMigrations: readonly string[] = [
  '20261120000000_backbone',
  '20261120000200_backbone_replay',
  '20261120000300_backbone_restore',
];

/** Those that are not among a subgraph's migrations. */
export function lackingBackbone(names: readonly string[]): string[] {
  return backboneMigrations.filter((name) => !names.includes(name));
}
