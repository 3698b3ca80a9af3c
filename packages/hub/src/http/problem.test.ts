import { findingRoutes, idParams } from '@bulwark/api';
import Fastify, { type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problemOf } from './problem.ts';

let server: FastifyInstance;

beforeAll(() => {
  server = Fastify();
  server.setValidatorCompiler(validatorCompiler);
  server.setErrorHandler((error, _request, reply) => reply.send(problemOf(error)));
  const schema = { querystring: findingRoutes.listFindings.query, params: idParams };
  server.get('/clusters/:id', { schema }, async () => 'taken');
});
afterAll(() => server.close());

describe('a refused address', () => {
  it.each([
    ['/clusters/abc', [{ path: 'id', message: 'must be a number in decimal digits' }]],
    ['/clusters/1?cluster=abc', [{ path: 'cluster', message: 'must be a number in decimal digits' }]],
    [
      '/clusters/1?colour=red&cluster=-1&size=2',
      [
        { path: 'cluster', message: 'must be more than 0' },
        { path: 'colour', message: 'is not known here' },
        { path: 'size', message: 'is not known here' },
      ],
    ],
  ])('says of %s what is wrong with which part', async (url, errors) => {
    const problem = (await server.inject(url)).json();

    expect(problem).toMatchObject({ code: 'bad-request', errors });
  });
});

describe('a refused body', () => {
  it('names what it does not know where it stands, and of many not more than a hundred', () => {
    const schema = z.strictObject({ scope: z.strictObject({ name: z.string() }) });
    const many = Object.fromEntries(Array.from({ length: 200 }, (_each, index) => [`k${index}`, 1]));
    const { error } = schema.safeParse({ scope: { name: 'a', ...many } });
    const { errors = [] } = problemOf(error);

    expect(errors).toHaveLength(100);
    expect(errors[0]).toEqual({ path: 'scope.k0', message: 'is not known here' });
  });
});

describe('a database that takes nothing', () => {
  it.each([
    {
      code: '25006',
      detail:
        'The database takes nothing: it only reads (25006). Let it write, or give the hub the address of the one that does.',
    },
    { code: 'ECONNREFUSED', detail: undefined },
  ])('is called silent only where it is: $code', ({ code, detail }) => {
    const problem = problemOf(Object.assign(new Error('no'), { code }));

    expect(problem).toMatchObject({ status: 503, code: 'database-away' });
    expect(problem.detail).toBe(detail);
  });
});
