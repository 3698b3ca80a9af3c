import type { Role } from '@bulwark/api';
import { scopeOf } from '@bulwark/store';
import type { Caller } from '../access/caller.ts';
import type { RequestContext } from '../http/handler.ts';

/** What a handler knows when somebody asks at a moment; for tests. */
export function asking(now: Date, who: Partial<Caller> & { readonly role?: Role } = {}): RequestContext {
  const limits = who.limits ?? { clusters: 'all', namespaces: 'all' };
  const caller: Caller = {
    user: 'ann',
    person: who.user ?? 'ann',
    userId: 1,
    role: 'admin',
    limits,
    scope: scopeOf(limits),
    via: 'session',
    countedAs: 'session ann',
    csrf: '',
    expires: now,
    ...who,
  };
  return { caller, now, note: () => undefined } as Partial<RequestContext> as RequestContext;
}
