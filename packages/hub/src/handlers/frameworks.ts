import { FRAMEWORKS } from '@bulwark/controls';
import { AppError, type Control, type RequirementResult } from '@bulwark/core';
import type { Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { standingByControl, standingOf } from './control-standing.ts';
import { scopeFor } from './convert.ts';
import { streamFrameworkReport } from './framework-report/stream.ts';
import { judge, reasonOf, type Standing } from './judged-framework.ts';
import { KeptAnswers } from './kept-answers.ts';

/**
 * The frameworks, each requirement decided by what is stored of its controls.
 *
 * @param controls those that run.
 */
export function frameworkHandlers(
  store: Store,
  controls: readonly Control[],
  answers = new KeptAnswers(store),
): Handlers<'listFrameworks' | 'getFramework' | 'exportFramework'> {
  return {
    listFrameworks: async ({ query }, { caller }) => {
      const byControl = await standingByControl(store, scopeFor(caller, query.cluster, query.namespace), {
        controls,
        asOf: momentOf(query),
        answers,
      });
      return { items: FRAMEWORKS.map((framework) => judge(framework, { byControl }).item) };
    },
    getFramework: async ({ params, query }, { caller }) => {
      const framework = FRAMEWORKS.find(({ id }) => id === params.id);
      if (framework === undefined) throw new AppError('not-found');
      const standing = await standingOf(store, scopeFor(caller, query.cluster, query.namespace), {
        controls,
        asOf: momentOf(query),
        answers,
      });
      const { item, requirements } = judge(framework, standing);
      return { ...item, requirements: requirements.map((result) => requirementItem(result, standing)) };
    },
    exportFramework: ({ params, query }, context) =>
      streamFrameworkReport({ store, controls }, { ...query, id: params.id }, context),
  };
}

function momentOf({ asOf }: { readonly asOf?: string | undefined }): Date | undefined {
  return asOf === undefined ? undefined : new Date(asOf);
}

function requirementItem(result: RequirementResult, { byControl, counts }: Standing) {
  const { id, title, verdict, controls } = result;
  const byOwner = new Map<string, number>();
  for (const { control, team, open } of counts)
    if (open > 0 && controls.includes(control)) byOwner.set(team, (byOwner.get(team) ?? 0) + open);
  return {
    id,
    title,
    verdict,
    reason: result.reason ?? reasonOf(result, byControl),
    controls: [...controls],
    findings: [...byOwner.values()].reduce((sum, open) => sum + open, 0),
    owners: [...byOwner]
      .sort(([a, more], [b, less]) => less - more || (a < b ? -1 : 1))
      .map(([team, findings]) => ({ owner: team === '' ? null : team, findings })),
  };
}
