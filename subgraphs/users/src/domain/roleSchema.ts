import { z } from 'zod';

/** A role as a client gives it. */
export const roleSchema = z.enum(['OWNER', 'ADMIN', 'MEMBER', 'GUEST']);
