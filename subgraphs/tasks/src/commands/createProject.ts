import { z } from 'zod';
import { ProjectCreated } from '#events/tasks.ts';
import { claimClientId, isRepeat } from '#platform/database/clientIds.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { clientIdSchema, idSchema, newId } from '#platform/ids.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import { isArchived, viewerRole, visibleProject } from '../access.ts';
import type { Context } from '../context.ts';
import { canSee } from '../domain/policy.ts';
import { newProject, type Project } from '../domain/project.ts';
import type { CreateProjectInput } from '../generated/resolvers.ts';
import { insertProject } from '../store/projects.ts';

const inputSchema = z.strictObject({
  id: clientIdSchema.nullish(),
  workspaceId: idSchema,
  key: z.string().regex(/^[A-Z][A-Z0-9]{1,9}$/, 'Must be 2 to 10 characters, A to Z and digits, a letter first'),
  name: lineSchema(80),
});

/**
 * Creates a project. A retry with the same client id, by the same person and with the same input, returns the first one.
 * Refusals: BAD_USER_INPUT, NOT_FOUND (no such workspace), FORBIDDEN, WORKSPACE_ARCHIVED, ID_TAKEN, KEY_TAKEN,
 * SERVICE_UNAVAILABLE.
 */
export async function createProject(context: Context, rawInput: CreateProjectInput): Promise<Project> {
  const { deps, viewer, loaders } = context;
  const { userId } = requireViewer(viewer);
  const { id: clientId, ...input } = parseInput(inputSchema, rawInput);

  const claim = clientId && { id: clientId, kind: 'project', creatorId: userId, input };
  const id = clientId ?? newId();
  const first = async () => (await visibleProject(context, id)) ?? refuse('NOT_FOUND', 'There is no such project');

  if (claim && (await isRepeat(deps.prisma, claim))) return first();
  const role = await viewerRole(context, input.workspaceId);
  // Not asked for strangers: what they name may not be there.
  const archived = canSee(role) && (await isArchived(context, input.workspaceId));
  const project = newProject({ ...input, id, creatorId: userId, role, archived, now: deps.now() });

  const created = await deps.outbox
    .commit(async (tx, record) => {
      if (claim && (await claimClientId(tx, claim)) === 'same') return null;
      await insertProject(tx, project);
      const { workspaceId, key, name, version } = project;
      record(ProjectCreated, {
        aggregateId: id,
        version,
        actorId: userId,
        data: { project: { id, workspaceId, key, name } },
      });
      return project;
    })
    .catch((error: unknown) => {
      if (isUniqueViolation(error, 'project_pkey')) refuse('ID_TAKEN', 'This id is taken');
      if (isUniqueViolation(error, 'project_workspace_id_key_key')) refuse('KEY_TAKEN', 'Another project has this key');
      throw error;
    });
  loaders.project.clear(id);
  if (created) loaders.project.prime(id, created);
  return created ?? first();
}
