import { describe, expect, it } from '@jest/globals';
import { depart, type Place, requireRecentLogin } from './erasure.ts';
import type { Role } from './policy.ts';

const now = new Date('2026-11-20T12:00:00Z');
const place = (name: string, role: Role, { members, owners }: { members: number; owners: number }): Place => ({
  workspace: { id: name, name, version: 3, createdAt: now, archivedAt: null },
  membership: { id: `member of ${name}`, workspaceId: name, userId: 'ada', role, version: 7, joinedAt: now },
  members,
  owners,
});
const ended = (name: string) => ({ id: `member of ${name}`, workspaceId: name, userId: 'ada', version: 8 });

describe('somebody who deletes their account', () => {
  it('leaves where others stay, and closes where nobody does', () => {
    const archived = place('Old', 'OWNER', { members: 1, owners: 1 });
    archived.workspace.archivedAt = new Date(0);
    const places = [
      place('Team', 'MEMBER', { members: 5, owners: 1 }),
      place('Two owners', 'OWNER', { members: 2, owners: 2 }),
      place('Desk', 'OWNER', { members: 1, owners: 1 }),
      archived,
    ];
    expect(depart(places, now)).toEqual({
      left: [ended('Team'), ended('Two owners')],
      closed: [
        {
          membership: ended('Desk'),
          workspace: {
            ...place('Desk', 'OWNER', { members: 1, owners: 1 }).workspace,
            name: 'Deleted workspace',
            version: 4,
            archivedAt: now,
          },
        },
        { membership: ended('Old'), workspace: { ...archived.workspace, name: 'Deleted workspace', version: 4 } },
      ],
    });
  });

  it('leaves nobody without an owner', () => {
    const places = [
      place('Team', 'OWNER', { members: 2, owners: 1 }),
      place('Desk', 'OWNER', { members: 1, owners: 1 }),
      place('Club', 'OWNER', { members: 3, owners: 1 }),
    ];
    let refusal: unknown;
    try {
      depart(places, now);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      code: 'LAST_OWNER',
      extensions: {
        workspaces: [
          { id: 'Team', name: 'Team' },
          { id: 'Club', name: 'Club' },
        ],
      },
    });
  });

  it.each([
    [600, {}, 'ok'],
    [601, {}, 'LOGIN_TOO_OLD'],
    [null, {}, 'LOGIN_TOO_OLD'],
    [1, { endedAt: now }, 'LOGIN_TOO_OLD'],
    [1, { expiresAt: now }, 'LOGIN_TOO_OLD'],
  ])('without a password: a login of %p seconds ago, %j, is %s', (seconds, more, expected) => {
    const ago = (s: number) => new Date(now.getTime() - s * 1000);
    const session = seconds === null ? null : { createdAt: ago(seconds), expiresAt: ago(-1), endedAt: null, ...more };
    let outcome = 'ok';
    try {
      requireRecentLogin(session, now);
    } catch (error) {
      outcome = (error as { code: string }).code;
    }
    expect(outcome).toBe(expected);
  });
});
