import type { RouteContract, RouteRequest, RouteResult } from './contract.ts';
import { ROUTES, type RouteId } from './routes.ts';
import { type Problem, problem } from './vocabulary.ts';

/** The part of `fetch` that the client needs, so that a page and a program can each bring their own. */
export type Send = (
  url: string,
  request: {
    readonly method: RouteContract['method'];
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The hub refused a request, or did not answer as it should. */
export class HubError extends Error {
  readonly problem: Problem;

  constructor(cause: Problem) {
    super(cause.detail ?? cause.title);
    this.problem = cause;
  }
}

/** The address of a route with its parameters and query filled in. */
export function addressOf(
  contract: RouteContract,
  params: Readonly<Record<string, unknown>> = {},
  query: Readonly<Record<string, unknown>> = {},
): string {
  const path = contract.path.replaceAll(/:(\w+)/g, (_whole, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = asked.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return search === '' ? path : `${path}?${search}`;
}

/**
 * A typed client of the hub. Answers are checked against the contract.
 *
 * @throws HubError for every answer that is none of the contract's.
 */
export class HubClient {
  private readonly send: Send;
  private readonly base: string;
  private readonly headers: () => Readonly<Record<string, string>>;

  /** @param headers what goes with every request: the token of a program, the CSRF token of a page. */
  constructor(send: Send, base: string, headers: () => Readonly<Record<string, string>> = () => ({})) {
    this.send = send;
    this.base = base;
    this.headers = headers;
  }

  async call<Id extends RouteId>(
    id: Id,
    request: RouteRequest<(typeof ROUTES)[Id]>,
  ): Promise<RouteResult<(typeof ROUTES)[Id]>> {
    const contract: RouteContract = ROUTES[id];
    const { params, query, body } = request as { params?: object; query?: object; body?: unknown };
    const address = addressOf(contract, { ...params }, { ...query });
    const answer = await this.send(this.base + address, {
      method: contract.method,
      headers: { accept: 'application/json', ...(body !== undefined && JSON_BODY), ...this.headers() },
      ...(body !== undefined && {
        body: contract.takesText && typeof body === 'string' ? body : JSON.stringify(body),
      }),
    });
    const text = await answer.text();
    if (answer.status >= 400) throw new HubError(problemOf(answer.status, text));
    return answerOf(contract, answer.status, text) as RouteResult<(typeof ROUTES)[Id]>;
  }
}

const JSON_BODY = { 'content-type': 'application/json' };

/** @throws HubError for what is no JSON, or not that of the contract: another version, or no hub. */
function answerOf({ response }: RouteContract, status: number, text: string): unknown {
  if (response === undefined) return undefined;
  try {
    const read = response.safeParse(JSON.parse(text));
    if (read.success) return read.data;
  } catch {
    // Not JSON: said below.
  }
  throw new HubError(unexpected(status, 'The hub answered what is not understood here.'));
}

/** What an answer says that is none of the contract's: the problem that it holds, else its status. */
export function problemOf(status: number, text: string): Problem {
  try {
    const read = problem.safeParse(JSON.parse(text));
    if (read.success) return read.data;
  } catch {
    // Not JSON: said below.
  }
  return unexpected(status, `The hub answered with status ${status}.`);
}

function unexpected(status: number, title: string): Problem {
  return { type: 'about:blank', title, status, code: 'unexpected-answer' };
}
