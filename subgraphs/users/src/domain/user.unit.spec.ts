import { describe, expect, it } from '@jest/globals';
import { emailSchema, newPasswordSchema, normaliseEmail } from './user.ts';

describe('e-mail addresses', () => {
  it('are compared without regard to case, width and surrounding space', () => {
    expect(emailSchema.parse(' Ada@Example.COM ')).toBe('ada@example.com');
    expect(normaliseEmail('ａｄａ@example.com')).toBe('ada@example.com');
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'a b@example.com',
    'ada@example.com\0',
    `${'a'.repeat(250)}@example.com`,
    // Letters that look like others: Cyrillic, dotless, with a dot that stays.
    '\u0430da@example.com',
    'ada@ex\u0430mple.com',
    'adm\u0131n@example.com',
    'ADM\u0130N@example.com',
    'ada@example\u2024\u0441om',
  ])('refuse %j', (email) => {
    expect(emailSchema.safeParse(email).success).toBe(false);
  });
});

describe('new passwords', () => {
  it('have 12 to 128 characters, however many bytes those take', () => {
    const accepted = (password: string) => newPasswordSchema.safeParse(password).success;
    expect(accepted('x'.repeat(11))).toBe(false);
    expect(accepted('x'.repeat(12))).toBe(true);
    expect(accepted('🔑'.repeat(11))).toBe(false);
    expect(accepted('🔑'.repeat(128))).toBe(true);
    expect(accepted('x'.repeat(129))).toBe(false);
  });

  it('are the same password however an accent was typed', () => {
    expect(newPasswordSchema.parse('cafe\u0301 au lait')).toBe(newPasswordSchema.parse('caf\u00e9 au lait'));
  });
});
