import { FRAMEWORKS } from '@bulwark/controls';
import { AppError, type Control, type RequirementResult } from '@bulwark/core';
import { ownerKey, type Store } from '@bulwark/store';
import type { Handlers } from '../http/handler.ts';
import { standingByControl, standingOf } from './control-standing.ts';
import { scopeFor } from './convert.ts';
import { streamFrameworkReport } from './framework-report/stream.ts';
import { groupBy } from './group-by.ts';
import { judge, reasonOf, type Standing } from './judged-framework.ts';
import { KeptAnswers } from './kept-answers.ts';
import { ownerNamed } from './owner-names.ts';

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
  const found = counts.filter(({ control, open }) => open > 0 && controls.includes(control));
  const sumOf = (some: typeof found): number => some.reduce((sum, { open }) => sum + open, 0);
  return {
    id,
    title,
    verdict,
    reason: result.reason ?? reasonOf(result, byControl),
    controls: [...controls],
    findings: sumOf(found),
    owners: [...groupBy(found, ({ team }) => ownerKey(team))]
      .map(([key, own]) => ({ key, findings: sumOf(own), named: ownerNamed(own.map(({ team }) => team)) }))
      .sort((a, b) => b.findings - a.findings || (a.key < b.key ? -1 : 1))
      .map(({ findings, named }) => ({ ...named, findings })),
  };
}
