import { describe, expect, it } from '@jest/globals';
import { buildSchema, GraphQLError, graphqlSync, validateSchema } from 'graphql';
import { formatErrors, Refusal, refuse, refuseInput } from './errors.ts';

function formatting() {
  const lines: Record<string, unknown>[] = [];
  const format = formatErrors({ error: (line: unknown) => void lines.push(line as Record<string, unknown>) });
  return { lines, format };
}

/** What a resolver throws, as graphql-js hands it on. */
function thrown(error: unknown): GraphQLError {
  const schema = buildSchema('type Query { task: String }');
  validateSchema(schema);
  const result = graphqlSync({
    schema,
    source: '{ task }',
    rootValue: {
      task: () => {
        throw error;
      },
    },
  });
  return result.errors?.[0] as GraphQLError;
}

describe('formatErrors', () => {
  it('passes a refusal as it is and logs nothing', () => {
    const { format, lines } = formatting();
    const error = thrown(new Refusal('TOO_BUSY', 'Later', { retryAfter: 3 }));
    expect(format(error.toJSON(), error)).toMatchObject({
      message: 'Later',
      path: ['task'],
      extensions: { code: 'TOO_BUSY', retryAfter: 3 },
    });
    expect(lines).toEqual([]);
  });

  it('masks anything unexpected and logs it once under the incident id', () => {
    const { format, lines } = formatting();
    const cause = new Error('password of the database is hunter2');
    const error = thrown(cause);
    const formatted = format(
      { ...error.toJSON(), extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: ['x'] } },
      error,
    );
    expect(JSON.stringify(formatted)).not.toMatch(/hunter2|stacktrace/);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ incident: formatted.extensions?.incident, err: cause, path: 'task' });
  });

  it.each([
    ['no code', new GraphQLError('row 42 of table user')],
    ['a code that is not documented', new GraphQLError('row 42', { extensions: { code: 'E_ROW' } })],
    ['the extensions of something foreign', Object.assign(new Error('row 42'), { extensions: { code: 'NOT_FOUND' } })],
    ['no error at all', 'row 42'],
  ])('masks an error with %s', (_name, cause) => {
    const { format, lines } = formatting();
    const error = thrown(cause);
    expect(format(error.toJSON(), error).extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    expect(JSON.stringify(format(error.toJSON(), error))).not.toContain('row 42');
    expect(lines).toHaveLength(2);
  });

  it('answers SERVICE_UNAVAILABLE while the database is away, logged and without its address', () => {
    const { format, lines } = formatting();
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' });
    const error = thrown(cause);
    const formatted = format(error.toJSON(), error);
    expect(formatted).toMatchObject({ path: ['task'], extensions: { code: 'SERVICE_UNAVAILABLE' } });
    expect(JSON.stringify(formatted)).not.toContain('10.0.0.7');
    expect(lines).toEqual([{ err: cause, path: 'task' }]);
  });

  it('keeps the incident of an error that another service has logged, and logs no other', () => {
    const { format, lines } = formatting();
    const error = new GraphQLError('secret', { extensions: { code: 'INTERNAL_SERVER_ERROR', incident: 'i-1' } });
    expect(format(error.toJSON(), error).extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', incident: 'i-1' });
    expect(format(error.toJSON(), error).message).not.toContain('secret');
    expect(lines).toEqual([]);
  });

  it('names the field of a variable that does not fit its type', () => {
    const { format } = formatting();
    const message =
      'Variable "$input" got invalid value 5 at "input.tags[2].name"; String cannot represent a non string value: 5';
    const error = new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
    expect(format(error.toJSON(), error).extensions?.fields).toEqual([
      { path: ['input', 'tags', '2', 'name'], message: 'String cannot represent a non string value: 5' },
    ]);
    const missing = new GraphQLError('Variable "$id" of required type "ID!" was not provided.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
    expect(format(missing.toJSON(), missing).extensions?.fields).toMatchObject([{ path: ['id'] }]);
  });
});

describe('refuse', () => {
  it('throws a refusal whose code nothing in the extensions can change', () => {
    expect(() => refuse('NOT_FOUND', 'No', { code: 'FORBIDDEN' })).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', extensions: { code: 'NOT_FOUND' } }),
    );
  });

  it('carries every wrong field', () => {
    const fields = [{ path: ['input', 'title'], message: 'Must not be empty' }];
    expect(() => refuseInput(fields)).toThrow(
      expect.objectContaining({
        message: 'input.title: Must not be empty',
        extensions: { code: 'BAD_USER_INPUT', fields },
      }),
    );
  });
});
