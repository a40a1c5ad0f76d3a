import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '#platform/ids.ts';
import { queriesOf, testScope } from '#platform/testing/index.ts';
import { type Fixture, type Person, person, startFixture } from './fixture.ts';

const list = `query (
  $workspaceId: ID, $projectId: ID, $filter: TaskFilter, $orderBy: [TaskOrder!], $first: Int, $after: String, $last: Int,
  $before: String, $timeZone: String
) { tasks(
  workspaceId: $workspaceId, projectId: $projectId, filter: $filter, orderBy: $orderBy, first: $first, after: $after,
  last: $last, before: $before, timeZone: $timeZone
) { nodes { id title } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`;

const scope = testScope();
const [owner, member, guest, stranger] = [person(), person(), person(), person()] as const;
let tasks: Fixture;
let workspaceId: string;
let projectId: string;
let elsewhere: string;

/** The days from today on, in UTC. */
const day = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
const instant = (hours: number) => ({ at: new Date(Date.now() + hours * 3_600_000).toISOString(), timeZone: 'UTC' });

beforeAll(async () => {
  tasks = await startFixture(scope);
  workspaceId = await tasks.members(newId(), {
    [owner.userId]: 'OWNER',
    [member.userId]: 'MEMBER',
    [guest.userId]: 'GUEST',
  });
  projectId = await tasks.project(owner, workspaceId);
  const make = (title: string, input: Record<string, unknown> = {}) =>
    tasks.task(owner, projectId, { title, ...input });
  await make('Plain');
  await make('Mine', { assigneeId: owner.userId, priority: 'LOW', description: 'About 100% of it' });
  await make('Theirs', { assigneeId: member.userId, priority: 'URGENT', estimate: 8 });
  await make('Late', { due: { date: day(-1) }, status: 'IN_PROGRESS' });
  await make('Late but done', { due: { date: day(-1) }, status: 'DONE' });
  await make('Today', { due: { date: day(0) }, estimate: 3 });
  await make('An hour ago', { due: instant(-1) });
  await make('Soon', { due: { date: day(7) }, start: { date: day(1) } });
  await make('Later', { due: { date: day(8) } });
  const other = await tasks.project(owner, workspaceId, 'API');
  await tasks.task(owner, other, { title: 'Api' });
  elsewhere = await tasks.members(newId(), { [stranger.userId]: 'OWNER' });
  await tasks.task(stranger, await tasks.project(stranger, elsewhere), { title: 'Foreign' });
});

async function titles(variables: Record<string, unknown>, viewer: Person = owner): Promise<string[]> {
  const { data, errors } = await tasks.call(viewer, list, variables);
  expect(errors).toBeUndefined();
  return data.tasks.nodes.map(({ title }: { title: string }) => title);
}

const all = ['Later', 'Soon', 'An hour ago', 'Today', 'Late but done', 'Late', 'Theirs', 'Mine', 'Plain'];
const but = (...without: string[]) => all.filter((title) => !without.includes(title));

describe('a filter', () => {
  it.each<[string, () => Record<string, unknown>, () => string[]]>([
    ['nothing', () => ({}), () => all],
    ['eq', () => ({ status: { eq: 'DONE' } }), () => ['Late but done']],
    ['neq, also of what has none', () => ({ assigneeId: { neq: owner.userId } }), () => but('Mine')],
    ['in', () => ({ title: { in: ['Mine', 'Late'] } }), () => ['Late', 'Mine']],
    ['in nothing', () => ({ title: { in: [] } }), () => []],
    ['notIn, also of what has none', () => ({ estimate: { notIn: [3, 8] } }), () => but('Today', 'Theirs')],
    ['an id', () => ({ id: { notIn: [newId()] }, number: { lte: 2 } }), () => ['Mine', 'Plain']],
    ['a range', () => ({ number: { gt: 1, lte: 3 } }), () => ['Theirs', 'Mine']],
    ['a priority by its order', () => ({ priority: { gte: 'LOW' } }), () => ['Theirs', 'Mine']],
    ['contains, in any case', () => ({ title: { contains: 'LATE' } }), () => ['Later', 'Late but done', 'Late']],
    ['contains what is a pattern elsewhere', () => ({ description: { contains: '0%' } }), () => ['Mine']],
    ['contains nothing of a pattern', () => ({ title: { contains: '%' } }), () => []],
    ['isNull', () => ({ due: { isNull: true } }), () => ['Theirs', 'Mine', 'Plain']],
    ['not isNull', () => ({ estimate: { isNull: false } }), () => ['Today', 'Theirs']],
    ['me', () => ({ assigneeId: { eq: 'me' } }), () => ['Mine']],
    ['me among others', () => ({ assigneeId: { in: ['me', member.userId] } }), () => ['Theirs', 'Mine']],
    ['creator', () => ({ creatorId: { neq: 'me' } }), () => []],
    ['overdue', () => ({ overdue: true }), () => ['An hour ago', 'Late']],
    ['not overdue', () => ({ overdue: false }), () => but('An hour ago', 'Late')],
    [
      'within a week',
      () => ({ due: { within: 'P7D' }, title: { in: ['Soon', 'Later', 'Today', 'Late'] } }),
      () => ['Soon', 'Today'],
    ],
    ['within weeks and days', () => ({ due: { within: 'P1W1D', gte: day(8) } }), () => ['Later']],
    ['a day', () => ({ start: { eq: day(1) } }), () => ['Soon']],
    ['a day before', () => ({ due: { lt: day(0) }, title: { contains: 'Late' } }), () => ['Late but done', 'Late']],
    ['an instant', () => ({ createdAt: { gt: '2020-01-01T00:00:00Z', lt: '2020-01-02T00:00:00Z' } }), () => []],
    ['and', () => ({ and: [{ due: { isNull: true } }, { estimate: { isNull: false } }] }), () => ['Theirs']],
    ['and of none', () => ({ and: [] }), () => all],
    ['or', () => ({ or: [{ title: { eq: 'Mine' } }, { estimate: { eq: 8 } }] }), () => ['Theirs', 'Mine']],
    ['or of none', () => ({ or: [] }), () => []],
    ['not, also of what has no value', () => ({ not: { estimate: { gt: 3 } } }), () => but('Theirs')],
    ['not not', () => ({ not: { not: { estimate: { gt: 3 } } } }), () => ['Theirs']],
    [
      'all of it at once',
      () => ({ status: { neq: 'DONE' }, or: [{ overdue: true }, { not: { priority: { lt: 'URGENT' } } }] }),
      () => ['An hour ago', 'Late', 'Theirs'],
    ],
  ])('finds by %s', async (_name, filter, expected) => {
    expect(await titles({ projectId, filter: filter() })).toEqual(expected());
  });

  it('finds nothing of another workspace, whatever it names', async () => {
    const { rows } = await tasks.pool.query('select id, project_id from task where workspace_id = $1', [elsewhere]);
    const [{ id, project_id }] = rows;
    for (const filter of [
      { id: { eq: id } },
      { projectId: { in: [project_id] } },
      { creatorId: { eq: stranger.userId } },
      { or: [{ id: { eq: id } }, { title: { eq: 'Foreign' } }] },
    ]) {
      expect(await titles({ workspaceId, filter })).toEqual([]);
    }
  });

  it('goes over the projects of a workspace', async () => {
    expect(await titles({ workspaceId })).toEqual(['Api', ...all]);
    expect(await titles({ workspaceId, filter: { not: { projectId: { eq: projectId } } } })).toEqual(['Api']);
  });

  it('takes today from the time zone', async () => {
    // It is tomorrow already, or still yesterday, in one of them at any time.
    const filter = { overdue: true, title: { in: ['Today', 'Late'] } };
    const late = (timeZone: string) => titles({ projectId, filter, timeZone });
    const [east, west] = [await late('Pacific/Kiritimati'), await late('Etc/GMT+12')];
    const here = (timeZone: string) => new Date(new Date().toLocaleString('en-US', { timeZone, dateStyle: 'short' }));
    expect(east.includes('Today')).toBe(here('Pacific/Kiritimati') > here('UTC'));
    expect(west.includes('Late')).toBe(!(here('Etc/GMT+12') < here('UTC')));
  });
});

describe('an order', () => {
  const sorted = (...orderBy: Record<string, unknown>[]) => titles({ projectId, orderBy });

  it('is by several keys, those without a value last unless first', async () => {
    expect(await sorted({ field: 'ESTIMATE' }, { field: 'NUMBER', direction: 'DESC' })).toEqual([
      ...['Today', 'Theirs', 'Later', 'Soon', 'An hour ago', 'Late but done', 'Late', 'Mine', 'Plain'],
    ]);
    const first = await sorted({ field: 'ESTIMATE', direction: 'DESC', nulls: 'FIRST' }, { field: 'NUMBER' });
    expect(first.slice(-2)).toEqual(['Theirs', 'Today']);
    const urgent = await sorted({ field: 'PRIORITY', direction: 'DESC' }, { field: 'TITLE' });
    expect(urgent.slice(0, 2)).toEqual(['Theirs', 'Mine']);
  });

  it('by the due date puts instants before the whole day that they are in', async () => {
    const id = await tasks.project(owner, workspaceId, 'DUE');
    await tasks.task(owner, id, { title: 'day', due: { date: '2026-11-20' } });
    await tasks.task(owner, id, { title: 'none' });
    await tasks.task(owner, id, { title: 'late', due: { at: '2026-11-20T20:00:00Z', timeZone: 'UTC' } });
    await tasks.task(owner, id, { title: 'early', due: { at: '2026-11-20T08:00:00Z', timeZone: 'UTC' } });
    const by = (more: Record<string, unknown>) => titles({ projectId: id, orderBy: [{ field: 'DUE', ...more }] });
    expect(await by({})).toEqual(['early', 'late', 'day', 'none']);
    expect(await by({ direction: 'DESC' })).toEqual(['day', 'late', 'early', 'none']);
    expect(await by({ nulls: 'FIRST' })).toEqual(['none', 'early', 'late', 'day']);
  });
});

describe('pages', () => {
  const orders: Record<string, unknown>[][] = [
    [],
    [{ field: 'TITLE' }],
    [{ field: 'ESTIMATE' }, { field: 'CREATED_AT', direction: 'DESC' }],
    [{ field: 'DUE', direction: 'DESC', nulls: 'FIRST' }, { field: 'PRIORITY' }],
    [{ field: 'START', direction: 'DESC' }],
    [{ field: 'STATUS', direction: 'DESC' }, { field: 'ESTIMATE', nulls: 'FIRST' }, { field: 'UPDATED_AT' }],
    [
      { field: 'PRIORITY', direction: 'DESC' },
      { field: 'NUMBER', direction: 'DESC' },
    ],
  ];

  it.each(orders.map((orderBy) => [JSON.stringify(orderBy), orderBy] as const))(
    'lead through the list both ways, each task once, ordered by %s',
    async (_name, orderBy) => {
      for (const parent of [{ projectId }, { workspaceId }]) {
        const whole = await titles({ ...parent, orderBy, first: 100 });
        expect(new Set(whole).size).toBe(whole.length);
        const walk = async (next: (page: Record<string, unknown>) => Record<string, unknown> | null, start: object) => {
          const pages: string[][] = [];
          for (let args: Record<string, unknown> | null = { ...start }; args; ) {
            const { data, errors } = await tasks.call(owner, list, { ...parent, orderBy, ...args });
            expect(errors).toBeUndefined();
            pages.push(data.tasks.nodes.map(({ title }: { title: string }) => title));
            args = next(data.tasks.pageInfo);
          }
          return pages;
        };
        const on = await walk((page) => (page.hasNextPage ? { first: 2, after: page.endCursor } : null), { first: 2 });
        expect(on.flat()).toEqual(whole);
        const back = await walk((page) => (page.hasPreviousPage ? { last: 2, before: page.startCursor } : null), {
          last: 2,
        });
        expect(back.reverse().flat()).toEqual(whole);
      }
    },
  );

  it('neither lose nor repeat a task while others come, go and move', async () => {
    const id = await tasks.project(owner, workspaceId, 'MOVES');
    const ids: string[] = [];
    for (let estimate = 1; estimate <= 6; estimate += 1) {
      ids.push(await tasks.task(owner, id, { title: `T${estimate}`, estimate }));
    }
    const args = { projectId: id, orderBy: [{ field: 'ESTIMATE' }], first: 2 };
    const first = (await tasks.call(owner, list, args)).data.tasks;
    expect(first.nodes.map(({ title }: { title: string }) => title)).toEqual(['T1', 'T2']);
    // The task that the cursor is of goes to the end, another one comes in front.
    const move = 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { __typename } }';
    await tasks.call(owner, move, { input: { id: ids[1], version: 1, estimate: 9 } });
    await tasks.task(owner, id, { title: 'T0', estimate: 0 });
    expect(await titles({ ...args, first: 20, after: first.pageInfo.endCursor })).toEqual([
      'T3',
      'T4',
      'T5',
      'T6',
      'T2',
    ]);
  });

  it('are counted only when that is asked for, each level by one query', async () => {
    const query = (fields: string) => `query ($id: ID!) { tasks(workspaceId: $id, first: 1) { ${fields} } }`;
    const plain = await queriesOf(() => tasks.call(owner, query('nodes { id }'), { id: workspaceId }));
    expect(plain.queries.filter((sql) => sql.includes('count('))).toEqual([]);
    const counted = await queriesOf(() => tasks.call(owner, query('nodes { id } totalCount'), { id: workspaceId }));
    expect(counted.queries).toHaveLength(plain.queries.length + 1);
    const { rows } = await tasks.pool.query('select count(*)::int from task where workspace_id = $1', [workspaceId]);
    expect(counted.result.data.tasks.totalCount).toBe(rows[0].count);

    const board = `query ($id: ID!) { _entities(representations: [{ __typename: "Workspace", id: $id }]) { ... on Workspace {
      projects { nodes { key tasks(first: 1, filter: { estimate: { isNull: false } }) { totalCount nodes { key title } } } }
    } } }`;
    const { result, queries } = await queriesOf(() => tasks.call(owner, board, { id: workspaceId }));
    const counts = result.data._entities[0].projects.nodes.map(
      (one: { key: string; tasks: { totalCount: number } }) => [one.key, one.tasks.totalCount],
    );
    expect(Object.fromEntries(counts)).toMatchObject({ WEB: 2, API: 0, DUE: 0, MOVES: 7 });
    // The membership, the projects, their tasks, and how many these are.
    expect(queries).toHaveLength(4);
  });
});

describe('a list', () => {
  it('is for members, guests among them, and nobody else knows of it', async () => {
    const code = async (viewer: Person, variables: Record<string, unknown>) =>
      (await tasks.call(viewer, list, variables)).errors?.[0]?.extensions.code;
    expect(await titles({ projectId }, guest)).toEqual(all);
    expect(await titles({ projectId, filter: { assigneeId: { eq: 'me' } } }, guest)).toEqual([]);
    expect(await code(stranger, { workspaceId })).toBe('NOT_FOUND');
    expect(await code(stranger, { projectId })).toBe('NOT_FOUND');
    expect(await code(owner, { projectId: newId() })).toBe('NOT_FOUND');
    expect(await code(owner, { workspaceId: elsewhere })).toBe('NOT_FOUND');
    expect(await code(null, { workspaceId })).toBe('UNAUTHENTICATED');
  });

  const deep = (levels: number): Record<string, unknown> =>
    levels === 1 ? { overdue: true } : { not: deep(levels - 1) };
  const many = (count: number) => ({ or: Array.from({ length: count }, () => ({ title: { eq: 'A' } })) });

  it('takes a filter that is as deep and as large as may be', async () => {
    expect(await titles({ projectId, filter: deep(10) })).not.toEqual(all);
    expect(await titles({ projectId, filter: many(200) })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a filter 11 deep', { filter: deep(11) }, `filter.${'not.'.repeat(10)}`.slice(0, -1)],
    ['201 conditions', { filter: many(201) }, 'filter.or.200.title.eq'],
    ['201 values', { filter: { number: { in: Array.from({ length: 201 }, (_, n) => n) } } }, 'filter.number.in'],
    ['a reversed range', { filter: { estimate: { gte: 3, lt: 2 } } }, 'filter.estimate.lt'],
    ['a range of nothing', { filter: { estimate: { gt: 3, lte: 3 } } }, 'filter.estimate.lte'],
    ['a reversed range of priorities', { filter: { priority: { gt: 'HIGH', lt: 'LOW' } } }, 'filter.priority.lt'],
    ['a reversed range of days', { filter: { due: { gt: '2026-11-21', lt: '2026-11-20' } } }, 'filter.due.lt'],
    [
      'a reversed range of instants',
      { filter: { createdAt: { gte: '2026-11-21T00:00:00Z', lt: '2026-11-20T00:00:00Z' } } },
      'filter.createdAt.lt',
    ],
    ['gt and gte', { filter: { number: { gt: 1, gte: 1 } } }, 'filter.number.gte'],
    ['null for a value', { filter: { estimate: { eq: null } } }, 'filter.estimate.eq'],
    ['null for a condition', { filter: { and: [{ not: null }] } }, 'filter.and.0.not'],
    ['an id that is none', { filter: { id: { in: ['x'] } } }, 'filter.id.in.0'],
    ['me for a task', { filter: { id: { eq: 'me' } } }, 'filter.id.eq'],
    ['a person who is none', { filter: { assigneeId: { eq: 'you' } } }, 'filter.assigneeId.eq'],
    ['a duration of hours', { filter: { due: { within: 'PT7H' } } }, 'filter.due.within'],
    ['a duration of nothing', { filter: { due: { within: 'P' } } }, 'filter.due.within'],
    ['a duration beyond time', { filter: { due: { within: 'P9999Y' } } }, 'filter.due.within'],
    ['an empty text to contain', { filter: { title: { contains: '' } } }, 'filter.title.contains'],
    ['a text with NUL', { filter: { title: { eq: 'a\0' } } }, 'filter.title.eq'],
    ['a text of 501 characters', { filter: { title: { contains: 'x'.repeat(501) } } }, 'filter.title.contains'],
    ['an instant before its time', { filter: { createdAt: { gt: '0000-01-01T00:00:00Z' } } }, 'filter.createdAt.gt'],
    ['a text for a number', { filter: { number: { eq: '1' } } }, 'filter.number.eq'],
    ['a number for a text', { filter: { title: { eq: 1 } } }, 'filter.title.eq'],
    ['an unknown status', { filter: { status: { eq: 'DOING' } } }, 'filter.status.eq'],
    ['a day that there is not', { filter: { due: { eq: '2026-02-30' } } }, 'filter.due.eq'],
    ['a text for true', { filter: { overdue: 'yes' } }, 'filter.overdue'],
    ['first: 101', { first: 101 }, 'first'],
    ['first: 0', { first: 0 }, 'first'],
    ['last: 101', { last: 101 }, 'last'],
    ['both first and last', { first: 1, last: 1 }, 'last'],
    ['after with last', { last: 1, after: 'x' }, 'after'],
    ['before without last', { before: 'x' }, 'before'],
    ['a cursor that is none', { after: 'x' }, 'after'],
    ['a cursor that is none, before', { last: 1, before: 'x' }, 'before'],
    ['a time zone that there is not', { timeZone: 'Mars/Base' }, 'timeZone'],
    [
      'six keys',
      { orderBy: ['TITLE', 'STATUS', 'DUE', 'START', 'ESTIMATE', 'NUMBER'].map((field) => ({ field })) },
      'orderBy',
    ],
    ['a key twice', { orderBy: [{ field: 'TITLE' }, { field: 'TITLE', direction: 'DESC' }] }, 'orderBy.1.field'],
    ['nulls where there are none', { orderBy: [{ field: 'TITLE', nulls: 'FIRST' }] }, 'orderBy.0.nulls'],
    ['an unknown key', { orderBy: [{ field: 'COLOUR' }] }, 'orderBy.0.field'],
    ['two parents', { workspaceId: newId() }, 'workspaceId'],
    ['no parent', { projectId: null }, 'workspaceId'],
    ['a project id that is none', { projectId: 'x' }, 'projectId'],
  ])('refuses %s', async (_name, variables, path) => {
    const { data, errors } = await tasks.call(owner, list, { projectId, ...variables });
    expect(data?.tasks ?? null).toBeNull();
    const { code, fields = [] } = (errors?.[0]?.extensions ?? {}) as { code?: string; fields?: { path: string[] }[] };
    expect([code, ...fields.map((field) => field.path.join('.'))]).toEqual(['BAD_USER_INPUT', path]);
  });

  it('refuses the cursor of another list, filter, order, time zone and viewer, and one that was made up', async () => {
    const filter = { assigneeId: { neq: 'me' } };
    const orderBy = [{ field: 'DUE' }];
    const { data } = await tasks.call(owner, list, { projectId, filter, orderBy, first: 1 });
    const after: string = data.tasks.pageInfo.endCursor;
    const good = { projectId, filter, orderBy, after };
    const answer = async (variables: Record<string, unknown>, viewer: Person = owner) => {
      const { errors } = await tasks.call(viewer, list, { ...good, ...variables });
      return errors ? `${errors[0]?.extensions.code} ${JSON.stringify(errors[0]?.extensions.fields)}` : 'ok';
    };
    expect(await answer({})).toBe('ok');
    const refused = expect.stringMatching(/^BAD_USER_INPUT .*"after"/);
    expect(await answer({ projectId: null, workspaceId })).toEqual(refused);
    expect(await answer({ filter: null })).toEqual(refused);
    expect(await answer({ orderBy: [{ field: 'DUE', direction: 'DESC' }] })).toEqual(refused);
    expect(await answer({ orderBy: [{ field: 'START' }] })).toEqual(refused);
    expect(await answer({ timeZone: 'Asia/Tokyo' })).toEqual(refused);
    expect(await answer({}, member)).toEqual(refused);
    const [identity, ...keys] = JSON.parse(Buffer.from(after, 'base64url').toString()) as string[];
    const forged = (...made: unknown[]) => Buffer.from(JSON.stringify([identity, ...made])).toString('base64url');
    expect(await answer({ after: forged(...keys) })).toBe('ok');
    for (const made of [
      [],
      keys.slice(1),
      ['"2026-02-30"', ...keys.slice(1)],
      ['"now"', ...keys.slice(1)],
      ['1', ...keys.slice(1)],
      ['{', ...keys.slice(1)],
      [...keys.slice(0, 2), '"x"'],
      [...keys.slice(0, 2), 'null'],
      ['"2026-11-20"', '"0000-01-01T00:00:00Z"', keys[2]],
    ]) {
      expect(await answer({ after: forged(...made) })).toEqual(refused);
    }
  });
});
