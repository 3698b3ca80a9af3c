import { openApi, ROUTES, type RouteContract } from '@bulwark/api';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { nonceOf } from './secure-headers.ts';

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { max-width: 960px; margin: 0 auto; padding: 16px; }
h2 { border-bottom: 1px solid; margin-top: 32px; }
article { margin: 16px 0; }
h3 { margin: 0; font-size: 14px; }
code, pre { font: 12px/1.5 ui-monospace, monospace; }
pre { overflow: auto; max-height: 320px; padding: 8px; border: 1px solid; }
table { border-collapse: collapse; }
td, th { text-align: left; padding: 2px 12px 2px 0; vertical-align: top; }
`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function schemaText(schema: z.ZodType, io: 'input' | 'output'): string {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<
    string,
    unknown
  >;
  return escaped(JSON.stringify(rest, null, 2));
}

function parameters(title: string, schema: z.ZodObject | undefined): string {
  if (schema === undefined) return '';
  const { properties = {}, required = [] } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
  }) as {
    properties?: Record<
      string,
      { type?: string; format?: string; enum?: string[]; description?: string; default?: unknown }
    >;
    required?: string[];
  };
  const rows = Object.entries(properties).map(
    ([name, { type, format, enum: values, description, default: standard }]) => {
      const kind = values?.join(' | ') ?? format ?? type ?? '';
      const notes = [
        required.includes(name) ? 'required' : '',
        standard === undefined ? '' : `default ${JSON.stringify(standard)}`,
      ];
      return `<tr><td><code>${escaped(name)}</code><td>${escaped(kind)}<td>${escaped([...notes, description ?? ''].filter(Boolean).join('. '))}`;
    },
  );
  return `<table><tr><th>${title}<th>type<th>meaning${rows.join('')}</table>`;
}

function details(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string {
  return schema === undefined
    ? ''
    : `<details><summary>${title}</summary><pre tabindex="0">${schemaText(schema, io)}</pre></details>`;
}

function article({
  id,
  method,
  path,
  permission,
  summary,
  params,
  query,
  body,
  response,
}: RouteContract): string {
  return `<article id="${id}"><h3><code>${method} ${escaped(path)}</code></h3>
<p>${escaped(summary)} Needs <code>${permission}</code>.</p>
${parameters('In the path', params)}${parameters('In the query', query)}${details('Body', body, 'input')}${details('Answer', response, 'output')}</article>`;
}

/** All routes by what they are about, and the links to each. */
function reference(): { readonly links: string; readonly sections: string } {
  const routes = Object.values<RouteContract>(ROUTES);
  const tags = [...new Set(routes.map(({ tag }) => tag))];
  const sections = tags.map((tag) => {
    const articles = routes.filter((route) => route.tag === tag).map(article);
    return `<section><h2 id="${tag}">${tag}</h2>${articles.join('')}</section>`;
  });
  return {
    links: tags.map((tag) => `<a href="#${tag}">${tag}</a>`).join(' · '),
    sections: sections.join(''),
  };
}

/** The reference of the API: a page without any script, and the OpenAPI document itself. */
export function serveApiDocs(server: FastifyInstance, version: string): void {
  // Made when somebody asks: it would be a fifth of what the hub does until it answers.
  let document: string | undefined;
  let content: ReturnType<typeof reference> | undefined;
  server.get('/api/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(openApi(version));
    return reply.type('application/json').send(document);
  });
  server.get('/api/docs', async (_request, reply) => {
    content ??= reference();
    return reply
      .type('text/html; charset=utf-8')
      .send(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>API of Bulwark</title><style nonce="${nonceOf(reply)}">${STYLE}</style></head>
<body><main><h1>API of Bulwark ${escaped(version)}</h1>
<p>Programs send <code>Authorization: Bearer TOKEN</code>; an administrator makes tokens in the settings. Errors are
<code>application/problem+json</code>. Lists answer <code>next</code>, which goes back as <code>cursor</code>. As a document: <a href="/api/openapi.json">OpenAPI 3.1</a>.</p>
<nav aria-label="Contents">${content.links}</nav>${content.sections}</main></body></html>`);
  });
}
