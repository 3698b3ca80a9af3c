import type { Json, JsonObject } from '@bulwark/core';
import { z } from 'zod';
import type { RouteContract } from './contract.ts';
import { ROUTES } from './routes.ts';
import { problem } from './vocabulary.ts';

/** The API as an OpenAPI 3.1 document, made from the contracts. */
export function openApi(version: string): JsonObject {
  const paths: Record<string, Record<string, Json>> = {};
  for (const contract of Object.values<RouteContract>(ROUTES)) {
    const path = contract.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    (paths[path] as Record<string, Json>)[contract.method.toLowerCase()] = operation(contract);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bulwark hub',
      version,
      description: 'What is deployed, what is wrong with it, and what to do first.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: [...new Set(Object.values<RouteContract>(ROUTES).map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-bulwark' },
      },
    },
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    Json
  >;
  return rest;
}

function documentOf({ description = '' }: z.ZodType): Json {
  return { type: 'object', description };
}

function operation(contract: RouteContract): Json {
  const { id, summary, tag, permission, byPeople, params, query, body, takesText } = contract;
  return {
    operationId: id,
    summary,
    tags: [tag],
    description: `Needs the permission \`${permission}\`${byPeople ? ' and a session: tokens may not' : ''}.`,
    'x-permission': permission,
    ...(permission === 'public' && { security: [] }),
    parameters: [...parameters(params, 'path'), ...parameters(query, 'query')],
    ...(body && {
      requestBody: {
        required: true,
        // What is text to the hub is a document to who sends it.
        content: {
          'application/json': {
            schema: takesText ? documentOf(body) : schemaOf(body, 'input'),
          },
        },
      },
    }),
    responses: { ...success(contract), default: PROBLEM },
  };
}

const PROBLEM: Json = {
  description: 'A refusal, RFC 9457.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const STREAMS = {
  events: { 'text/event-stream': { schema: { type: 'string' } } },
  export: { 'text/csv': { schema: { type: 'string' } }, 'application/jsonl': { schema: { type: 'string' } } },
  report: { 'text/html': { schema: { type: 'string' } } },
  text: { 'text/plain': { schema: { type: 'string' } } },
} as const;

function success({ response, stream, document }: RouteContract): JsonObject {
  if (stream !== undefined) {
    const asJson = document && { 'application/json': { schema: schemaOf(document, 'output') } };
    return { 200: { description: 'A stream.', content: { ...STREAMS[stream], ...asJson } } };
  }
  if (response === undefined) return { 204: { description: 'Done.' } };
  return {
    200: {
      description: 'The answer.',
      content: { 'application/json': { schema: schemaOf(response, 'output') } },
    },
  };
}

function parameters(schema: z.ZodObject | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    readonly properties?: Readonly<Record<string, Json>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}
