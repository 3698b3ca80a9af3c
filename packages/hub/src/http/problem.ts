import type { Problem } from '@bulwark/api';
import { APP_ERRORS, AppError, type AppErrorCode } from '@bulwark/core';
import { isAway, whyNothingIsTaken } from '@bulwark/store';
import { z } from 'zod';
import { type Fault, faultWords } from './fault-words.ts';

/** A refusal as RFC 9457 says it. Nothing of an unexpected error gets out but that it was one. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AppError) return fromCode(error.code, error.details);
  if (error instanceof z.ZodError) return invalid(error.issues);
  // One that answers and takes nothing is not called silent.
  if (isAway(error)) return fromCode('database-away', { detail: whyNothingIsTaken(error) });
  const validation = (error as { validation?: unknown }).validation;
  if (Array.isArray(validation)) return invalidRequest(validation);
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 413) return fromCode('too-large');
  if (status === 415) return fromCode('bad-media-type');
  if (status === 429) return fromCode('too-many-requests');
  if (typeof status === 'number' && status >= 400 && status < 500) return fromCode('bad-request');
  return fromCode('internal');
}

function fromCode(code: AppErrorCode, details: Readonly<Record<string, unknown>> = {}): Problem {
  const { status, title } = APP_ERRORS[code];
  const { detail, errors } = details as { detail?: string; errors?: Problem['errors'] };
  return {
    type: `https://bulwark.dev/problems/${code}`,
    title,
    status,
    code,
    ...(detail !== undefined && { detail }),
    ...(errors !== undefined && { errors }),
  };
}

/** All faults at once, but no answer that is larger than the question. */
const MOST_ERRORS = 100;

function invalid(issues: readonly z.core.$ZodIssue[]): Problem {
  return refusal(issues.map((issue) => ({ path: issue.path.join('.'), fault: issue })));
}

interface FaultAt {
  readonly path: string;
  readonly fault: Fault;
}

function refusal(faults: readonly FaultAt[]): Problem {
  const errors = faults
    .flatMap(ofEachKey)
    .slice(0, MOST_ERRORS)
    .map(({ path, fault }) => ({ path, message: faultWords(fault) }));
  return fromCode('bad-request', { errors });
}

/** What is not known is said of itself, and not of what it stands in. */
function ofEachKey({ path, fault }: FaultAt): readonly FaultAt[] {
  if (!Array.isArray(fault.keys)) return [{ path, fault }];
  return fault.keys.map((key) => ({ path: path === '' ? String(key) : `${path}.${String(key)}`, fault }));
}

/** What fastify-type-provider-zod makes of an issue of zod. */
interface Validation {
  readonly instancePath?: string;
  readonly keyword?: string;
  readonly message?: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

function invalidRequest(validation: readonly unknown[]): Problem {
  const faults = validation.map((entry): FaultAt => {
    const { instancePath = '', keyword: code, message, params } = entry as Validation;
    return { path: instancePath.slice(1).replaceAll('/', '.'), fault: { ...params, code, message } };
  });
  return refusal(faults);
}
