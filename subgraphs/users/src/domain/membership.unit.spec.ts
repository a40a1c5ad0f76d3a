import { describe, expect, it } from '@jest/globals';
import {
  addMembership,
  changeRole,
  endMembership,
  type Membership,
  removeMembership,
  requireMayAdd,
  transferOwnership,
} from './membership.ts';
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
    expect(addMembership(null, null, wanted)).toEqual({ outcome: 'added', membership });
  });

  it('given a member, when added with the same role, then nothing changes', () => {
    expect(addMembership(existing, null, wanted)).toEqual({ outcome: 'unchanged', membership: existing });
  });

  it('given a member, when added with another role, then ALREADY_MEMBER', () => {
    expect(() => addMembership(existing, null, { ...wanted, role: 'ADMIN' })).toThrow(refusal('ALREADY_MEMBER'));
  });
});

describe('coming back', () => {
  it('given a membership that has ended, when added, then its id and its versions go on', () => {
    const ended = { id: 'old', workspaceId: 'w', userId: 'u', version: 4 };
    const membership = { ...existing, id: 'old', version: 5, joinedAt: now };
    expect(addMembership(null, ended, wanted)).toEqual({ outcome: 'added', membership });
  });
});

describe('an owner', () => {
  const owner: Membership = { ...existing, role: 'OWNER' };

  it('given they are the last, when they go in any way, then LAST_OWNER', () => {
    const last = { owners: 1 };
    expect(() => changeRole('OWNER', owner, 'ADMIN', last)).toThrow(refusal('LAST_OWNER'));
    expect(() => removeMembership('OWNER', owner, last)).toThrow(refusal('LAST_OWNER'));
    expect(() => endMembership(owner, last)).toThrow(refusal('LAST_OWNER'));
    expect(changeRole('OWNER', owner, 'OWNER', last)).toBe(owner);
  });

  it('given there is another one, when they go, then they are gone', () => {
    expect(endMembership(owner, { owners: 2 })).toEqual({ id: 'old', workspaceId: 'w', userId: 'u', version: 4 });
    expect(changeRole('OWNER', owner, 'GUEST', { owners: 2 })).toEqual({ ...owner, role: 'GUEST', version: 4 });
  });

  it('given an admin, when they touch an owner, then FORBIDDEN', () => {
    expect(() => changeRole('ADMIN', owner, 'MEMBER', { owners: 2 })).toThrow(refusal('FORBIDDEN'));
    expect(() => changeRole('ADMIN', existing, 'OWNER', { owners: 2 })).toThrow(refusal('FORBIDDEN'));
    expect(() => removeMembership('ADMIN', owner, { owners: 2 })).toThrow(refusal('FORBIDDEN'));
  });

  it('given another member, when they hand over, then that one is an owner and they are an admin', () => {
    const other: Membership = { ...existing, id: 'other', userId: 'o' };
    const before = [
      { ...other, role: 'OWNER', version: 4 },
      { ...owner, role: 'ADMIN', version: 4 },
    ];
    expect(transferOwnership(owner, other)).toEqual(before);
    expect(transferOwnership(owner, { ...other, role: 'OWNER' })).toEqual([{ ...owner, role: 'ADMIN', version: 4 }]);
  });
});
