import { describe, expect, it } from '@jest/globals';
import { addMembership, type Membership, requireMayAdd } from './membership.ts';
import type { Role } from './policy.ts';

const now = new Date('2026-11-20T09:30:00.000Z');
const wanted = { id: 'new', workspaceId: 'w', userId: 'u', role: 'MEMBER' as Role, now };
const existing: Membership = {
  id: 'old',
  workspaceId: 'w',
  userId: 'u',
  role: 'MEMBER',
  version: 3,
  joinedAt: new Date(0),
};
const refusal = (code: string) => expect.objectContaining({ code });

describe('who may add members', () => {
  const roles: Role[] = ['OWNER', 'ADMIN', 'MEMBER', 'GUEST'];
  const outcome = (viewer: Role | null, granted: Role) => {
    try {
      requireMayAdd(viewer, granted);
      return 'yes';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it.each<[Role | null, string[]]>([
    ['OWNER', ['yes', 'yes', 'yes', 'yes']],
    ['ADMIN', ['FORBIDDEN', 'yes', 'yes', 'yes']],
    ['MEMBER', ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']],
    ['GUEST', ['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']],
    [null, ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']],
  ])('%s', (viewer, expected) => {
    expect(roles.map((granted) => outcome(viewer, granted))).toEqual(expected);
  });
});

describe('adding a member', () => {
  it('given nobody, when added, then there is a membership', () => {
    const membership = { id: 'new', workspaceId: 'w', userId: 'u', role: 'MEMBER', version: 1, joinedAt: now };
    expect(addMembership(null, wanted)).toEqual({ outcome: 'added', membership });
  });

  it('given a member, when added with the same role, then nothing changes', () => {
    expect(addMembership(existing, wanted)).toEqual({ outcome: 'unchanged', membership: existing });
  });

  it('given a member, when added with another role, then ALREADY_MEMBER', () => {
    expect(() => addMembership(existing, { ...wanted, role: 'ADMIN' })).toThrow(refusal('ALREADY_MEMBER'));
  });
});
